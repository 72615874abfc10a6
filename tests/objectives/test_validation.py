"""The values that an objective refuses, and what it says."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from gan_cli.errors import UsageError
from gan_cli.loading import construct
from gan_cli.objectives.least_squares import LeastSquares
from gan_cli.objectives.wgan import Wgan
from gan_cli.objectives.wgan_gp import WganGp


@pytest.mark.parametrize(
    ("made", "values", "text"),
    [
        (Wgan, {"clip": 0.0}, "clip=0.0: must be above 0."),
        (WganGp, {"penalty": -1.0}, "penalty=-1.0: must be at least 0."),
        (
            LeastSquares,
            {"fake_code": 1.0, "real_code": 1.0},
            "real_code=1.0: must be greater than fake_code=1.0.",
        ),
    ],
)
def test_a_value_that_makes_no_game_is_refused(made, values, text):
    with pytest.raises(UsageError) as refused:
        construct(made, values)
    assert str(refused.value) == text


def test_the_edges_are_accepted():
    construct(WganGp, {"penalty": 0.0})
    construct(LeastSquares, {"fake_code": -1.0, "real_code": 1.0, "target": 0.0})


def test_clipping_reaches_every_parameter_and_follows_the_clip():
    w = {"kernel": jnp.array([[-1.0, 0.02], [0.005, 3.0]]), "bias": jnp.array([0.5])}
    held = Wgan(clip=0.01).project(w)
    np.testing.assert_allclose(held["kernel"], [[-0.01, 0.01], [0.005, 0.01]])
    np.testing.assert_allclose(held["bias"], [0.01])
    lanes = jax.vmap(lambda clip: Wgan(clip=clip).project(w))(jnp.array([0.01, 1.0]))
    np.testing.assert_allclose(lanes["kernel"][1], [[-1.0, 0.02], [0.005, 1.0]])


@pytest.mark.parametrize(("fake", "real", "boundary"), [(0, 1, 0.5), (-1, 1, 0), (2, 7, 4.5)])
def test_the_boundary_of_least_squares_is_midway_between_the_codes(fake, real, boundary):
    assert LeastSquares(fake_code=float(fake), real_code=float(real)).boundary == boundary
