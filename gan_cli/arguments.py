"""What a program gives to `load` and to a trained generator, as its calls take it, or refused."""

import operator
from collections.abc import Iterable
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
from jaxtyping import ArrayLike

from gan_cli import trained
from gan_cli.bounds import MAX_INTEGER
from gan_cli.errors import UsageError
from gan_cli.trained import Wanted
from gan_cli.training.random import Purpose, key_for

REAL = (jnp.floating, jnp.integer, jnp.bool_)
"""The kinds of numbers that an array of real ones may hold."""


def numbers(name: str, given: ArrayLike) -> np.ndarray | jax.Array:
    """What was given, as an array of real numbers.

    Raises:
        UsageError: for anything else, such as rows of different lengths.
    """
    try:
        found = given if isinstance(given, jax.Array) else np.asarray(given)
    except (TypeError, ValueError) as error:
        raise UsageError(
            f"{name}: must be an array of floating-point numbers ({error})."
        ) from error
    if not any(jnp.issubdtype(found.dtype, kind) for kind in REAL):
        raise UsageError(f"{name} of {found.dtype}: must be floating-point numbers.")
    return found


def check_scale(samples: np.ndarray | jax.Array, *, is_image: bool) -> None:
    """Refuses images whose pixels run from 0 to 255.

    Raises:
        UsageError: with the scale that is needed.
    """
    needed = "images are floating-point numbers in [-1, 1], as x / 127.5 - 1 makes them of bytes"
    if is_image and samples.dtype.kind in "biu":
        raise UsageError(f"samples of {samples.dtype}: {needed}.")
    if is_image and samples.size and samples.min() >= 0 and samples.max() > 2:
        low, high = samples.min(), samples.max()
        raise UsageError(f"samples from {low:g} to {high:g}: {needed}.")


def key(given: jax.Array | int) -> jax.Array:
    """A key of jax.random, as it is, or the one that `gan sample` makes of a seed.

    Raises:
        UsageError: for several keys, and for what is neither a key nor a seed.
    """
    if not isinstance(given, jax.Array):
        return key_for(whole("key", given, 0), Purpose.SAMPLES)
    if jnp.issubdtype(given.dtype, jax.dtypes.prng_key):
        if given.shape:
            raise UsageError(f"key: must be one key, not {given.size}. Take one of them: key[0].")
        return given
    if given.shape == (2,) and given.dtype == jnp.uint32:  # as jax.random.PRNGKey makes it
        return given
    return key_for(whole("key", given, 0), Purpose.SAMPLES)


def checkpoint(given: object) -> Wanted:
    """The checkpoint that a program names: by its step, a text as on the command line, or None.

    Raises:
        UsageError: for anything else.
    """
    if given is None:
        return None
    if isinstance(given, str) and (given == "best" or given.isdecimal()):
        return trained.wanted(given)
    try:
        return _index(given)
    except TypeError as error:
        raise UsageError(
            f"checkpoint={given!r}: must be the step of a checkpoint, 'best', or None for the "
            "newest."
        ) from error


def whole(name: str, value: object, least: int) -> int:
    """A whole number of Python's, NumPy's or JAX's.

    Raises:
        UsageError: for anything else, and for a number out of the range of a seed.
    """
    try:
        number = _index(value)
    except TypeError as error:
        raise UsageError(f"{name}={value!r}: must be a whole number.") from error
    if not least <= number <= MAX_INTEGER:
        raise UsageError(f"{name}={number}: must be at least {least} and at most {MAX_INTEGER}.")
    return number


def names(imports: object) -> list[str]:
    """The names of modules, of which one may be given alone.

    Raises:
        UsageError: for anything else, such as the modules themselves.
    """
    found = [imports] if isinstance(imports, str) or not isinstance(imports, Iterable) else imports
    listed = [*found]
    if not all(isinstance(name, str) for name in listed):
        raise UsageError(f"imports={imports!r}: must be names of modules, such as ['my_networks'].")
    return listed


def _index(value: Any) -> int:
    """A whole number as one of Python's.

    Raises:
        TypeError: for anything else, such as a truth value.
    """
    if isinstance(value, bool):
        raise TypeError("a truth value is no number")
    return operator.index(value)
