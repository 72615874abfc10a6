"""What is said of D's estimates that are too low to be divergences."""

import math

import pytest

from gan_cli import estimates


@pytest.mark.parametrize(
    ("tag", "value", "low"),
    [
        ("divergence/jensen_shannon", -1e-9, True),
        ("divergence/jensen_shannon", 0.0, False),
        ("divergence/wasserstein_1", -2, True),
        ("divergence/wasserstein_1", math.nan, False),
        ("divergence/wasserstein_1", "nan", False),
        ("divergence/wasserstein_1", None, False),
        ("truth/wasserstein_1", -1.0, False),
        ("loss/generator", -1.0, False),
    ],
)
def test_only_an_estimate_below_zero_is_too_low(tag: str, value: object, low: bool) -> None:
    assert estimates.is_too_low(tag, value) == low
    assert estimates.marked("x", tag, value) == ("x*" if low else "x")


def test_a_divergence_that_can_be_below_zero_has_its_own_least_value(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(estimates.LEAST, "shifted", -1.5)
    assert not estimates.is_too_low("divergence/shifted", -1.0)
    assert estimates.is_too_low("divergence/shifted", -1.6)


def test_the_mark_is_explained_where_it_stands() -> None:
    assert estimates.explained(["1", "2"]) == []
    [line] = estimates.explained(["1", "-2*", "-3*"])
    assert line.startswith("* below 0, which no divergence is: ")
