"""Words that a command takes no more of are told with the command line that was meant."""

from pathlib import Path

import pytest

from tests.conftest import Command


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (
            ["theory", "divergences", "--out", "slides/lecture", "1/a"],
            "A value with spaces belongs in quotes: "
            "gan theory divergences --out 'slides/lecture 1/a'",
        ),
        (
            ["theory", "divergences", "--out=my", "own", "slides", "--json"],
            "A value with spaces belongs in quotes: "
            "gan theory divergences '--out=my own slides' --json",
        ),
        (
            ["theory", "divergences", "--p", "normal", "0", "1"],
            "A value with brackets belongs in quotes, as in --p 'normal(0,1)'",
        ),
        (
            ["theory", "dynamics", "--method", "r1", "unrolled", "--json"],
            "Each is an option of its own: "
            "gan theory dynamics --method r1 --method unrolled --json",
        ),
        (["sample", "my", "run"], "A name with spaces belongs in quotes: gan sample 'my run'"),
        (
            ["describe", "objective", "wgan"],
            "A choice is written with its group: gan describe objective=wgan",
        ),
        (
            ["describe", "wgan", "k"],
            "gan describe tells of one at a time: gan describe wgan, then gan describe k",
        ),
        (
            ["list", "--json", "objective", "wgan"],
            "A choice is written with its group: gan describe objective=wgan",
        ),
        (
            ["runs", ".", "k=5", "seed=1"],
            "Each condition is an option of its own: gan runs . --where k=5 --where seed=1",
        ),
        (
            ["runs", ".", "--where", "k=5", "seed=1", "--csv"],
            "Each condition is an option of its own: gan runs . --where k=5 --where seed=1 --csv",
        ),
        (
            ["sample", "latest", "seed=3", "--count", "4"],
            "An option is written with dashes: gan sample latest --seed 3 --count 4",
        ),
        (
            ["export", "latest", "here"],
            "Where it is written is an option: gan export latest --out here",
        ),
    ],
)
def test_what_was_meant_is_told(words: list[str], told: str, gan: Command, empty: Path) -> None:
    (empty / "my run").mkdir()
    assert gan(*words) == (2, "", f"gan: {told}\n")


def test_a_number_is_whole_without_the_word_that_follows(gan: Command) -> None:
    told = "Got unexpected extra argument(s) (9). 'gan theory figure1 --help' tells more."
    assert gan("theory", "figure1", "--steps", "100", "9") == (2, "", f"gan: {told}\n")
