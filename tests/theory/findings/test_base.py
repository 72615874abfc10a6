"""Numbers and tables as text."""

import math

import pytest

from gan_cli.divergences import Estimate
from gan_cli.theory.findings.base import Expected, counted, number, percent, table


@pytest.mark.parametrize(
    ("found", "text"),
    [
        (Estimate(5e-11, 1e-15), "5e-11"),
        (Estimate(0.123456789, 2e-3), "0.123"),
        (Estimate(0.123456789, 0.5), "0.1"),
        (Estimate(2 / 3, 0.0), "0.666667"),
        (Estimate(2814.0, 430.0), "2800"),
        (Estimate(0.0, 1e-14), "0"),
        (Estimate(math.inf, 0.0), "inf"),
        (Estimate(1e200 / 3, 1e180), "3.33333e+199"),
    ],
)
def test_a_number_has_the_digits_that_its_error_warrants(found: Estimate, text: str) -> None:
    assert number(found) == text


@pytest.mark.parametrize(
    ("share", "text"),
    [
        (0.0, "0%"),
        (4e-9, "under 0.0001%"),
        (4.23e-5, "0.0042%"),
        (0.123, "12%"),
        (0.9999, "100%"),
        (1.5, "150%"),
    ],
)
def test_no_share_above_0_becomes_0(share: float, text: str) -> None:
    assert percent(share) == text


def test_a_table_aligns_its_columns() -> None:
    rows = table("<>>", ("", "JS", "at most"), ("start", "0.5", "1"), ("at the end", "-10.25", ""))
    assert list(rows) == [
        "                JS  at most",
        "start          0.5        1",
        "at the end  -10.25",
    ]


@pytest.mark.parametrize(
    ("told", "error", "holds"),
    [
        (Expected("JS", 0.5, (0.503, 1e-9), 0.01), 0.003, True),
        (Expected("JS", 0.5, (0.497, 1e-9), 0.001), 0.003, False),
        (Expected("JS", math.inf, (math.inf, 0.0)), 0.0, True),
        (Expected("KL", math.inf, (3.0, 0.0), 1.0), math.inf, False),
        (Expected("the largest rise", 0.0, (-1.0, 0.0), relation="<="), 0.0, True),
        (Expected("the largest rise", 0.0, (0.25, 0.0), relation="<="), 0.25, False),
        (Expected("the least gap", 0.0, (0.25, 0.0), relation=">="), 0.0, True),
        (Expected("the least gap", 0.0, (-0.25, 0.0), relation=">="), 0.25, False),
        (Expected("JS", 0.5, (math.nan, 0.0), 1.0), math.nan, False),
        (Expected("the least gap", 0.0, (math.nan, 0.0), relation=">="), math.nan, False),
    ],
)
def test_a_number_is_held_against_the_theory(told: Expected, error: float, holds: bool) -> None:
    assert told.error == pytest.approx(error, nan_ok=True)
    assert told.holds == holds


def test_no_zero_has_a_minus() -> None:
    assert number((-0.0, 0.0)) == "0"
    assert number((-0.0, 1e-9)) == "0"


def test_one_is_no_plural() -> None:
    assert [counted(n, "step") for n in (0, 1, 2000)] == ["0 steps", "1 step", "2,000 steps"]
