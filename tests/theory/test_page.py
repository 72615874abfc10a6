"""The page of the course holds every statement, picture and number, and needs no other file."""

import base64

from gan_cli.theory.findings.base import Expected, Findings
from gan_cli.theory.page import Section, page

PICTURE = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg=="
)
FOUND = Findings(
    {"x": 2.0},
    ["x < 2 & more"],
    {"x.png": PICTURE},
    [Expected("x", 2.0, (2.0, 0.0)), Expected("y: at most 1", 1.0, (1.5, 0.0), relation="<=")],
    {"x.png": "What x < 2 is."},
)
SECTION = Section("first", ["gan train y", "gan theory first"], ["Show x.", "It is <x>."], FOUND)


def test_everything_is_there_and_nothing_comes_from_elsewhere() -> None:
    made = page([SECTION])
    assert made.count("data:image/png;base64,") == 1
    assert base64.b64encode(PICTURE).decode() in made
    for text in (
        "x &lt; 2 &amp; more",
        "It is &lt;x&gt;.",
        "gan train y<br>gan theory first",
        "What x &lt; 2 is.",
    ):
        assert text in made
    assert "http" not in made
    assert "Not finished" not in made


def test_a_number_that_is_off_is_marked() -> None:
    rows = page([SECTION]).split("<tr>")
    assert ["number off" in row for row in rows if "#first" in row and "<td" in row] == [
        False,
        True,
    ]
    assert "at most 1" in rows[-1]
    assert "5.0e-01" in rows[-1]


def test_what_is_missing_and_what_is_a_trial_is_said() -> None:
    made = page([SECTION], ["second", "third"], quick=True)
    assert "Missing: second, third." in made
    assert "A trial." in made
