"""Dashes and quotes of slides are told with those of a keyboard."""

from pathlib import Path

import pytest

from gan_cli.cli import app, keyboard
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
        ("steps=20\N{NARROW NO-BREAK SPACE}000", "steps=20000"),
        ("lr=1e\N{MINUS SIGN}3", "lr=1e-3"),
        ("lr=1.E\N{EN DASH}3", "lr=1.E-3"),
        ("normal(\N{MINUS SIGN}1,\N{EN DASH}.5)", "normal(-1,-.5)"),
        ("\N{MINUS SIGN}0.5", "-0.5"),
        ("--dry\N{NON-BREAKING HYPHEN}run", "--dry-run"),
        ("data\N{SOFT HYPHEN}set=ri\N{ZERO WIDTH SPACE}ng", "dataset=ring"),
        ("\N{EN DASH}\N{EN DASH}p", "--p"),
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
        (["train", "k=0", "dataset=ring\N{NO-BREAK SPACE}k=1"], "gan train k=0 dataset=ring k=1"),
        (["train\N{NO-BREAK SPACE}dataset=ring"], "gan train dataset=ring"),
        (["theory", "bias\N{NARROW NO-BREAK SPACE}--seed", "1"], "gan theory bias --seed 1"),
        (["data", "fetch\N{NO-BREAK SPACE}mnist"], "gan data fetch mnist"),
        (["train", "hydra=my\N{NO-BREAK SPACE}own"], "gan train 'hydra=my own'"),
        (
            ["theory", "optimal-discriminator", "\N{EM DASH}p", "normal(0,1)"],
            "gan theory optimal-discriminator --p 'normal(0,1)'",
        ),
        (["train", "k=\N{MINUS SIGN}1"], "gan train k=-1"),
        (["train", "dataset=r\N{SOFT HYPHEN}ing"], "gan train dataset=ring"),
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
    assert keyboard.line(words, "k=0: must be at least 1.", app) == []


def test_a_name_that_there_is_stays_as_it_is(empty: Path) -> None:
    name = "at\N{NARROW NO-BREAK SPACE}9.png"
    (empty / name).touch()
    assert keyboard.line(["sample", name], f"{name}: this is no run.", app) == []
