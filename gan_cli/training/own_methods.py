"""What methods of one's own regularizers, optimizers and priors return, tried on shapes alone."""

from collections.abc import Callable
from typing import Any

import jax
import jax.numpy as jnp

from gan_cli.architectures.base import Architecture, DataSpec
from gan_cli.errors import UsageError
from gan_cli.objectives.base import Discriminator
from gan_cli.optimizers.base import Optimizer
from gan_cli.own_code import is_own, telling
from gan_cli.regularizers.base import Penalty, Regularizer, SlopePenalty
from gan_cli.training.game import Game
from gan_cli.training.objective_check import check_single, shapes_of_a_step
from gan_cli.training.state import TrainState


def check_transformation(optimizer: Optimizer) -> None:
    """Refuses an optimizer of one's own that gives no transformation of optax.

    Raises:
        UsageError: naming the optimizer and what it gave.
    """
    if not is_own(optimizer):
        return
    what = f"transformation of optimizer '{optimizer.name}'"
    with telling(what):
        made = optimizer.transformation(jnp.int32(0))
    if not (hasattr(made, "init") and hasattr(made, "update")):
        raise UsageError(
            f"{what} gave a {type(made).__name__}. It must give a transformation of optax, such as "
            "optax.sgd(self.learning_rate)."
        )


def check_prior(architecture: Architecture, count: int) -> None:
    """Refuses latents of another shape than the generator takes.

    Args:
        architecture: of one's own, or of this package.
        count: how many latents are drawn.

    Raises:
        UsageError: naming the architecture, what it gave and what is needed.
    """
    if not is_own(architecture):
        return
    what, needed = f"sample_latent of architecture '{architecture.name}'", architecture.latent
    with telling(what):
        given = jax.eval_shape(lambda: architecture.sample_latent(jax.random.key(0), count))
    shape = getattr(given, "shape", None)
    if shape != (count, needed):
        told = f"a {type(given).__name__}" if shape is None else f"the shape {shape}"
        raise UsageError(f"{what} gave {told} for {count} latents. It must be {(count, needed)}.")


def check_regularizers(game: Game, state: TrainState, data: DataSpec) -> None:
    """Refuses penalties and changes of D that a step cannot take; nothing is computed.

    Args:
        game: what is played.
        state: the shapes and types of the state.
        data: the shape of an example.

    Raises:
        UsageError: naming the regularizer, the method, what it gave and what is needed.
    """

    def tried(state: TrainState, real: jax.Array, fake: jax.Array, key: jax.Array) -> None:
        D = game.learner.D(state.discriminator)
        own = [each for _, each in sorted(game.recipe.regularizer.items()) if is_own(each)]
        for regularizer in own:
            _check_opponent(regularizer, D, real, key, state.step)
        D = game.learner.opponent(state.discriminator, state.step)
        for regularizer in (each for each in own if isinstance(each, Penalty)):
            tries: dict[str, Callable[[Penalty], Any]] = {
                "penalty": lambda penalty: penalty.penalty(D, real, fake, key),
                "factor": lambda penalty: penalty.factor(state.step),
            }
            if type(regularizer).term not in (Penalty.term, SlopePenalty.term):
                tries = {"term": lambda each: each.term(D, real, fake, key, state.step, 0)}
            for method, call in tries.items():
                what = f"{method} of regularizer '{regularizer.name}'"
                with telling(what):
                    found = call(regularizer)
                check_single(what, found)

    if any(map(is_own, game.recipe.regularizer.values())):
        jax.eval_shape(tried, state, *shapes_of_a_step(game, data))


def _check_opponent(
    regularizer: Regularizer, D: Discriminator, real: jax.Array, key: jax.Array, step: jax.Array
) -> None:
    """Refuses a regularizer that leaves a D which gives something else than D does."""
    what = f"opponent of regularizer '{regularizer.name}'"
    with telling(what):
        met = regularizer.opponent(D, step)
        given = [met(real, each) for each in (key, None)]
    needed = jnp.shape(D(real, None))
    for shape in map(jnp.shape, given):
        if shape != needed:
            raise UsageError(
                f"{what} gave a D whose output has the shape {shape}. It must be {needed}, as D's."
            )
