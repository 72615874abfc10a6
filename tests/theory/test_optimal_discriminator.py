"""A trained D beside D*, on pairs that are known."""

import numpy as np
import pytest

from gan_cli.divergences import Normal, PlaneMixture, Uniform, parse
from gan_cli.theory.fixed_generator import Round
from gan_cli.theory.optimal_discriminator import (
    LINE,
    PLANE,
    OptimalDiscriminator,
    grid,
    optimal_discriminator,
    settled,
    smallest_region,
)
from gan_cli.theory.value import LOG_4

P, Q = Normal(0.0, 1.0), Normal(1.0, 1.0)


@pytest.fixture(scope="module")
def shifted() -> OptimalDiscriminator:
    return optimal_discriminator(P, Q, seed=0, updates=600)


def test_d_learns_the_ratio_of_two_normals(shifted: OptimalDiscriminator) -> None:
    """log p - log q = 1/2 - x here."""
    x = shifted.axes[0]
    np.testing.assert_allclose(shifted.optimum, 1 / (1 + np.exp(x - 0.5)), rtol=1e-9)
    assert shifted.sup_error < 0.02
    assert shifted.mean_error < shifted.sup_error / 3


def test_its_value_is_below_the_optimum_by_little(shifted: OptimalDiscriminator) -> None:
    assert shifted.value.value <= shifted.expected.value + shifted.value.error
    assert shifted.value_error < 0.005
    assert -LOG_4 < shifted.expected.value < 0


def test_fresh_samples_agree(shifted: OptimalDiscriminator) -> None:
    assert shifted.sampled.error < 0.002
    assert abs(shifted.sampled.value - shifted.value.value) < 4 * shifted.sampled.error


def test_the_region_holds_99_percent(shifted: OptimalDiscriminator) -> None:
    inside = shifted.axes[0][shifted.region]
    within = (P.cdf(inside[-1]) - P.cdf(inside[0]) + Q.cdf(inside[-1]) - Q.cdf(inside[0])) / 2
    assert abs(within - 0.99) < 1e-3
    assert abs(inside[0] + inside[-1] - 1.0) < 0.02  # as symmetric as the pair
    assert abs(shifted.mass.sum() - 1) < 1e-4


def test_the_seed_decides(shifted: OptimalDiscriminator) -> None:
    few = [optimal_discriminator(P, Q, seed, updates=50).trained for seed in (1, 1, 2)]
    np.testing.assert_array_equal(few[0], few[1])
    assert np.abs(few[0] - few[2]).max() > 1e-3


def test_less_training_leaves_d_farther_away(shifted: OptimalDiscriminator) -> None:
    assert optimal_discriminator(P, Q, seed=0, updates=50).sup_error > 2 * shifted.sup_error


def test_d_can_jump_where_the_best_one_does() -> None:
    found = optimal_discriminator(Uniform(0, 1), Uniform(0.5, 2), seed=0, updates=600)
    assert found.sup_error < 0.02
    assert abs(found.expected.value - (0.5 * np.log(0.6) + np.log(0.4) / 3)) < 1e-9
    assert not np.isin(found.axes[0], [0, 0.5, 1, 2]).any()


def test_there_is_no_best_d_where_both_densities_are_0() -> None:
    found = optimal_discriminator(Uniform(0, 1), Uniform(2, 3), seed=0, updates=2)
    (x,) = found.axes
    np.testing.assert_array_equal(np.isnan(found.optimum), (x > 1) & (x < 2))
    assert np.isfinite(found.sup_error)


def test_where_d_is_off_by_how_much(shifted: OptimalDiscriminator) -> None:
    off = np.where(shifted.axes[0] > 0.5, 0.25, 0.0)
    found = shifted._replace(trained=shifted.optimum + off)
    (place,), optimum = found.farthest
    assert place > 0.5
    np.testing.assert_allclose(optimum, 1 / (1 + np.exp(place - 0.5)), rtol=1e-9)
    assert abs(found.beyond(0.2) - 0.5) < 0.01
    assert found.beyond(0.3) == 0


