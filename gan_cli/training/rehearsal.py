"""A step tried on shapes alone, so that what does not fit is told before anything is written."""

import functools
from collections.abc import Callable
from typing import Any

import jax
import jax.numpy as jnp
from jax.custom_derivatives import SymbolicZero
from jax.extend.core import ClosedJaxpr

from gan_cli.architectures.base import DataSpec
from gan_cli.config import Precision, Recipe
from gan_cli.errors import UsageError
from gan_cli.own_code import telling
from gan_cli.training.game import Game
from gan_cli.training.networks import Network, Networks, Parameters, assembled
from gan_cli.training.packing import packed
from gan_cli.training.state import Player, TrainState
from gan_cli.training.step import CHECKED, train_step

DROPOUT = (
    "Build nnx.Dropout without rngs, and in D's __call__ give it the `key` of the call: "
    "self.dropout(x, rngs=key, deterministic=key is None)."
)
"""How a discriminator draws its dropout masks, so that a resumed run draws the same."""


def check_networks(networks: Networks, recipe: Recipe, state: TrainState, data: DataSpec) -> None:
    """Refuses networks that a step cannot train or learn from, and outputs that it cannot take.

    Nothing is computed.

    Args:
        networks: the structure of G and D.
        recipe: what to train and how.
        state: the shapes and types of the state.
        data: the shape of an example.

    Raises:
        UsageError: naming the network, what it gave and what is needed.
    """
    count, m = recipe.batch_size, recipe.architecture.packing
    g = f"the generator of architecture '{recipe.architecture.name}'"
    d = f"the discriminator of architecture '{recipe.architecture.name}'"
    _check_parameters(g, state.generator.parameters)
    _check_parameters(d, state.discriminator.parameters)
    _check_savable(g, state.generator, "Leave dropout out of G, and random keys.")
    _check_savable(d, state.discriminator, DROPOUT)
    network = state.generator.network(networks.generator)
    shape: tuple[int, ...] = (count, recipe.architecture.latent)
    for train in (True, False):
        call = functools.partial(_draw, train=train)
        given = _output(g, network, call, shape, recipe.precision)
        if given != (count, *data.shape):
            raise UsageError(
                f"{g} gave the shape {given} for {count} latents. "
                f"It must be {(count, *data.shape)}, as the data has it."
            )
    call = functools.partial(_draw, train=True)
    _check_slopes(g, network, call, shape, recipe.precision)
    judged, outputs = count // m, recipe.objective.outputs
    network = state.discriminator.network(networks.discriminator)
    shape = (judged, *packed(data, m).shape)
    given = _output(d, network, _judge, shape, recipe.precision)
    needed = (judged,) if outputs == 1 else (judged, outputs)
    if given != needed:
        numbers = "one number" if outputs == 1 else f"{outputs} numbers"
        raise UsageError(
            f"{d} gave the shape {given} for {judged} examples. "
            f"It must be {needed}, {numbers} for each."
        )
    _check_slopes(d, network, _judge, shape, recipe.precision, teaches=True)


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


def _check_parameters(what: str, parameters: Parameters) -> None:
    """Refuses a network without parameters, and parameters that are not of float32."""
    leaves = jax.tree.leaves(parameters)
    if not leaves:
        raise UsageError(f"{what} has nothing to train: its weights must be nnx.Param.")
    for leaf in leaves:
        if leaf.dtype != jnp.float32:
            raise UsageError(f"{what} has parameters of {leaf.dtype}. They must be float32.")


def _check_savable(what: str, player: Player, remedy: str) -> None:
    """Refuses what a checkpoint cannot hold: random keys, and arrays without a number."""
    for tree in (player.parameters, player.statistics):
        for path, leaf in jax.tree_util.tree_leaves_with_path(tree):
            name = jax.tree_util.keystr(path, simple=True, separator="/")
            if jnp.issubdtype(leaf.dtype, jax.dtypes.prng_key):
                raise UsageError(
                    f"{what} keeps a random key, {name}, which a checkpoint cannot hold. {remedy}"
                )
            if leaf.size == 0:
                raise UsageError(
                    f"{what} has {name} of shape {leaf.shape}, without any number, which a "
                    "checkpoint cannot hold. Leave it out."
                )


def _draw(module: Any, z: jax.Array, *, train: bool) -> Any:
    return module(z, train=train)


def _judge(module: Any, x: jax.Array) -> Any:
    return module(x, key=jax.random.key(0))


def _output(
    what: str,
    network: Network,
    call: Callable[[Any, jax.Array], Any],
    shape: tuple[int, ...],
    precision: Precision,
) -> tuple[int, ...]:
    """The shape of what a network's module returns for an input of a shape.

    Raises:
        UsageError: if it is no array, or its numbers have no slope.
    """
    dtype = jnp.dtype(precision)

    def returned(network: Network, x: jax.Array) -> Any:
        return call(assembled(network, precision), x)

    with telling(what):
        given = jax.eval_shape(returned, network, jax.ShapeDtypeStruct(shape, dtype))
    if not isinstance(given, jax.ShapeDtypeStruct):
        raise UsageError(f"{what} gave a {type(given).__name__}. It must be one array.")
    if not jnp.issubdtype(given.dtype, jnp.floating):
        raise UsageError(
            f"{what} gave numbers of {given.dtype}. They must be floating-point numbers such as "
            "float32, since nothing is learned from others."
        )
    return tuple(given.shape)


def _check_slopes(
    what: str,
    network: Network,
    call: Callable[[Any, jax.Array], Any],
    shape: tuple[int, ...],
    precision: Precision,
    *,
    teaches: bool = False,
) -> None:
    """Refuses a network that nothing can be learned from, since its gradient is 0 everywhere.

    Args:
        what: the network, in words.
        network, call, shape, precision: see `_output`.
        teaches: whether another network learns from it.
    """

    def returned(parameters: Parameters, network: Network, x: jax.Array) -> Any:
        return call(assembled(network._replace(parameters=parameters), precision), x)

    def judged(x: jax.Array, network: Network) -> Any:
        return returned(network.parameters, network, x)

    x = jax.ShapeDtypeStruct(shape, jnp.dtype(precision))
    with telling(what):
        learns = _has_slope(returned, network.parameters, network, x)
        teaches = not teaches or _has_slope(judged, x, network)
    if learns and teaches:
        return
    by, who = ("the examples", "G") if learns else ("its weights", "it")
    raise UsageError(
        f"the gradient of {what} by {by} is 0 everywhere, so {who} cannot learn. Rounding, "
        "comparisons, whole numbers and stop_gradient have no slope."
    )


def _has_slope(function: Callable[..., Any], x: Any, *rest: Any) -> bool:
    """Whether a derivative reaches a function's output, as JAX sees it without any numbers.

    Args:
        function: takes `x` and the rest, and gives an array.
        x: the shapes by which it is differentiated.
        rest: the shapes of its other arguments.
    """
    seen: list[bool] = []

    @jax.custom_jvp
    def watched(y: jax.Array) -> jax.Array:
        return y

    def note(primals: tuple[jax.Array], tangents: tuple[Any]) -> tuple[jax.Array, Any]:
        [y], [dy] = primals, tangents
        seen.append(not isinstance(dy, SymbolicZero))
        return y, dy if seen[-1] else jnp.zeros_like(y)

    watched.defjvp(note, symbolic_zeros=True)
    jax.eval_shape(jax.grad(lambda x, *rest: watched(function(x, *rest)).sum()), x, *rest)
    return any(seen)  # where nothing of x reaches it, its rule is not even asked for
