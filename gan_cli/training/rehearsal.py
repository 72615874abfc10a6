"""A step tried on shapes alone, so that what does not fit is told before anything is written."""

import contextlib
import sysconfig
import traceback
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jax
import jax.numpy as jnp
from jax.extend.core import ClosedJaxpr

from gan_cli.architectures.base import DataSpec
from gan_cli.config import Recipe
from gan_cli.errors import GanError, UsageError
from gan_cli.training.game import Game
from gan_cli.training.networks import Networks, discriminator, generate
from gan_cli.training.packing import packed
from gan_cli.training.state import TrainState
from gan_cli.training.step import CHECKED, train_step

PACKAGE = Path(__file__).resolve().parents[1]
LIBRARIES = tuple(sysconfig.get_paths()[name] for name in ("purelib", "platlib", "stdlib"))


def check_networks(networks: Networks, recipe: Recipe, state: TrainState, data: DataSpec) -> None:
    """Refuses networks that give other shapes than a step takes; nothing is computed.

    Args:
        networks: the structure of G and D.
        recipe: what to train and how.
        state: the shapes and types of the state.
        data: the shape of an example.

    Raises:
        UsageError: naming the network, the shape that it gave and the one that is needed.
    """
    name, count = recipe.architecture.name, recipe.batch_size
    latents = jax.ShapeDtypeStruct((count, recipe.architecture.latent), jnp.float32)
    for train in (True, False):
        given = _shape(
            f"the generator of architecture '{name}'",
            lambda player, z, train=train: generate(
                player.network(networks.generator), z, recipe.precision, train=train
            )[0],
            state.generator,
            latents,
        )
        if given != (count, *data.shape):
            raise UsageError(
                f"the generator of architecture '{name}' gave the shape {given} for {count} "
                f"latents. It must be {(count, *data.shape)}, as the data has it."
            )
    packs = packed(data, recipe.architecture.packing)
    judged, outputs = count // recipe.architecture.packing, recipe.objective.outputs
    given = _shape(
        f"the discriminator of architecture '{name}'",
        lambda player, x: discriminator(player.network(networks.discriminator), recipe.precision)(
            x, jax.random.key(0)
        ),
        state.discriminator,
        jax.ShapeDtypeStruct((judged, *packs.shape), jnp.float32),
    )
    needed = (judged,) if outputs == 1 else (judged, outputs)
    if given != needed:
        numbers = "one number" if outputs == 1 else f"{outputs} numbers"
        raise UsageError(
            f"the discriminator of architecture '{name}' gave the shape {given} for {judged} "
            f"examples. It must be {needed}, {numbers} for each."
        )


def rehearse(game: Game, state: TrainState) -> ClosedJaxpr:
    """Refuses what a whole step cannot be made of; nothing is computed.

    Returns:
        A step that logs nothing, as most do, traced.

    Raises:
        UsageError: with the first reason, and where it arose in code that is not this package's.
    """

    def unmeasured(game: Game, state: TrainState) -> Any:
        after, scalars = train_step(game, state, jnp.bool_(False))
        return after, [scalars[tag] for tag in CHECKED]

    with telling("a training step cannot be made"):
        return jax.make_jaxpr(unmeasured)(game, state)


def _shape(what: str, function: Any, *arguments: Any) -> tuple[int, ...]:
    """The shape of what a network returns."""
    with telling(what):
        return tuple(jax.eval_shape(function, *arguments).shape)


@contextlib.contextmanager
def telling(what: str) -> Iterator[None]:
    """Tells an error of a component in one line, with its place in the user's own code."""
    try:
        yield
    except GanError:
        raise
    except Exception as error:
        reason = " ".join((str(error).strip().splitlines() or [""])[0].split()).rstrip(".")
        raise UsageError(f"{what}: {type(error).__name__}: {reason}{_place(error)}.") from error


def _place(error: Exception) -> str:
    """Such as " (my_networks.py, line 12)"; empty where none of the user's own code is involved."""
    frames = [
        frame
        for frame in traceback.extract_tb(error.__traceback__)
        if not frame.filename.startswith((str(PACKAGE), *LIBRARIES, "<"))
    ]
    return f" ({Path(frames[-1].filename).name}, line {frames[-1].lineno})" if frames else ""
