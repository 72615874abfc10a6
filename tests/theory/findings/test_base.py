"""Numbers and tables as text."""

import math

import pytest

from gan_cli.divergences import Estimate
from gan_cli.theory.findings.base import number, table


@pytest.mark.parametrize(
    ("found", "text"),
    [
        (Estimate(5e-11, 1e-15), "5e-11"),
        (Estimate(0.123456789, 2e-3), "0.123"),
        (Estimate(0.123456789, 0.5), "0.1"),
        (Estimate(2 / 3, 0.0), "0.666667"),
        (Estimate(0.0, 1e-14), "0"),
        (Estimate(math.inf, 0.0), "inf"),
        (Estimate(1e200 / 3, 1e180), "3.33333e+199"),
    ],
)
def test_a_number_has_the_digits_that_its_error_warrants(found: Estimate, text: str) -> None:
    assert number(found) == text


def test_a_table_aligns_its_columns() -> None:
    rows = table("<>>", ("", "JS", "at most"), ("start", "0.5", "1"), ("at the end", "-10.25", ""))
    assert list(rows) == [
        "                JS  at most",
        "start          0.5        1",
        "at the end  -10.25",
    ]
