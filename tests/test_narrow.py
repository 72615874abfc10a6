"""Text and tables in a narrow terminal: every word is whole, and none is lost."""

import pytest

from gan_cli.narrow import fitted, sentences

TEXT = [
    "The best D is that of the two densities, and its value is never below that of any",
    "other D.",
    "p = normal(0,1)",
    "",
    "method                           |step|      fitted  near (0, 0)",
    "simultaneous                  1.0012492   1.0012492  diverges",
    "consensus (gamma 1, a rate)   0.9762812              converges, but not from afar",
    "  and 3 more with --json",
    "                              0.5         0.5000000  converges",
    "That is all.",
    "",
    "|step|    the spectral radius of one step in closed form, where below 1 it converges to",
    "          the equilibrium.",
]


def test_sentences_are_broken_anew_and_a_table_becomes_blocks(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("COLUMNS", "50")
    assert fitted(TEXT) == [
        "The best D is that of the two densities, and its",
        "value is never below that of any other D.",
        "p = normal(0,1)",
        "",
        "method simultaneous",
        "  |step|       1.0012492",
        "  fitted       1.0012492",
        "  near (0, 0)  diverges",
        "method consensus (gamma 1, a rate)",
        "  |step|       0.9762812",
        "  near (0, 0)  converges, but not from afar",
        "and 3 more with --json",
        "method consensus (gamma 1, a rate)",
        "  |step|       0.5",
        "  fitted       0.5000000",
        "  near (0, 0)  converges",
        "That is all.",
        "",
        "|step|    the spectral radius of one step in",
        "          closed form, where below 1 it converges",
        "          to the equilibrium.",
    ]


def test_what_fits_and_what_goes_into_a_pipe_stays(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "100")
    assert fitted(TEXT) == TEXT
    monkeypatch.delenv("COLUMNS")
    assert fitted(TEXT) == TEXT


def test_what_is_to_be_copied_is_never_broken(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "30")
    command = "continue  gan train --resume 'outputs/of several words'"
    assert fitted([command]) == [command]
    path = "run       outputs/of several words and more"
    assert sentences(f"The samples lie where the data lie.\n{path}\n") == (
        f"The samples lie where the data\nlie.\n{path}"
    )
