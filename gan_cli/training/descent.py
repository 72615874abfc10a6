"""What either player does in an update: the gradients of its loss, and a step of its optimizer."""

from collections.abc import Callable
from typing import Generic, NamedTuple, TypeVar

import jax
import optax

from gan_cli.objectives.base import Loss, parts, total
from gan_cli.optimizers.base import Optimizer
from gan_cli.training.networks import Parameters
from gan_cli.training.state import Player

Scalars = dict[str, jax.Array]
"""Float32 scalars by tag."""

More = TypeVar("More")
"""What a loss function returns beside the loss."""


class Slope(NamedTuple, Generic[More]):
    """What is known of a player's loss at some parameters.

    gradients: the gradients of the loss by the parameters.
    scalars: the loss, the norm of its gradients and its parts, by tag.
    more: what else the loss function returned.
    """

    gradients: Parameters
    scalars: Scalars
    more: More


def slope_tags(player: str, declared: tuple[str, ...]) -> tuple[str, ...]:
    """The tags of a slope's scalars, for a loss with these parts."""
    named = (f"loss/{player}/{part}" for part in declared)
    return (f"loss/{player}", f"gradient_norm/{player}", *named)


def slope(
    loss: Callable[[Parameters], tuple[Loss, More]],
    parameters: Parameters,
    player: str,
    declared: tuple[str, ...],
) -> Slope[More]:
    """Differentiates a player's loss.

    Args:
        loss: gives the loss at some parameters, and anything else that is wanted from there.
        parameters: where to differentiate.
        player: "generator" or "discriminator".
        declared: the names of the loss's parts, in order.
    """

    def whole(parameters: Parameters) -> tuple[jax.Array, tuple[dict[str, jax.Array], More]]:
        found, more = loss(parameters)
        return total(found), (parts(found, declared), more)

    (value, (named, more)), gradients = jax.value_and_grad(whole, has_aux=True)(parameters)
    numbers = value, optax.tree.norm(gradients), *(named[part] for part in declared)
    return Slope(gradients, dict(zip(slope_tags(player, declared), numbers, strict=True)), more)


def descend(optimizer: Optimizer, step: jax.Array, player: Player, gradients: Parameters) -> Player:
    """The player after a step of its optimizer.

    Args:
        optimizer: moves the parameters.
        step: the number of the training step, which a learning rate's schedule may depend on.
        player: before the update.
        gradients: what to descend along; they need not have been taken where the player is.
    """
    changes, state = optimizer.transformation(step).update(
        gradients, player.optimizer, player.parameters
    )
    moved = optax.apply_updates(player.parameters, changes)
    return player._replace(parameters=moved, optimizer=state)
