"""D trained alone, in rounds."""

import itertools

import numpy as np

from gan_cli.divergences import Normal
from gan_cli.theory.fixed_generator import Round, rounds
from gan_cli.theory.sight import sight

P, Q = Normal(0.0, 1.0), Normal(1.0, 1.0)
POINTS = np.linspace(-3, 3, 2**16 + 5)[:, None]
SIGHT = sight(P, Q, POINTS, np.ones(len(POINTS)))


def trained(seed: int, count: int, first: int = 10) -> list[Round]:
    return list(itertools.islice(rounds(P, Q, SIGHT, seed, first), count))


def test_each_round_is_twice_as_long_as_the_one_before() -> None:
    assert [each.updates for each in trained(0, 3)] == [10, 30, 70]


def test_a_round_makes_d_better() -> None:
    """The best logit is 1/2 - x."""
    first, second = trained(0, 2, first=100)
    best = 0.5 - POINTS[:, 0]
    off = [np.abs(each.logit(POINTS) - best).mean() for each in (first, second)]
    assert off[1] < off[0] < 0.5


def test_d_takes_any_number_of_points() -> None:
    (last,) = trained(0, 1)
    every = last.logit(POINTS)
    assert every.shape == (2**16 + 5,)
    np.testing.assert_allclose(last.logit(POINTS[-7:]), every[-7:], rtol=1e-5)
