"""A command line that was pasted with too much is told without it."""

import pytest

from gan_cli.cli import pasted
from tests.conftest import Command

IN_ONE = "A backslash breaks a line only as its last character. In one line:"


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["train", "k=1", "\\", "seed=2"], f"{IN_ONE} gan train k=1 seed=2"),
        (["train", "k=1", " ", "seed=2"], f"{IN_ONE} gan train k=1 seed=2"),
        (["train", "k=1", " seed=2", "\r"], f"{IN_ONE} gan train k=1 seed=2"),
        (["theory", "\\", "bias"], f"{IN_ONE} gan theory bias"),
        (["runs", "\\", "--json"], f"{IN_ONE} gan runs --json"),
        (["gan", "train", "tag=a b"], "'gan' stands there twice: gan train 'tag=a b'"),
        (["$", "gan", "runs"], "'gan' stands there twice: gan runs"),
        (
            ["%", "runs", "--json"],
            "'%' is the prompt of a shell and no part of the command: gan runs --json",
        ),
    ],
)
def test_a_pasted_line(words: list[str], told: str, gan: Command) -> None:
    assert gan(*words) == (2, "", f"gan: {told}\n")


@pytest.mark.parametrize(
    ("told", "words"),
    [
        ("k=0: must be at least 1.", ["train", "k=0", "\\"]),
        ("No such command 'gan'.", ["gan"]),
        ("No such command 'gann'.", ["gann", "train"]),
        ("gan: no such run directory.", ["sample", "gan"]),
    ],
)
def test_other_errors(told: str, words: list[str]) -> None:
    assert pasted.meant(told, words) is None
