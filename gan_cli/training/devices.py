"""Which device a run uses."""

import jax

from gan_cli.config import Device
from gan_cli.errors import UsageError


def choose(device: Device) -> jax.Device:
    """The device to compute on: the one that was asked for, or JAX's own choice for `auto`.

    `cpu` changes JAX's platforms for the whole process, since any other way of asking for a CPU
    also starts the GPU's backend, which takes most of the GPU's memory.

    Raises:
        UsageError: naming the devices that JAX does find.
    """
    if device == "cpu":
        jax.config.update("jax_platforms", "cpu")
    try:
        return jax.devices()[0] if device == "auto" else jax.devices(device)[0]
    except RuntimeError as error:
        found = sorted({d.platform for d in jax.devices()})
        raise UsageError(
            f"device={device}: JAX finds none here, only {', '.join(found)}. "
            "Use device=auto, or install JAX for that device."
        ) from error
