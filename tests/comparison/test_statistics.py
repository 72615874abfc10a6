"""Means over seeds with their intervals, and differences seed by seed."""

import numpy as np
import pytest
import scipy.stats

from gan_cli.comparison.groups import grouped
from gan_cli.comparison.run import read
from gan_cli.comparison.statistics import spread
from tests.comparison.configured import Make, config


def test_the_interval_is_students(make: Make) -> None:
    values = [1.0, 2.5, 2.0, 4.5]
    paths = [make(str(i), config(i), {"m": v}) for i, v in enumerate(values)]
    [group] = grouped([read(path) for path in paths])
    found = group.metrics["m"]
    low, high = scipy.stats.t.interval(0.95, 3, loc=np.mean(values), scale=scipy.stats.sem(values))
    assert found == (pytest.approx(2.5), pytest.approx(low), pytest.approx(high), 4, None)
    assert (group.name, group.differences) == ("all runs", {})


def test_one_run_has_no_interval(make: Make) -> None:
    [group] = grouped([read(make("a", config(0), {"m": 3.0}))])
    assert group.metrics["m"] == (3.0, None, None, 1, None)


def test_differences_are_taken_over_equal_seeds(make: Make) -> None:
    first = {0: 1.0, 1: 5.0, 2: 9.0}
    second = {1: 6.0, 2: 12.0, 7: 100.0}
    runs = [
        read(make(f"{k}-{seed}", config(seed, k=k), {"m": value}))
        for k, values in ((1, first), (5, second))
        for seed, value in values.items()
    ]
    _, other = grouped(runs)
    found = other.differences["m"]
    test = scipy.stats.ttest_rel([6.0, 12.0], [5.0, 9.0]).confidence_interval(0.95)
    assert found == (
        pytest.approx(2.0),
        pytest.approx(test.low),
        pytest.approx(test.high),
        2,
        None,
    )


@pytest.mark.parametrize(
    ("own", "others", "bound"),
    [(0, 0, None), (1, 0, "lower"), (0, 1, "upper"), (1, 1, "unknown")],
)
def test_a_difference_is_known_as_far_as_both_numbers_are(
    own: int, others: int, bound: str | None, make: Make
) -> None:
    """In each of two groups one seed of two may have a lower bound of the truth alone."""

    def metrics(value: float, limit: int) -> dict[str, float]:
        return {"truth/kl": value, "at_least/kl": limit, "loss": value}

    runs = [
        read(make(f"{k}-{seed}", config(seed, k=k), metrics(value, limit * seed)))
        for k, limit, values in ((1, others, (1.0, 2.0)), (5, own, (4.0, 7.0)))
        for seed, value in enumerate(values)
    ]
    first, second = grouped(runs)
    mean, low, high, n, kind = second.metrics["truth/kl"]
    assert (mean, n, kind, high is None) == (5.5, 2, "lower" if own else None, bool(own))
    assert low is not None
    assert (first.metrics["truth/kl"].bound == "lower") is bool(others)
    assert second.differences["loss"].bound is None
    if bound == "unknown":
        assert "truth/kl" not in second.differences
        return
    found = second.differences["truth/kl"]
    assert (found.mean, found.bound) == (4.0, bound)
    assert (found.low is None, found.high is None) == (bound == "upper", bound == "lower")


def test_what_is_not_a_number_or_not_in_all_runs_is_left_out(make: Make) -> None:
    runs = [
        read(make("a", config(0), {"m": 1.0, "bad": "nan", "own": 2.0})),
        read(make("b", config(1), {"m": 2.0, "bad": 1.0})),
    ]
    [group] = grouped(runs)
    assert list(group.metrics) == ["m"]


@pytest.mark.parametrize("seeds", [2, 4, 5, 9])
def test_few_seeds_have_a_range_and_others_an_interval(seeds: int) -> None:
    values = np.random.default_rng(0).normal(size=(seeds, 3))
    low, high = spread(values)
    expected = (values.min(axis=0), values.max(axis=0))
    if seeds >= 5:
        mean, error = values.mean(axis=0), scipy.stats.sem(values)
        expected = scipy.stats.t.interval(0.95, seeds - 1, loc=mean, scale=error)
    np.testing.assert_allclose((low, high), expected)
