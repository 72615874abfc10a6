"""One update of the Dirac-GAN by each method, by the training step wherever `gan train` has it."""

from collections.abc import Callable
from typing import Any

import jax
import jax.numpy as jnp

from gan_cli.component import REGISTRY
from gan_cli.config import Recipe
from gan_cli.objectives.base import Objective
from gan_cli.optimizers.base import Optimizer, Optimizers
from gan_cli.optimizers.optimistic_sgd import OptimisticSgd
from gan_cli.optimizers.sgd import Sgd
from gan_cli.regularizers.r1 import R1
from gan_cli.regularizers.r2 import R2
from gan_cli.theory.dirac import FLOAT64, Blurred, Dirac, at, parameters, play
from gan_cli.theory.linear_dynamics import Settings
from gan_cli.training.game import Game
from gan_cli.training.joint_updates import Field, first_look, stepped
from gan_cli.training.state import TrainState
from gan_cli.training.step import train_step

CLIP = 5.0
"""The clip of wgan, outside of what is drawn: at psi = 0 it would leave no derivative."""

Update = Callable[[TrainState], TrainState]
Begun = tuple[Update, TrainState]
"""An update, and the state at the equilibrium that it begins with."""


def objective(s: Settings) -> Objective:
    """The game with its defaults, but for the clip of wgan and the divergence of f_gan."""
    chosen: dict[str, dict[str, Any]] = {
        "wgan": {"clip": CLIP},
        "f_gan": {"divergence": s.divergence},
    }
    made: Objective = REGISTRY["objective"][s.objective](**chosen.get(s.objective, {}))
    return made


def descent(rate: float) -> Optimizer:
    """Plain gradient descent."""
    return Sgd(learning_rate=rate, momentum=0.0)


def recipe(s: Settings, **changes: Any) -> Recipe:
    """Simultaneous gradient descent of both players on one example, with some changes."""
    game = objective(s)
    values: dict[str, Any] = {
        "architecture": Dirac(latent=1, level=float(game.boundary)),
        "objective": game,
        "optimizer": Optimizers(generator=descent(s.step), discriminator=descent(s.step)),
        "batch_size": 1,
        "update": "simultaneous",
        "ema": 0.0,
        "precision": FLOAT64,
    }
    return Recipe(**(values | changes))


def trained(s: Settings, **changes: Any) -> Begun:
    """A step of `gan train` with this recipe."""
    game, start = play(recipe(s, **changes))
    return lambda state: train_step(game, state, jnp.bool_(False))[0], start


def moved_along(field: Callable[[Game, TrainState], Field], s: Settings, **changes: Any) -> Begun:
    """A simultaneous step along gradients that a method changes.

    Args:
        field: gives them.
        s: has the learning rate.
        changes: to the recipe of the game that `field` is taken in.
    """
    game, _ = play(recipe(s, **changes))
    stepping, start = play(recipe(s))
    return lambda state: stepped(stepping, state, field(game, state)), start


def penalised_generator(eta: float) -> Callable[[Game, TrainState], Field]:
    """G also descends along eta |dL_D / dpsi|^2.

    Source: Nagarajan and Kolter 2017, "Gradient descent GAN optimization is locally stable", the
        gradient-based regularization.
    """

    def field(game: Game, state: TrainState) -> Field:
        here = first_look(game, state)

        def penalty(theta: jax.Array) -> jax.Array:
            players = at(state, theta, state.discriminator.parameters["psi"])
            return eta * jnp.square(first_look(game, players).discriminator.gradients["psi"])

        of_g, of_d = here.gradients
        more = jax.grad(penalty)(state.generator.parameters["theta"])
        return here.along(({"theta": of_g["theta"] + more}, of_d))

    return field


def competing(step: float) -> Callable[[Game, TrainState], Field]:
    """Each player answers to where the other one goes: the equilibrium of the game's local form.

    (I + h M) d = F, where F are the gradients of both losses and M is the part of their Jacobian
    by the other player's parameters; the update is -h d.

    Source: Schaefer and Anandkumar 2019, "Competitive gradient descent", the update of that name.
    """

    def field(game: Game, state: TrainState) -> Field:
        here = first_look(game, state)

        def gradients(point: jax.Array) -> jax.Array:
            of_g, of_d = first_look(game, at(state, *point)).gradients
            return jnp.stack([of_g["theta"], of_d["psi"]])

        point = parameters(state)
        jacobian = jax.jacrev(gradients)(point)
        mixed = jacobian - jnp.diag(jnp.diag(jacobian))
        theta, psi = jnp.linalg.solve(jnp.eye(2) + step * mixed, gradients(point))
        return here.along(({"theta": theta}, {"psi": psi}))

    return field


def r1_of(s: Settings) -> dict[str, Any]:
    return {"r1": R1(weight=s.gamma)}


def both_penalties(s: Settings) -> dict[str, Any]:
    return r1_of(s) | {"r2": R2(weight=s.gamma)}


def rates(generator: Optimizer, discriminator: Optimizer) -> dict[str, Optimizers]:
    return {"optimizer": Optimizers(generator=generator, discriminator=discriminator)}


def optimist(s: Settings) -> Optimizer:
    return OptimisticSgd(learning_rate=s.step)


UPDATES: dict[str, Callable[[Settings], Begun]] = {
    "simultaneous": trained,
    "alternating": lambda s: trained(s, update="alternating"),
    "instance_noise": lambda s: trained(s, objective=Blurred(game=objective(s), std=s.sigma)),
    "r1": lambda s: trained(s, regularizer=r1_of(s)),
    "r1_r2": lambda s: trained(s, regularizer=both_penalties(s)),
    "consensus": lambda s: trained(s, update="consensus", consensus_weight=s.gamma),
    "gradient_norm": lambda s: moved_along(penalised_generator(s.eta), s),
    "unrolled": lambda s: moved_along(
        first_look, s, unroll=s.unroll, **rates(descent(s.step), descent(s.unroll_rate))
    ),
    "two_time_scales": lambda s: trained(
        s, **rates(descent(s.step), descent(s.discriminator_step))
    ),
    "optimistic": lambda s: trained(s, **rates(optimist(s), optimist(s))),
    "extra_gradient": lambda s: trained(s, update="extra_gradient"),
    "competitive": lambda s: moved_along(competing(s.step), s),
}
"""What begins each method, by its name, in the order in which they are shown."""
