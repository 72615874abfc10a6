"""What biases three losses, by closed forms, by enumeration and by networks that are trained."""

import math
from collections.abc import Iterator

import numpy as np
import pytest

from gan_cli.divergences import Discrete, Normal, compare, energy, wasserstein
from gan_cli.theory.memorised_points import LOOKS, Memorised, memorised
from gan_cli.theory.penalised_critics import Penalised, penalised
from gan_cli.theory.sampled_losses import sampled
from tests.compiling import unoptimized

APART = np.array([[0.0, 1.0], [1.0, 0.0]])


@pytest.fixture(scope="module", autouse=True)
def _quick() -> Iterator[None]:
    """Compiles without optimizations, which would take longer than the training."""
    with unoptimized():
        yield


def test_trained_critics_are_as_biased_as_the_closed_form_says() -> None:
    found = penalised(3, 1.0, 10.0)
    np.testing.assert_allclose(found.distances, [0.25, 0.5, 0.75, 1.0])
    assert found.expected_estimates[-1] == pytest.approx(1.05)
    assert found.expected_values[-1] == pytest.approx(1.025)
    assert found.estimates[-1] == pytest.approx(1.05, rel=0.01)
    assert found.values[-1] == pytest.approx(1.025, rel=0.01)
    assert found.worst_error < 0.01


def test_the_closed_form_is_the_greatest_of_what_a_slope_gets() -> None:
    slopes = np.linspace(0.5, 3, 250_001)
    for m, penalty in ((1.0, 10.0), (2.0, 1.0)):
        gains = m * slopes - penalty * (slopes - 1) ** 2
        nothing = np.zeros(1)
        form = Penalised(np.array([m]), penalty, nothing, nothing)
        np.testing.assert_allclose(form.expected_values, gains.max(), rtol=1e-8)
        np.testing.assert_allclose(form.expected_estimates, m * slopes[gains.argmax()], rtol=1e-5)


def test_the_losses_are_means_over_samples_of_distances_between_masses() -> None:
    found = sampled(0, 0.6)
    for n in (1, 2):
        shares = np.arange(n + 1) / n
        masses = [math.comb(n, k) * 0.6**k * 0.4 ** (n - k) for k in range(n + 1)]
        for at in (0, 150, 500):
            theta = float(found.thetas[at])
            pairs = [([1 - theta, theta], [1 - share, share]) for share in shares]
            w = sum(m * wasserstein(*pair, APART) for m, pair in zip(masses, pairs, strict=True))
            c = sum(m * energy(*pair, APART) / 2 for m, pair in zip(masses, pairs, strict=True))
            assert found.wasserstein[n][at] == pytest.approx(w)
            assert found.cramer[n][at] == pytest.approx(c)


def test_a_sample_of_one_misleads_wasserstein_and_not_cramer() -> None:
    found = sampled(0, 0.6)
    assert found.least[1] == (1, 1)
    for n, losses in found.cramer.items():
        assert found.thetas[losses.argmin()] == pytest.approx(0.6), n
        low, high = found.least[n]
        inside = found.wasserstein[n].min()
        for end in (low, high):
            at = np.abs(found.thetas - end).argmin()
            assert found.wasserstein[n][at] == pytest.approx(inside, abs=1e-3)
    assert found.paths["wasserstein"][-1] > 0.98
    assert found.paths["cramer"][-1] == pytest.approx(0.6, abs=0.06)
    assert all(path.min() >= 0 and path.max() <= 1 for path in found.paths.values())


def test_a_fair_coin_leaves_wasserstein_undecided() -> None:
    assert sampled(0, 0.5).least[1] == (0, 1)
    assert sampled(0, 0.0).least[1] == (0, 0)


def test_a_sample_and_a_density_are_log_2_apart() -> None:
    points = np.random.default_rng(0).normal(size=50)
    law = Discrete(tuple(np.full(50, 1 / 50)), tuple(points))
    assert compare(law, Normal(0, 1))["js"].value == pytest.approx(math.log(2))


@pytest.fixture(scope="module")
def learned() -> Memorised:
    return memorised(1, 64, 400)


def test_d_learns_the_points_by_heart(learned: Memorised) -> None:
    assert learned.updates.tolist() == [10 * (look + 1) for look in range(LOOKS)]
    assert learned.train[0] < 0.2
    assert 0.6 < learned.train[-1] <= math.log(2)


def test_on_fresh_data_it_claims_less_than_nothing(learned: Memorised) -> None:
    assert (learned.held_out < 0.02).all()
    assert learned.held_out[-1] < -0.5
