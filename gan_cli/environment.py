"""What the environment asks of JAX and XLA, and in one sentence why they refuse it."""

import functools
import os
import re
import subprocess
import sys

from gan_cli.errors import UsageError

COUNT, PLATFORMS, FLAGS = "JAX_NUM_CPU_DEVICES", "JAX_PLATFORMS", "XLA_FLAGS"

READ_FLAGS = """
import contextlib
with contextlib.suppress(Exception):
    from jaxlib import xla_client
    xla_client.CompileOptions()
print("read")
"""
"""A program that lets XLA read its flags, and that XLA ends where it does not know one."""

NAMED = re.compile(r"JAX flag (jax_\w+)|environment '(JAX_\w+)'")
"""How JAX names the variable whose value it cannot use."""

STARTING = re.compile("^Unable to initialize backend '[^']*': ")
"""What JAX says before it tells why."""


def check() -> None:
    """Refuses variables with which JAX could not start, or would end the process.

    Raises:
        UsageError: naming the variable.
    """
    told = os.environ.get(COUNT)
    if told is not None and not (told.isdecimal() and int(told)):
        raise UsageError(f"{COUNT}={told}: must be a whole number, at least 1.")
    if (flags := os.environ.get(FLAGS, "")) and (problem := _unreadable(flags)):
        raise UsageError(f"{FLAGS}={flags}: XLA cannot read it: {problem} Mend it or unset it.")


def refusal(error: Exception) -> UsageError | None:
    """The error for a variable whose value made the import of JAX fail; None for another cause."""
    named = NAMED.search(str(error)) if isinstance(error, ValueError) else None
    if named is None:
        return None
    variable = (named[1] or named[2]).upper()
    value = os.environ.get(variable, "")
    return UsageError(f"{variable}={value}: JAX knows no such value. Mend it or unset it.")


def no_devices(error: Exception) -> UsageError:
    """The error where JAX finds no devices, given what it raised."""
    said = STARTING.sub("", str(error)).partition(" (")[0].rstrip(".")
    reason = said or "no device of this kind was found"
    if told := os.environ.get(PLATFORMS):
        return UsageError(
            f"{PLATFORMS}={told}: JAX does not start with it: {reason}. "
            f"Unset it, or set {PLATFORMS}=cpu."
        )
    return UsageError(f"JAX does not start here: {reason}. 'gan doctor' tells more.")


@functools.cache
def _unreadable(flags: str) -> str | None:
    """What XLA says of flags for which it would end the process; None for flags that it knows."""
    command = [sys.executable, "-c", READ_FLAGS]
    environment = os.environ | {FLAGS: flags}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    if done.stdout:
        return None
    said = [line.partition("] ")[2] for line in done.stderr.splitlines() if "] " in line]
    return f"{said[0].rstrip('.')}." if said else "it ends the process."
