"""The birthday test, on draws from supports that are known."""

import math

import numpy as np
import pytest

from gan_cli.datasets.base import Modes, scaled
from gan_cli.datasets.digits import Digits
from gan_cli.datasets.ring import Ring
from gan_cli.divergences import Estimate
from gan_cli.theory.birthday import (
    Birthday,
    Support,
    birthday,
    collision_of_modes,
    in_batches,
    neighbours,
    support,
    tolerance_of_examples,
    tolerance_of_modes,
)
from gan_cli.theory.findings.birthday import expected_share, findings, verdict
from gan_cli.theory.findings.nearest_pairs import nearest_pairs

RING = Modes(*(np.asarray(part, np.float64) for part in Ring().modes()))


def draws(modes: Modes, rng: np.random.Generator, n: int) -> np.ndarray:
    which = rng.choice(len(modes.weights), n, p=modes.weights)
    return modes.centres[which] + modes.std[which, None] * rng.normal(size=(n, 2))


def counts_of(numbers: np.ndarray) -> np.ndarray:
    return np.asarray((numbers[:, None] == numbers).sum(axis=1) - 1)


@pytest.fixture(scope="module")
def found() -> Birthday:
    """A generator with a discrete latent: it knows 300 points of the plane, and no others."""
    rng = np.random.default_rng(0)
    known = draws(RING, rng, 300)
    tolerance = 1e-4
    exact = collision_of_modes(RING, tolerance)
    return birthday(known[rng.integers(0, 300, 1500)], draws(RING, rng, 1500), tolerance, exact)


def test_a_generator_with_a_discrete_latent(found: Birthday) -> None:
    low, high = found.generator.low, found.generator.high
    assert low < 300 < high
    assert high / low < 1.3
    assert abs(found.generator.size - 300) < 30
    np.testing.assert_allclose(found.generator.draws, math.sqrt(2 * 300 * math.log(2)), rtol=0.05)
    assert verdict(found) == ["G has fewer different samples than the data: it repeats itself."]


def test_batches_hold_a_pair_half_of_the_time(found: Birthday) -> None:
    assert found.batches is not None
    assert found.batches.size == round(found.generator.draws)
    share, error = found.batches.share
    assert abs(share - expected_share(found)) < 4 * error
    assert abs(expected_share(found) - 0.5) < 0.03
    assert in_batches(found.samples, 1e-4, 1e5) is None


def test_a_finite_data_set_has_as_many_as_it_has() -> None:
    data = Digits()
    real = scaled(data.split("train").examples, data.levels)
    rng = np.random.default_rng(1)
    near = neighbours(real[rng.integers(0, len(real), 2000)], 0.01)
    estimate = support(near.counts)
    assert estimate.low < len(real) < estimate.high
    assert neighbours(real, 0.01).counts.sum() == 0


def test_the_interval_covers_an_uneven_support() -> None:
    rng = np.random.default_rng(2)
    p = rng.dirichlet(np.full(200, 0.4))
    size = 1 / (p**2).sum()
    held = 0
    for _ in range(100):
        estimate = support(counts_of(rng.choice(200, 400, p=p)))
        held += estimate.low < size < estimate.high
    assert held >= 88


def test_no_pair_gives_a_lower_bound() -> None:
    estimate = support(np.zeros(1000, int))
    assert (estimate.size, estimate.high) == (math.inf, math.inf)
    np.testing.assert_allclose(estimate.low, 499_500 / 3.689, rtol=1e-3)


def test_a_collapse_to_one_point() -> None:
    same = birthday(np.zeros((300, 2)), draws(RING, np.random.default_rng(3), 300), 0.005)
    assert same.generator.size == 1
    assert same.batches is not None
    assert same.batches.share.value == 1
    assert "it repeats itself" in verdict(same)[0]


@pytest.mark.parametrize("tolerance", [0.005, 0.05, 1.0])
def test_the_probability_of_modes_is_that_of_draws(tolerance: float) -> None:
    rng = np.random.default_rng(4)
    x, y = draws(RING, rng, 400_000), draws(RING, rng, 400_000)
    within = np.linalg.norm(x - y, axis=1) <= tolerance
    exact = collision_of_modes(RING, tolerance)
    assert abs(within.mean() - exact) < 4 * math.sqrt(exact / 400_000)


def test_one_mode_in_closed_form() -> None:
    one = Modes(np.zeros((1, 2)), np.array([2.0]), np.array([1.0]))
    np.testing.assert_allclose(collision_of_modes(one, 0.5), 1 - math.exp(-(0.5**2) / 16))


def test_neighbours_are_those_of_a_plain_loop() -> None:
    x = np.random.default_rng(5).normal(size=(60, 3))
    near = neighbours(x, 0.7)
    for i in range(60):
        apart = [np.linalg.norm(x[i] - x[j]) if i != j else np.inf for j in range(60)]
        assert near.counts[i] == sum(each <= 0.7 for each in apart)
        assert near.partners[i] == int(np.argmin(apart))
        np.testing.assert_allclose(near.distances[i], min(apart))
    pairs = nearest_pairs(near, 5)
    assert len(set(pairs.ravel().tolist())) == 2 * len(pairs)


def test_the_tolerances() -> None:
    assert tolerance_of_modes(RING) == pytest.approx(0.005)
    line = np.arange(100.0)[:, None]
    assert tolerance_of_examples(line) == pytest.approx(0.5)
    assert 0 < tolerance_of_examples(np.repeat([[0.0], [1.0]], 50, axis=0)) < 1e-4


def test_what_is_told(found: Birthday) -> None:
    numbers, lines, pictures, *_ = findings("run, step 3", "chosen here", found)
    assert numbers["generator"]["low"] < 300 < numbers["generator"]["high"]
    assert numbers["tolerance"] == 1e-4
    assert lines[0] == "run, step 3."
    assert any(line.startswith("data, exact") for line in lines)
    assert pictures["birthday.png"].startswith(b"\x89PNG")


def test_a_pair_needs_two_draws() -> None:
    assert Support(10, 45, Estimate(1.0, 0.0), low=1.0, high=1.0).draws == 2
