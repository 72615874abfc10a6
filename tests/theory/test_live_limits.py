"""A true divergence whose value samples cannot tell says so, and no other."""

import math

import jax
import numpy as np
import pytest

from gan_cli import config
from gan_cli.datasets.gaussian import Gaussian
from gan_cli.theory.live import MIXED, SAMPLES, Truth
from gan_cli.theory.live_distances import LARGEST
from gan_cli.theory.live_limits import ENDLESS
from tests.values import SMALL

RNG = np.random.default_rng(0)
DATA = np.asarray(Gaussian().sample(jax.random.key(5), SAMPLES))
KNOWN = frozenset[str]()
MISSED = frozenset({"kl", "pearson", "jeffrey"})


@pytest.fixture(scope="module")
def truth() -> Truth:
    game = {"name": "f_gan", "divergence": "jeffrey"}
    own = {"dataset": {"name": "gaussian"}, "objective": game}
    recipe = config.load(SMALL | own).recipe
    return Truth(None, recipe, Gaussian(), "all")  # type: ignore[arg-type]


def compared(truth: Truth, points: np.ndarray) -> tuple[dict[str, float], set[str]]:
    """The divergences, and those of which a lower bound is known alone."""
    generated = truth._log_masses(points)
    found = truth._divergences(generated)
    limits = truth._limits(found, generated, points)
    assert set(limits) == {f"at_least/{name}" for name in ENDLESS}
    return found, {tag.removeprefix("at_least/") for tag, limit in limits.items() if limit}


def test_the_divergences_without_an_end_are_those_with_an_infinite_slope() -> None:
    assert set(ENDLESS) == {"kl", "reverse_kl", "pearson", "neyman", "jeffrey"}


def test_of_the_data_themselves_all_is_known(truth: Truth) -> None:
    assert compared(truth, DATA)[1] == KNOWN


def test_a_missing_mode_makes_those_with_p_over_q_lower_bounds(truth: Truth) -> None:
    """With one mode alone, of mass .7, KL(p_g, p_data) is -log .7, and Neyman's 1 / .7 - 1."""
    one = DATA[DATA[:, 0] < 0][:, 0]
    found, bounds = compared(truth, RNG.choice(one, SAMPLES)[:, None])
    assert bounds == MISSED
    assert found["reverse_kl"] == pytest.approx(-math.log(0.7), abs=0.01)
    assert found["neyman"] == pytest.approx(1 / 0.7 - 1, abs=0.02)
    assert found["kl"] > 0.3 * math.log(0.3 / MIXED) / 1.2


@pytest.mark.parametrize("away", [40.0, 19_600.0])
def test_far_away_everything_without_an_end_is_a_lower_bound(truth: Truth, away: float) -> None:
    """KL(p_g, p_data) goes on growing with the square, though each ring is taken as a whole."""
    found, bounds = compared(truth, DATA + away)
    assert bounds == set(ENDLESS)
    assert found["kl"] == pytest.approx(-math.log(MIXED), rel=1e-3)
    assert found["pearson"] == pytest.approx(1 / MIXED - 1, rel=1e-3)
    exact = (away / 0.5) ** 2 / 2
    assert 0.2 * exact < found["reverse_kl"] < exact
    assert found["neyman"] == LARGEST


def test_what_is_narrower_than_the_bins_is_hidden_by_them(truth: Truth) -> None:
    found, bounds = compared(truth, RNG.normal(-1.501, 1e-3, (SAMPLES, 1)))
    exact = math.log(0.5 / 1e-3) - math.log(0.7) - 0.5
    assert found["reverse_kl"] < exact - 1
    assert bounds == set(ENDLESS)


def test_tails_that_are_too_heavy_are_told_by_few_samples(truth: Truth) -> None:
    """With 1.41 times the standard deviation, the integral of q^2 / p is infinite."""
    found, bounds = compared(truth, DATA + RNG.normal(0, 0.5, DATA.shape))
    assert bounds == {"neyman"}
    assert math.isfinite(found["kl"])


def test_no_sample_need_be_finite(truth: Truth) -> None:
    found, bounds = compared(truth, np.full_like(DATA, math.inf))
    assert bounds == set(ENDLESS)
    assert all(map(math.isfinite, found.values()))
