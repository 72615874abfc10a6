"""The bins of a comparison hold the mixture's mass, however small it is."""

import math
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from scipy import stats

from gan_cli.datasets.base import Modes
from gan_cli.datasets.gaussian import Gaussian
from gan_cli.datasets.ring import Ring
from gan_cli.theory.live_bins import RINGS, edges, in_grid, log_masses, numbers, too_wide

RNG = np.random.default_rng(0)
ONE = Modes(np.array([[0.0]]), np.array([1.0]), np.array([1.0]))


def modes(dataset: Any) -> Modes:
    return Modes(*(np.asarray(part, np.float64) for part in dataset.modes()))


@pytest.mark.parametrize("dataset", [Gaussian(), Ring(), Ring(std=0.2, count=3)])
def test_the_masses_are_those_of_the_density(dataset: Any) -> None:
    known = modes(dataset)
    bins = edges(known)
    p = np.exp(log_masses(known, bins))
    grid = in_grid(bins)
    assert p.sum() == pytest.approx(1)
    assert p[grid:].sum() < 1e-7
    assert len(p) == np.prod([len(e) - 1 for e in bins]) + RINGS == grid + RINGS
    centres = np.stack(np.meshgrid(*[(e[1:] + e[:-1]) / 2 for e in bins], indexing="ij"), -1)
    cell = np.prod([e[1] - e[0] for e in bins])
    flat = jnp.asarray(centres.reshape(-1, len(bins)))
    density = np.exp(np.asarray(dataset.log_prob(flat)))
    assert np.abs(p[:grid] - density * cell).sum() < 0.05, "the midpoint rule, roughly"
    samples = np.asarray(dataset.sample(jax.random.key(0), 100_000))
    counts = np.bincount(numbers(samples, bins), minlength=len(p))
    seen = p * 100_000 > 50
    z = (counts[seen] - 100_000 * p[seen]) / np.sqrt(100_000 * p[seen])
    assert 0.7 < z.std() < 1.3


def test_what_is_outside_the_grid_is_in_the_ring_that_reaches_so_far() -> None:
    bins = [np.array([-2.0, 0, 2]), np.array([-1.0, 1])]
    points = np.array([[-1, 0.5], [1, 0.5], [2.5, 0], [0, -1.5], [-9, 9], [0, 0], [math.nan, 0]])
    assert numbers(points, bins).tolist() == [0, 1, 2, 2, 2 + 3, 1, 2 + RINGS - 1]


def test_masses_far_out_are_exact_on_both_sides() -> None:
    """Inside and outside of the grid, also where float64 does not hold them."""
    found = log_masses(ONE, [np.array([-90.0, -60, -20, 20, 60, 90])])
    assert found[:5] == pytest.approx(found[:5][::-1], rel=1e-12)
    assert found[1] == pytest.approx(stats.norm.logsf(20), rel=1e-12)
    assert found[0] == pytest.approx(stats.norm.logsf(60), rel=1e-12)
    assert found[0] < math.log(5e-324), "no float64 is as small as this mass"
    assert found[5] == pytest.approx(stats.norm.logsf(90) + math.log(2), rel=1e-9)
    assert found[-1] == pytest.approx(stats.norm.logsf(90 * 2.0 ** (RINGS - 1)), rel=1e-9)


def test_the_ring_around_a_plane_has_what_is_beyond_any_of_its_sides() -> None:
    known = Modes(np.array([[0.0, 0.0]]), np.array([1.0]), np.array([1.0]))
    found = np.exp(log_masses(known, [np.array([-4.0, 4]), np.array([-4.0, 4])]))
    assert found[1:].sum() == pytest.approx(1 - (1 - 2 * stats.norm.sf(4)) ** 2, rel=1e-4)


@pytest.mark.parametrize(("std", "expected"), [(0.5, False), (0.02, False), (0.002, True)])
def test_bins_are_too_wide_for_what_is_much_narrower(std: float, expected: bool) -> None:
    bins = edges(modes(Gaussian()))
    points = RNG.normal(-1.501, std, (5000, 1))
    assert (bins[0][1] - bins[0][0]) == pytest.approx(0.03)
    assert too_wide(points, bins) == expected
    assert not too_wide(points + 1000, bins), "no point is in the grid"
