"""D's part of the game: its update on data and samples that are given, wherever they come from.

The training step uses it, and so does whatever trains a D by itself against a p_g that it knows.
"""

from typing import Any, NamedTuple

import jax

from gan_cli.architectures.base import Architecture, DataSpec
from gan_cli.component import component
from gan_cli.config import Precision
from gan_cli.objectives.base import Discriminator, Objective
from gan_cli.optimizers.base import Optimizer
from gan_cli.training.descent import Scalars, Slope, descend, slope
from gan_cli.training.networks import Parameters, build_discriminator, discriminator
from gan_cli.training.state import Player, untrained


@component
class Learner:
    """Everything about a D that stays the same while it learns.

    graph: the structure of D.
    objective: the game, which gives D's loss.
    optimizer: the optimizer of D's parameters.
    precision: the precision of D's arithmetic.
    """

    graph: Any
    objective: Objective
    optimizer: Optimizer
    precision: Precision = "float32"

    def D(self, player: Player) -> Discriminator:
        """D as a pure callable, with the player's numbers inside."""
        return discriminator(player.network(self.graph), self.precision)


class Lesson(NamedTuple):
    """What an update of D learns from.

    real: a minibatch of data, (N, *shape).
    fake: a minibatch of samples, (N, *shape).
    key: the key for whatever the loss draws.
    """

    real: jax.Array
    fake: jax.Array
    key: jax.Array


def begin(
    architecture: Architecture,
    data: DataSpec,
    objective: Objective,
    optimizer: Optimizer,
    key: jax.Array,
) -> tuple[Learner, Player]:
    """A new D with parameters drawn from `key`, before its first update."""
    network = build_discriminator(architecture, data, objective.outputs, key)
    learner = Learner(graph=network.graph, objective=objective, optimizer=optimizer)
    return learner, untrained(network, optimizer)


def discriminator_gradients(learner: Learner, player: Player, lesson: Lesson) -> Slope:
    """The gradients of D's loss at the player's parameters."""

    def loss(parameters: Parameters) -> Any:
        D = learner.D(player._replace(parameters=parameters))
        return learner.objective.discriminator_loss(D, *lesson), None

    declared = learner.objective.discriminator_parts
    return slope(loss, player.parameters, "discriminator", declared)


def update(
    learner: Learner, player: Player, step: jax.Array, lesson: Lesson
) -> tuple[Player, Scalars]:
    """One update of D, and the scalars of its loss before it.

    Args:
        learner: how D learns.
        player: D before the update.
        step: the number of the training step, which a learning rate's schedule may depend on.
        lesson: what D learns from.
    """
    found = discriminator_gradients(learner, player, lesson)
    moved = descend(learner.optimizer, step, player, found.gradients)
    return moved._replace(parameters=learner.objective.project(moved.parameters)), found.scalars
