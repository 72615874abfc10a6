"""What an objective's methods return, tried on shapes alone, so that each is told by its name."""

from typing import Any

import jax
import jax.numpy as jnp

from gan_cli.architectures.base import DataSpec
from gan_cli.errors import UsageError
from gan_cli.objectives.base import Loss, Objective
from gan_cli.own_code import telling
from gan_cli.training.game import Game
from gan_cli.training.packing import packed
from gan_cli.training.state import TrainState

Shape = jax.ShapeDtypeStruct


def check_declared(objective: Objective) -> None:
    """Refuses an objective that does not name what D measures.

    Raises:
        UsageError: naming the objective.
    """
    if not isinstance(getattr(objective, "divergence", None), str):
        raise UsageError(
            f"objective '{objective.name}' does not say what D measures at its optimum. Name it in "
            'its class, such as divergence = "jensen_shannon".'
        )


def check_methods(game: Game, state: TrainState, data: DataSpec) -> None:
    """Refuses losses and estimates that a step cannot take; nothing is computed.

    Args:
        game: what is played.
        state: the shapes and types of the state.
        data: the shape of an example.

    Raises:
        UsageError: naming the objective, the method, what it gave and what is needed.
    """
    objective = game.recipe.objective
    what = f"objective '{objective.name}'"

    def tried(state: TrainState, real: jax.Array, fake: jax.Array, key: jax.Array) -> None:
        D = game.learner.D(state.discriminator)
        for player in ("discriminator", "generator"):
            method = f"{player}_loss of {what}"
            with telling(method):
                loss = getattr(objective, f"{player}_loss")(D, real, fake, key)
            _check_loss(method, loss, getattr(objective, f"{player}_parts"), player)
        for name in ("estimate", "accuracy"):
            with telling(f"{name} of {what}"):
                found = getattr(objective, name)(D(real, None), D(fake, None))
            _check_number(f"{name} of {what}", found)

    jax.eval_shape(tried, state, *shapes_of_a_step(game, data))


def shapes_of_a_step(game: Game, data: DataSpec) -> tuple[Shape, Shape, Shape]:
    """The real examples, the samples and the key that D's loss is given, as shapes and types.

    Args:
        game: what is played.
        data: the shape of an example.
    """
    m = game.recipe.architecture.packing
    shape = (game.recipe.batch_size // m, *packed(data, m).shape)
    examples = jax.ShapeDtypeStruct(shape, jnp.float32)
    return examples, examples, jax.eval_shape(lambda: jax.random.key(0))


def _check_loss(what: str, loss: Loss, declared: tuple[str, ...], player: str) -> None:
    """Refuses a loss that is neither one number nor the declared parts."""
    found = tuple(loss) if isinstance(loss, dict) else ()
    if found != declared:
        names = ", ".join(map(repr, found))
        told = f"the parts {names}" if found else "one loss without parts"
        hint = f"Set {player}_parts = ({names},) in its class." if found else "Make the two agree."
        raise UsageError(f"{what} gave {told}, and {player}_parts is {declared}. {hint}")
    for name, value in loss.items() if isinstance(loss, dict) else [("", loss)]:
        _check_number(f"{what}{f', part {name!r},' if name else ''}", value)


def _check_number(what: str, value: Any) -> None:
    """Refuses what is no single floating-point number."""
    check_single(what, value)
    if not jnp.issubdtype(jnp.result_type(value), jnp.floating):
        raise UsageError(
            f"{what} gave a number of {jnp.result_type(value)}. It must be a floating-point number."
        )


def check_single(what: str, value: Any) -> None:
    """Refuses what is no single number.

    Raises:
        UsageError: saying what it is.
    """
    if not isinstance(value, float | int | jax.Array) and not hasattr(value, "dtype"):
        raise UsageError(f"{what} gave a {type(value).__name__}. It must give one number.")
    if jnp.shape(value):
        raise UsageError(
            f"{what} gave the shape {jnp.shape(value)}. It must give one number, such as the mean."
        )
