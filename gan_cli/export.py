"""A trained generator as files that other programs read."""

import json
from pathlib import Path
from typing import Any

import jax
import jax.numpy as jnp
from jax import export
from safetensors.numpy import save

from gan_cli.errors import UsageError
from gan_cli.files import made_folder, write_atomically
from gan_cli.trained import Trained
from gan_cli.training.networks import generate
from gan_cli.training.state import sampler

PROGRAM, PARAMETERS, DESCRIPTION = "generator.stablehlo", "generator.safetensors", "generator.json"
BLACK_TO_WHITE = (-1, 1)
"""The range of a pixel: x / 127.5 - 1 for a byte x."""
PLATFORMS = ("cpu", "cuda", "rocm", "tpu")


def write(pair: Trained, folder: Path, batch: int | None = None) -> list[Path]:
    """Writes G as a program, its parameters as arrays, and what both take and give.

    The program, which `jax.export.deserialize` reads, holds the parameters and runs wherever XLA
    does: latents (N, latent) -> samples (N, *shape), both float32.

    Args:
        pair: the trained pair; the moving average of G is written where there is one.
        folder: is made where there is none.
        batch: the N of the program; None for any.

    Returns:
        The files.

    Raises:
        UsageError: if the network cannot be written for any N.
        OSError: if a file cannot be written.
    """
    network = sampler(pair.networks, pair.state)
    precision = pair.experiment.precision

    def samples(latents: jax.Array) -> jax.Array:
        return generate(network, latents, precision, train=False)[0]

    size = pair.experiment.architecture.latent
    count: Any = batch or export.symbolic_shape("n")[0]
    try:
        latents = jax.ShapeDtypeStruct((count, size), jnp.float32)
        program = export.export(jax.jit(samples), platforms=PLATFORMS)(latents)
    except Exception as error:
        if batch is not None:
            raise
        raise UsageError(
            f"this generator cannot be written for any number of latents at once "
            f"({type(error).__name__}). Choose one with --batch N."
        ) from error
    arrays = {
        jax.tree_util.keystr(path, simple=True, separator="."): jax.device_get(leaf)
        for path, leaf in jax.tree_util.tree_leaves_with_path(
            {"parameters": network.parameters, "statistics": network.statistics}
        )
    }
    [drawn] = program.out_avals
    told = {
        "architecture": pair.experiment.architecture.name,
        "step": pair.step,
        "latents": {
            "shape": [batch or "n", size],
            "dtype": str(latents.dtype),
            "prior": pair.experiment.architecture.prior,
        },
        "samples": {"shape": [batch or "n", *pair.spec.shape], "dtype": str(drawn.dtype)}
        | ({"range": BLACK_TO_WHITE} if pair.spec.is_image else {}),
        "jax": jax.__version__,
    }
    files = {
        PROGRAM: bytes(program.serialize()),
        PARAMETERS: save(arrays),
        DESCRIPTION: f"{json.dumps(told, indent=2)}\n".encode(),
    }
    with made_folder(folder):
        for name, content in files.items():
            write_atomically(folder / name, content)
    return [folder / name for name in files]
