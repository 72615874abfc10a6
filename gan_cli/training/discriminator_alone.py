"""D's part of the game: its update on data and samples that are given, wherever they come from.

The training step uses it, and so does whatever trains a D by itself against a p_g that it knows.
"""

import dataclasses
from collections.abc import Mapping
from typing import Any, NamedTuple

import jax

from gan_cli.architectures.base import Architecture, DataSpec
from gan_cli.component import component
from gan_cli.config import Precision
from gan_cli.objectives.base import Discriminator, Loss, Objective
from gan_cli.optimizers.base import Optimizer
from gan_cli.regularizers.base import Penalty, Regularizer, own_key
from gan_cli.training.descent import Scalars, Slope, descend, slope
from gan_cli.training.networks import Parameters, build_discriminator, discriminator
from gan_cli.training.spectral_norm import next_vectors
from gan_cli.training.state import Player, untrained


@component
class Learner:
    """Everything about a D that stays the same while it learns.

    graph: the structure of D.
    objective: the game, which gives D's loss.
    optimizer: the optimizer of D's parameters.
    regularizer: what is added to D's loss, or changes the D that both players meet, by name.
    precision: the precision of D's arithmetic.
    """

    graph: Any
    objective: Objective
    optimizer: Optimizer
    regularizer: Mapping[str, Regularizer] = dataclasses.field(default_factory=dict)
    precision: Precision = "float32"

    def D(self, player: Player) -> Discriminator:
        """D as a pure callable, with the player's numbers inside."""
        return discriminator(player.network(self.graph), self.precision)

    def opponent(self, player: Player, step: jax.Array) -> Discriminator:
        """D as both players meet it at a step, which a regularizer may have changed."""
        D = self.D(player)
        for _, regularizer in sorted(self.regularizer.items()):
            D = regularizer.opponent(D, step)
        return D

    @property
    def parts(self) -> tuple[str, ...]:
        """The names of the parts of D's loss, in order."""
        return loss_parts(self.objective, self.regularizer)


def loss_parts(objective: Objective, regularizer: Mapping[str, Regularizer]) -> tuple[str, ...]:
    """The names of the parts of D's loss: those of the objective, then the penalties by name.

    Beside a penalty, an objective whose loss is one scalar is a part by the name "objective".
    """
    own, added = objective.discriminator_parts, penalties(regularizer)
    return (*(own or ("objective",)), *added) if added else own


def penalties(regularizer: Mapping[str, Regularizer]) -> dict[str, Penalty]:
    """The regularizers that add to D's loss, in the order of their names."""
    return {name: each for name, each in sorted(regularizer.items()) if isinstance(each, Penalty)}


class Lesson(NamedTuple):
    """What an update of D learns from.

    real: a minibatch of data, (N, *shape).
    fake: a minibatch of samples, (N, *shape).
    key: the key for whatever the loss draws.
    number: how many updates D has had before.
    """

    real: jax.Array
    fake: jax.Array
    key: jax.Array
    number: jax.Array | int = 0


def begin(
    architecture: Architecture,
    data: DataSpec,
    objective: Objective,
    optimizer: Optimizer,
    key: jax.Array,
) -> tuple[Learner, Player]:
    """A new D with parameters drawn from `key`, before its first update."""
    network = build_discriminator(architecture, data, objective, key)
    learner = Learner(graph=network.graph, objective=objective, optimizer=optimizer)
    return learner, untrained(network, optimizer)


def discriminator_gradients(
    learner: Learner, player: Player, step: jax.Array, lesson: Lesson
) -> Slope[None]:
    """The gradients of D's loss at the player's parameters; arguments as in `update`."""

    def loss(parameters: Parameters) -> tuple[Loss, None]:
        D = learner.opponent(player._replace(parameters=parameters), step)
        return discriminator_loss(learner, D, step, lesson), None

    return slope(loss, player.parameters, "discriminator", learner.parts)


def discriminator_loss(learner: Learner, D: Discriminator, step: jax.Array, lesson: Lesson) -> Loss:
    """The objective's loss for D and every penalty, in the parts that `loss_parts` names.

    What a penalty draws depends on its own name and not on the penalties beside it.
    """
    real, fake, key, number = lesson
    own = learner.objective.discriminator_loss(D, real, fake, key)
    added = penalties(learner.regularizer)
    if not added:
        return own
    own = own if isinstance(own, dict) else {"objective": own}
    return own | {
        name: each.term(D, real, fake, own_key(key, name), step, number)
        for name, each in added.items()
    }


def update(
    learner: Learner, player: Player, step: jax.Array, lesson: Lesson
) -> tuple[Player, Scalars]:
    """One update of D, and the scalars of its loss before it.

    Args:
        learner: how D learns.
        player: D before the update.
        step: the number of the training step, which schedules may depend on.
        lesson: what D learns from.
    """
    found = discriminator_gradients(learner, player, step, lesson)
    return moved(learner, player, step, found.gradients), found.scalars


def moved(learner: Learner, player: Player, step: jax.Array, gradients: Parameters) -> Player:
    """D after a step of its optimizer along gradients, with its parameters projected."""
    after = descend(learner.optimizer, step, player, gradients)
    held = learner.objective.project(after.parameters)
    vectors = next_vectors(held, after.singular_vectors)
    return after._replace(parameters=held, singular_vectors=vectors)