def test_d_is_trained_until_a_round_changes_it_no_more() -> None:
    logits = [0.0, 2.0, 2.001, 7.0]
    training = [Round(n + 1, lambda x, n=n: np.full(len(x), logits[n])) for n in range(4)]
    points = np.zeros((5, 1))
    last, changed = settled(training, points, most=4)
    assert last.updates == 3
    assert changed is not None
    assert 0 < changed < 0.001
    last, changed = settled(training, points, most=2)
    assert last.updates == 2
    assert changed is not None
    assert changed > 0.3
    assert settled(training, points, most=1)[1] is None


def test_units_do_not_matter() -> None:
    far = [Normal(1000.0, 50.0), Normal(1050.0, 50.0)]
    near = optimal_discriminator(P, Q, seed=0, updates=50).trained
    np.testing.assert_allclose(
        optimal_discriminator(*far, seed=0, updates=50).trained, near, atol=0.02
    )


def test_the_smallest_region_takes_the_densest_cells() -> None:
    density = np.array([0.1, 0.5, 0.0, 0.4])
    np.testing.assert_array_equal(smallest_region(density, 0.6), [False, True, False, True])
    np.testing.assert_array_equal(
        smallest_region(density, 0.6, np.array([1.0, 10.0, 1.0, 1.0])), [False, True, False, False]
    )


def test_narrow_distributions_far_apart_are_seen_by_the_grid() -> None:
    (x,) = grid(Normal(0, 0.001), Normal(1000, 0.001))
    assert (np.abs(x) < 0.003).sum() > 500
    assert (np.abs(x - 1000) < 0.003).sum() > 500


def test_p_and_q_of_different_dimension_are_refused() -> None:
    plane = PlaneMixture(((0.0, 0.0),), (1.0,), (1.0,))
    with pytest.raises(
        ValueError, match=r"p and q must have as many coordinates: p has 1, and q has 2\."
    ):
        optimal_discriminator(P, plane, seed=0)


@pytest.mark.long
@pytest.mark.parametrize(("pair", "seed"), [(LINE, 0), (PLANE, 1)], ids=["line", "plane"])
def test_the_pairs_of_the_command_are_within_the_goal(pair: object, seed: int) -> None:
    within_the_goal(optimal_discriminator(*pair, seed=seed))  # type: ignore[misc]


PAIRS = {
    "unequal parts": ("mixture(0.4*normal(-2,.3)+0.6*normal(1,.8))", "normal(0,1.5)"),
    "narrow in wide": ("normal(0,.01)", "normal(0,1)"),
    "narrow far apart": ("mixture(.5*normal(-5,.1)+.5*normal(5,.1))", "normal(0,3)"),
    "a rare part": ("mixture(.95*normal(0,1)+.05*normal(5,.1))", "normal(0,1)"),
    "jumps": ("mixture(.5*uniform(0,1)+.5*uniform(2,3))", "normal(1,1)"),
    "far from zero": ("normal(1000000,1)", "normal(1000001,2)"),
    "extreme units": ("normal(0,1e-6)", "normal(0,1e6)"),
    "equal": ("normal(0,1)", "normal(0,1)"),
}


@pytest.mark.long
@pytest.mark.parametrize(("p", "q"), PAIRS.values(), ids=PAIRS)
def test_other_pairs_are_within_the_goal(p: str, q: str) -> None:
    within_the_goal(optimal_discriminator(parse(p), parse(q), seed=0))  # type: ignore[arg-type]


def within_the_goal(found: OptimalDiscriminator) -> None:
    assert found.sup_error < 0.02
    assert found.converged
    assert found.value_error < 0.005
    assert abs(found.sampled.value - found.value.value) < 4 * found.sampled.error + 1e-6
