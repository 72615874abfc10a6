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
    assert estimates.marked("x", tag, {tag: value}) == ("x*" if low else "x")


def test_a_divergence_that_can_be_below_zero_has_its_own_least_value(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(estimates.LEAST, "shifted", -1.5)
    assert not estimates.is_too_low("divergence/shifted", -1.0)
    assert estimates.is_too_low("divergence/shifted", -1.6)


@pytest.mark.parametrize("start", ["divergence/", "truth/", "floor/"])
@pytest.mark.parametrize("name", ["energy", "mmd", "energy_of_outputs", "mmd_of_outputs"])
def test_an_unbiased_estimate_is_below_zero_by_chance(start: str, name: str) -> None:
    tag = f"{start}{name}"
    assert estimates.is_too_low(tag, -1e-3)
    assert estimates.reason(tag, -1e-3).startswith("below 0 by chance: the estimate is unbiased")
    assert estimates.marked("x", tag, {tag: -1e-3}) == "x~"
    assert estimates.marked("x", tag, {tag: 1e-3}) == "x"


def test_a_truth_at_its_floor_cannot_be_told_from_none() -> None:
    values = {"truth/kl": 0.003, "floor/kl": 0.0021, "truth/mmd": 0.2, "floor/mmd": -0.1}
    assert estimates.marked("x", "truth/kl", values) == "x~"
    assert estimates.marked("x", "truth/kl", values | {"truth/kl": 0.0032}) == "x"
    assert estimates.marked("x", "truth/mmd", values) == "x"
    assert estimates.marked("x", "floor/kl", values) == "x"
    assert estimates.marked("x", "truth/kl", {"truth/kl": "inf", "floor/kl": 0.0021}) == "x"


def test_a_truth_that_is_a_lower_bound_says_at_least() -> None:
    values = {"truth/kl": 6.9, "floor/kl": 0.003, "divergence/kl": 40.0}
    assert estimates.marked("6.9", "truth/kl", values | {"at_least/kl": 1.0}) == "at least 6.9"
    assert estimates.marked("6.9", "truth/kl", values | {"at_least/kl": 0.2}) == "at least 6.9"
    assert estimates.marked("6.9", "truth/kl", values | {"at_least/kl": 0.0}) == "6.9"
    assert estimates.marked("40", "divergence/kl", values | {"at_least/kl": 1.0}) == "40"
    [line] = estimates.explained(["1", "at least 6.9"])
    assert line.startswith("at least: the true divergence may be far more. G draws too few")


@pytest.mark.parametrize(
    ("tag", "begins"),
    [
        ("divergence/kl", "D's own estimate of this divergence from one minibatch."),
        ("truth/kl", "The true divergence of G's samples from the data"),
        ("truth/value_at_optimum", "The value of the game"),
        ("floor/kl", "What the estimate of truth/ of the same name finds for fresh samples"),
        ("at_least/kl", "1 where truth/ of the same name is a lower bound"),
    ],
)
def test_a_scalar_whose_name_could_mislead_is_described(tag: str, begins: str) -> None:
    assert (estimates.description(tag) or "").startswith(begins)
    assert estimates.description("loss/generator") is None


def test_the_mark_is_explained_where_it_stands() -> None:
    assert estimates.explained(["1", "2"]) == []
    below, noise = estimates.explained(["1", "-2*", "-3*", "0.1~"])
    assert below.startswith("* below 0, which no divergence is: ")
    assert noise.startswith("~ no more than noise: below 0 by chance, ")
