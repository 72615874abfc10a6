"""Dashes and quotes of slides are told with those of a keyboard."""

import pytest

from gan_cli.cli import keyboard
from tests.conftest import Command


@pytest.mark.parametrize(
    ("word", "typed"),
    [
        ("\N{EN DASH}m", "-m"),
        ("\N{EM DASH}epochs", "--epochs"),
        ("\N{EN DASH}-tag=x", "--tag=x"),
        ("-\N{EN DASH}tag", "--tag"),
        (
            "\N{LEFT DOUBLE QUOTATION MARK}dataset=ring\N{RIGHT DOUBLE QUOTATION MARK}",
            "dataset=ring",
        ),
        (
            "objective=\N{LEFT SINGLE QUOTATION MARK}wgan\N{RIGHT SINGLE QUOTATION MARK}",
            "objective=wgan",
        ),
        ("k=5\N{NO-BREAK SPACE}", "k=5"),
        ("dataset.path=Anna\N{RIGHT SINGLE QUOTATION MARK}s.npy",) * 2,
        ("seed=1\N{EN DASH}3",) * 2,
        ("\N{EN DASH}",) * 2,
        ("--tag",) * 2,
    ],
)
def test_a_word_as_a_keyboard_has_it(word: str, typed: str) -> None:
    assert keyboard.typed(word) == typed


@pytest.mark.parametrize(
    ("words", "typed"),
    [
        (["train", "\N{EN DASH}m", "k=1,5"], "gan train -m k=1,5"),
        (
            ["train", "k=0", "objective=\N{LEFT SINGLE QUOTATION MARK}wgan"],
            "gan train k=0 objective=wgan",
        ),
        (["runs", "\N{EM DASH}json"], "gan runs --json"),
        (["runs", "\N{EM DASH}where", "k=3"], "gan runs --where k=3"),
        (["\N{EM DASH}version"], "gan --version"),
    ],
)
def test_any_command_tells_the_line_of_a_keyboard(
    words: list[str], typed: str, gan: Command
) -> None:
    status, out, err = gan(*words)
    assert (status, out) == (2, "")
    assert err.count("gan runs ") <= 1
    assert err.endswith(f" With the dashes, quotes and spaces of a keyboard: {typed}\n")


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (
            ["train", "\N{EM DASH}iters", "10"],
            "--iters is no option. Settings are written without dashes: gan train steps=10",
        ),
        (
            [
                "train",
                "\N{EM DASH}resume",
                "my run",
                "\N{EN DASH}-steps",
                "9",
                "\N{EN DASH}lr",
                "-k",
                "2",
            ],
            "--steps is no option. Settings are written without dashes: "
            "gan train --resume 'my run' steps=9 optimizer.learning_rate=VALUE k=2",
        ),
        (
            ["runs", "\N{EM DASH}jsn"],
            "--jsn is no option. Did you mean '--json'? 'gan runs --help' tells more.",
        ),
    ],
)
def test_what_is_no_option_either_is_told_as_if_it_had_been_typed(
    words: list[str], told: str, gan: Command
) -> None:
    assert gan(*words) == (2, "", f"gan: {told}\n")


def test_an_error_of_something_else_says_nothing_of_them() -> None:
    words = ["train", "k=0", "objective=\N{LEFT SINGLE QUOTATION MARK}wgan"]
    assert keyboard.line(words, "k=0: must be at least 1.") == []
