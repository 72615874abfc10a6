"""The game on p_g: the descent against its closed form, and D out of step."""

import math

import numpy as np
import pytest
from scipy.spatial.distance import jensenshannon

from gan_cli.theory.convergence import (
    DATA,
    START,
    Game,
    at_optimum,
    on_grid,
    with_real_discriminator,
)
from gan_cli.theory.value import LOG_4


def test_with_d_at_its_optimum_c_falls_to_minus_log_4() -> None:
    found = at_optimum(steps=400)
    assert found.monotone
    assert abs(found.gap) < 1e-12
    assert (found.costs >= -LOG_4 - 1e-14).all()
    np.testing.assert_allclose(found.last, on_grid(DATA), rtol=1e-6)


@pytest.mark.parametrize("rate", [0.05, 0.5, 1.0])
def test_it_falls_at_every_rate_that_is_allowed(rate: float) -> None:
    found = at_optimum(steps=100, rate=rate)
    assert found.monotone
    assert (np.diff(found.costs[:8]) < 0).all()


def test_at_rate_one_each_step_halves_the_way() -> None:
    """p_g exp(-log(p_g / (p + p_g))) = p + p_g, hence the mean of the two."""
    p, start = on_grid(DATA), on_grid(START)
    found = at_optimum(steps=3, rate=1.0)
    np.testing.assert_allclose(found.last, p + (start - p) / 8, rtol=1e-9)


def test_the_first_cost_by_another_library() -> None:
    expected = 2 * jensenshannon(on_grid(DATA), on_grid(START)) ** 2 - math.log(4)
    assert abs(at_optimum(steps=1).costs[0] - expected) < 1e-12


def test_a_step_goes_down_the_gradient_of_c() -> None:
    """The slope along the step is that of C itself: D* need not be differentiated."""
    p, g = on_grid(DATA), on_grid(START)
    slope = np.log(g / (p + g))
    direction = -g * (slope - g @ slope)
    small = 1e-5
    ahead, back = (2 * jensenshannon(p, g + s * direction) ** 2 for s in (small, -small))
    assert abs((ahead - back) / (2 * small) - slope @ direction) < 1e-6
    assert slope @ direction < 0


@pytest.fixture(scope="module")
def games() -> dict[int, Game]:
    return {k: with_real_discriminator(k, seed=0, steps=120, games=3) for k in (1, 20)}


def test_a_d_in_step_brings_p_g_nearer(games: dict[int, Game]) -> None:
    late = {k: game.late for k, game in games.items()}
    assert late[20].max() < late[1].min() / 3
    assert games[20].distances.mean() < games[1].distances.mean()


def test_games_begin_alike_and_are_measured_at_every_step(games: dict[int, Game]) -> None:
    start = jensenshannon(on_grid(DATA), on_grid(START)) ** 2
    for game in games.values():
        assert game.js.shape == (3, 121)
        assert game.distances.shape == (3, 120)
        np.testing.assert_allclose(game.js[:, 0], start, rtol=1e-5)
        assert (game.js <= math.log(2)).all()
    assert games[20].after(120) == games[20].mean[6]


def test_the_seed_decides(games: dict[int, Game]) -> None:
    again = with_real_discriminator(1, seed=0, steps=120, games=3)
    np.testing.assert_array_equal(again.js, games[1].js)
    shifted = with_real_discriminator(1, seed=1, steps=120, games=3)
    apart = np.abs(shifted.js[:, None] - games[1].js[None]).max(axis=-1)
    assert (apart > 1e-3).all(), "neighbouring seeds share no game"
    assert len({game[-1] for game in games[1].js}) == 3


def test_the_greatest_seed_of_the_command_line_is_one() -> None:
    found = with_real_discriminator(1, seed=2**31 - 1, steps=4, games=2)
    assert np.isfinite(found.js).all()
    assert found.js[0, -1] != found.js[1, -1]


@pytest.mark.slow
def test_at_the_commands_defaults_k_of_20_is_ten_times_nearer_than_k_of_1() -> None:
    late = [with_real_discriminator(k, seed=0, steps=400).late for k in (1, 2, 5, 20)]
    means = [each.mean() for each in late]
    assert means == sorted(means, reverse=True)
    assert means[0] > 10 * means[3]
