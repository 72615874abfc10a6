"""The Dirac-GAN as a game for the training step: a number theta for G, a number psi for D.

p_data is a point mass at 0, p_g one at theta, and D(x) = psi x. The equilibrium is (0, 0). Where a
game takes an output b other than 0 for "data and samples are equally likely", D(x) = psi x + b.

Source: Mescheder et al. 2018, "Which training methods for GANs do actually converge?", the
definition of the Dirac-GAN.
"""

import contextlib
from collections.abc import Callable, Iterator
from typing import Any, cast

import jax
import jax.numpy as jnp
import numpy as np
from flax import nnx

from gan_cli.architectures.base import Architecture, DataSpec
from gan_cli.component import component, static
from gan_cli.config import Precision, Recipe
from gan_cli.objectives.base import Batch as Examples
from gan_cli.objectives.base import Discriminator, Key, Objective, Outputs, Scalar, total
from gan_cli.training.batches import Batch
from gan_cli.training.game import Game
from gan_cli.training.state import TrainState, begin

FLOAT64 = cast(Precision, "float64")
"""The precision of the arithmetic here, which no training on a device would choose."""

NODES = 12
"""The nodes of Gauss-Hermite quadrature on each of the two sides."""


@contextlib.contextmanager
def float64() -> Iterator[None]:
    """Inside it, JAX computes in float64; the rest of the process is not changed."""
    with jax.enable_x64(True):
        yield


class Point(nnx.Module):
    """G: every latent is mapped to theta."""

    def __init__(self) -> None:
        self.theta = nnx.Param(jnp.zeros(()))

    def __call__(self, z: jax.Array, *, train: bool) -> jax.Array:
        return jnp.broadcast_to(self.theta[...], (len(z), 1))


class Line(nnx.Module):
    """D: the line of slope psi that is `level` at 0."""

    def __init__(self, level: float) -> None:
        self.psi = nnx.Param(jnp.zeros(()))
        self.level = level

    def __call__(self, x: jax.Array, *, key: jax.Array | None) -> jax.Array:
        outputs: jax.Array = self.psi[...] * x[:, 0] + self.level
        return outputs


@component
class Dirac(Architecture):
    """The two networks of the Dirac-GAN, both at 0.

    level: D's output there.
    """

    level: float = static(default=0.0)

    def generator(self, data: DataSpec, rngs: nnx.Rngs) -> nnx.Module:
        return Point()

    def discriminator(self, data: DataSpec, rngs: nnx.Rngs, outputs: int = 1) -> nnx.Module:
        return Line(self.level)


@component
class Origin:
    """Minibatches of data that are all 0."""

    def discriminator_batch(self, recipe: Recipe, step: jax.Array, inner: jax.Array) -> Batch:
        return Batch(jnp.zeros((recipe.batch_size, 1)))

    def generator_batch(self, recipe: Recipe, step: jax.Array) -> Batch:
        return Batch(jnp.zeros((recipe.batch_size, 1)))


@component
class Blurred(Objective):
    """A game in which data and samples are blurred by normal noise, in expectation over the noise.

    It is what the regularizer `instance_noise` draws, integrated by Gauss-Hermite quadrature: the
    losses are sums over pairs of nodes, one for the data and one for the samples.

    game: the objective without noise.
    std: the noise's standard deviation.
    """

    game: Objective
    std: float

    @property
    def divergence(self) -> str:  # type: ignore[override]
        return self.game.divergence

    def discriminator_loss(
        self, D: Discriminator, real: Examples, fake: Examples, key: Key
    ) -> Scalar:
        return self._expected(self.game.discriminator_loss, D, real, fake, key)

    def generator_loss(self, D: Discriminator, real: Examples, fake: Examples, key: Key) -> Scalar:
        return self._expected(self.game.generator_loss, D, real, fake, key)

    def project(self, parameters: Any) -> Any:
        return self.game.project(parameters)

    def estimate(self, real: Outputs, fake: Outputs) -> Scalar:
        return self.game.estimate(real, fake)

    def _expected(
        self, loss: Callable[..., Any], D: Discriminator, real: Examples, fake: Examples, key: Key
    ) -> Scalar:
        nodes, weights = np.polynomial.hermite_e.hermegauss(NODES)
        pairs = jnp.asarray(np.stack(np.meshgrid(nodes, nodes), axis=-1).reshape(-1, 2))
        shares = jnp.asarray(np.outer(weights, weights).ravel() / (2 * np.pi))

        def at(pair: jax.Array) -> jax.Array:
            return total(loss(D, real + self.std * pair[0], fake + self.std * pair[1], key))

        expected: jax.Array = shares @ jax.vmap(at)(pairs)
        return expected


def play(recipe: Recipe) -> tuple[Game, TrainState]:
    """The game of a recipe, and its state at the equilibrium before the first step."""
    networks, state = begin(recipe, DataSpec((1,)))
    return Game(networks, recipe, Origin()), state


def at(state: TrainState, theta: Any, psi: Any) -> TrainState:
    """A state with other parameters."""
    return state._replace(
        generator=state.generator._replace(parameters={"theta": theta}),
        discriminator=state.discriminator._replace(parameters={"psi": psi}),
    )


def parameters(state: TrainState) -> jax.Array:
    """theta and psi of a state, (2,)."""
    theta, psi = state.generator.parameters["theta"], state.discriminator.parameters["psi"]
    return jnp.stack([theta, psi])
