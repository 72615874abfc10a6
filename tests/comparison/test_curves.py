"""A scalar over the steps that all runs logged."""

import numpy as np
import pytest
import scipy.stats

from gan_cli.comparison.curves import bounded, curve
from gan_cli.comparison.run import read
from gan_cli.comparison.statistics import band
from tests.comparison.configured import Make, config


def test_the_steps_at_which_a_scalar_is_a_lower_bound_in_any_run(make: Make) -> None:
    rows = {"truth/kl": [1.0, 2.0, 3.0], "loss": [1.0, 2.0, 3.0]}
    runs = [
        read(make(name, config(0), {}, **rows, **{"at_least/kl": limits}))
        for name, limits in (("a", [0.0, 1.0, 0.0]), ("b", [0.0, 0.0, 1.0]))
    ]
    assert list(bounded(runs, "truth/kl", [0, 10, 20])) == [False, True, True]
    assert not bounded(runs, "loss", [0, 10, 20]).any()
    assert bounded(runs, "truth/kl", []).shape == (0,)


def test_curves_have_the_steps_that_all_runs_logged(make: Make) -> None:
    runs = [
        read(make("a", config(0), {}, x=[1.0, 2.0, 3.0])),
        read(make("b", config(1), {}, x=[3.0, 6.0])),
    ]
    steps, values = curve(runs, "x")
    np.testing.assert_array_equal(steps, [0, 10])
    np.testing.assert_array_equal(values, [[1, 2], [3, 6]])
    low, high = band(values)
    np.testing.assert_allclose((low + high) / 2, [2, 4])
    expected = scipy.stats.t.interval(0.95, 1, loc=2, scale=scipy.stats.sem([1, 3]))
    assert (low[0], high[0]) == pytest.approx(expected)
