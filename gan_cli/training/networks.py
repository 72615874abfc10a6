"""The two networks as pure functions of their parameters."""

import inspect
from typing import Any, NamedTuple

import jax
import jax.numpy as jnp
from flax import nnx

from gan_cli.architectures.base import Architecture, DataSpec
from gan_cli.config import Precision
from gan_cli.errors import UsageError
from gan_cli.objectives.base import Discriminator, Objective
from gan_cli.training.packing import packed
from gan_cli.training.spectral_norm import first_vectors, normalised

Parameters = Any
"""A nested dict of float32 arrays."""


class Networks(NamedTuple):
    """The structure of G and D without their numbers.

    A structure is a pytree without leaves, so this is an ordinary argument of a jitted function,
    which is compiled once for each structure.
    """

    generator: nnx.GraphDef[Any]
    discriminator: nnx.GraphDef[Any]


class Network(NamedTuple):
    """One network taken apart into its structure, its parameters and its other state.

    singular_vectors: those of its weights where they are divided by their singular values.
    """

    graph: nnx.GraphDef[Any]
    parameters: Parameters
    statistics: Any
    singular_vectors: Any = None


def take_apart(module: nnx.Module) -> Network:
    """Splits a module into structure, parameters and everything else (batch-norm statistics)."""
    graph, parameters, statistics = nnx.split(module, nnx.Param, ...)
    return Network(graph, nnx.to_pure_dict(parameters), nnx.to_pure_dict(statistics))


def build_generator(architecture: Architecture, data: DataSpec, key: jax.Array) -> Network:
    """A new generator with initial parameters drawn from `key`."""
    return take_apart(architecture.generator(data, nnx.Rngs(key)))


def build_discriminator(
    architecture: Architecture, data: DataSpec, objective: Objective, key: jax.Array
) -> Network:
    """A new discriminator for an objective, with initial parameters drawn from `key`.

    It judges packs of `data` where the architecture asks for them. An architecture that only builds
    discriminators of one output need not take their number.
    """
    outputs = objective.outputs
    build = architecture.discriminator
    told = outputs > 1 or "outputs" in inspect.signature(build).parameters
    seen = packed(data, architecture.packing)
    network = take_apart(build(seen, nnx.Rngs(key), *([outputs] if told else [])))
    held = _projected(objective, network.parameters)
    vectors = first_vectors(held) if architecture.spectral_norm else None
    return network._replace(parameters=held, singular_vectors=vectors)


def _projected(objective: Objective, parameters: Parameters) -> Parameters:
    """D's parameters in the set that an objective allows.

    Raises:
        UsageError: if they come back in other shapes, or not at all.
    """
    held = objective.project(parameters)
    before, after = (jax.tree.map(jnp.shape, each) for each in (parameters, held))
    if before != after:
        raise UsageError(
            f"project of objective '{objective.name}' does not give D's parameters back as they "
            "are: all of them, by the same names and in the same shapes."
        )
    return held


def assembled(network: Network, precision: Precision) -> Any:
    """The module that a network was taken from, with the network's numbers in a precision."""
    return nnx.merge(network.graph, ready_parameters(network, precision), network.statistics)


def ready_parameters(network: Network, precision: Precision) -> Parameters:
    """A network's parameters as its module computes with them: normalised, and in a precision."""
    dtype = jnp.dtype(precision)
    parameters = normalised(network.parameters, network.singular_vectors)
    return jax.tree.map(lambda w: w.astype(dtype), parameters)


def generate(
    network: Network, latents: jax.Array, precision: Precision, *, train: bool
) -> tuple[jax.Array, Any]:
    """G(z), and G's statistics afterwards.

    Args:
        network: the generator.
        latents: z, (N, latent).
        precision: the precision of the arithmetic inside.
        train: True normalises by this batch and updates the running statistics; False uses them.

    Returns:
        Samples (N, *shape) as float32, and the statistics.
    """
    module = assembled(network, precision)
    samples = module(latents.astype(precision), train=train)
    return _whole(samples), take_apart(module).statistics


def discriminator(network: Network, precision: Precision) -> Discriminator:
    """D as a pure callable: D(x, key) -> float32, (N,) or (N, outputs)."""
    parameters = ready_parameters(network, precision)

    def D(x: jax.Array, key: jax.Array | None) -> jax.Array:
        module = nnx.merge(network.graph, parameters, network.statistics)
        outputs: jax.Array = module(x.astype(precision), key=key)
        return _whole(outputs)

    return D


def _whole(x: jax.Array) -> jax.Array:
    """The same in float32, or as it is where it has more digits."""
    return x.astype(jnp.promote_types(x.dtype, jnp.float32))
