"""What is known of spectral norm: its power iteration, its bound on D's slope, and what it is not.

Source: Miyato et al. 2018, "Spectral normalization for generative adversarial networks", section 2;
Sedghi, Gupta and Long 2019, "The singular values of convolutional layers", for the norm of a
convolution.
"""

import logging
from collections.abc import Iterator
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
from jax import lax

from gan_cli.architectures.base import DataSpec
from gan_cli.architectures.mlp import Mlp
from gan_cli.divergences import Estimate
from gan_cli.objectives.minimax import Minimax
from gan_cli.optimizers.adam import Adam
from gan_cli.theory.known.base import Known
from gan_cli.training import discriminator_alone
from gan_cli.training.discriminator_alone import Learner, Lesson
from gan_cli.training.random import Purpose, key_for
from gan_cli.training.spectral_norm import first_vectors, singular_value
from gan_cli.training.state import Player

log = logging.getLogger(__name__)

NETWORK = Mlp(discriminator_widths=(64, 64), activation="leaky_relu", spectral_norm=True)
UPDATES, BATCH, POINTS = 200, 256, 10_000
SIDE = 8
"""The side of the images on which the convolution is written out as a matrix."""


def spectral_norm() -> Iterator[Known]:
    """A D with spectral norm after some updates, and a kernel whose convolution is known."""
    log.info("training a D with spectral norm")
    learner, player = trained()
    weights = [w for w in jax.tree.leaves(player.parameters) if w.ndim > 1]
    vectors = jax.tree.leaves(player.singular_vectors)
    exact = [float(np.linalg.norm(np.asarray(w, np.float64), 2)) for w in weights]
    pairs = zip(weights, vectors, exact, strict=True)
    errors = [abs(float(singular_value(w, v)) / norm - 1) for w, v, norm in pairs]
    statement = "trained D: largest relative error of a singular value"
    yield Known(statement, 0.0, Estimate(max(errors)), 1e-3)
    slope = steepest(learner, player)
    statement = f"trained D: steepest of {POINTS:,} points, by the product of norms"
    yield Known(statement, 1.0, Estimate(slope), 1e-3, relation="<=")
    matrix, convolution = norms_of_ones()
    told = "a 3 x 3 kernel of ones: norm of its "
    yield Known(f"{told}matrix", 3.0, Estimate(matrix), 1e-5)
    yield Known(f"{told}convolution", 9.0, Estimate(convolution), 1e-5)


@jax.jit
def trained() -> tuple[Learner, Player]:
    """A D that was trained to tell two normals in the plane apart."""
    learner, untrained = discriminator_alone.begin(
        NETWORK,
        DataSpec((2,)),
        Minimax(),
        Adam(learning_rate=1e-3),
        key_for(0, Purpose.DISCRIMINATOR_INIT),
    )

    def update(step: jax.Array, player: Player) -> Player:
        key = key_for(0, Purpose.DISCRIMINATOR_DATA, step)
        real, fake = jax.random.normal(key, (2, BATCH, 2))
        lesson = Lesson(real + jnp.array([[2.0, 0.0]]), fake, key)
        return discriminator_alone.update(learner, player, step, lesson)[0]

    return learner, lax.fori_loop(0, UPDATES, update, untrained)


def steepest(learner: Learner, player: Player) -> float:
    """The length of D's gradient by the point, the largest of many random points.

    Each weight is divided by its norm and the activation has slopes of 1 at most, so the product of
    the norms is 1.
    """
    D = learner.D(player)
    points = 3 * jax.random.normal(key_for(0, Purpose.THEORY), (POINTS, 2))
    slopes = jax.jit(jax.grad(lambda x: D(x, None).sum()))(points)
    return float(jnp.linalg.norm(slopes, axis=1).max())


def norms_of_ones() -> tuple[float, float]:
    """The norm of a kernel of ones as a matrix, and that of its convolution of periodic images."""
    kernel = jnp.ones((3, 3, 1, 1))
    vectors: Any = first_vectors({"kernel": kernel})["kernel"]
    images = jnp.eye(SIDE**2).reshape(-1, SIDE, SIDE, 1)
    around = jnp.pad(images, ((0, 0), (1, 1), (1, 1), (0, 0)), mode="wrap")
    moved = lax.conv_general_dilated(
        around, kernel, (1, 1), "VALID", dimension_numbers=("NHWC", "HWIO", "NHWC")
    )
    operator = np.asarray(moved, np.float64).reshape(SIDE**2, SIDE**2)
    return float(singular_value(kernel, vectors)), float(np.linalg.norm(operator, 2))
