"""Small compiled computations whose results are compared with NumPy's in 64 bits.

Each has the form of something that gan computes, or of a fault that a release of jax had. The sizes
are not powers of two, since that is where compilers leave out or repeat the last few numbers.
"""

import math
from collections.abc import Callable
from typing import Any, NamedTuple

import jax
import jax.numpy as jnp
import numpy as np
from flax import nnx

from gan_cli.architectures import convolutions, layers
from gan_cli.datasets.ring import Ring
from gan_cli.objectives.base import jensen_shannon
from gan_cli.training.batches import ROUNDS, permute

ODD = 32_769
"""One more than 2^15."""

LANES = 5


class Compared(NamedTuple):
    """Two computations of the same arrays: by a compiled program, and by NumPy in 64 bits.

    tolerance: the error that rounding allows, relative to the largest expected magnitude.
    """

    computed: Any
    expected: Any
    tolerance: float = 1e-5


def problem(compared: Compared) -> str | None:
    """What is wrong with a result, in words that follow a name, or None."""
    pairs = zip(jax.tree.leaves(compared.computed), jax.tree.leaves(compared.expected), strict=True)
    for computed, expected in pairs:
        ours, truth = np.asarray(computed, np.float64), np.asarray(expected, np.float64)
        if ours.shape != truth.shape:
            return f"has the shape {ours.shape} where {truth.shape} is right"
        errors = np.abs(ours - truth) / max(np.abs(truth).max(), np.finfo(np.float32).tiny)
        wrong = ~(errors <= compared.tolerance)
        if wrong.any():
            at = tuple(map(int, np.argwhere(wrong)[0]))
            place = f" at {list(at)}" if at else ""
            return (
                f"is wrong in {wrong.sum():,} of {wrong.size:,} numbers, the first{place}: "
                f"{ours[at]:.7g} where {truth[at]:.7g} is right"
            )
    return None


def sum_in_rows() -> Compared:
    """The sum of squares of a product, row by row (jax issue 39103)."""
    x = np.zeros((ODD, 3), np.float32)
    x[:, 0] = np.arange(ODD)
    program = jax.jit(jax.vmap(lambda row: jnp.sum((jnp.eye(3) @ row) ** 2)))
    return Compared(program(x), np.arange(ODD, dtype=np.float64) ** 2)


def sum_of_seven_axes() -> Compared:
    """A product and a sum of arrays with seven axes (jax issue 39257: the process may end)."""
    u, v = _normal(2, 3, 1, 2, 2, 8, 8, 8)
    program = jax.jit(lambda u, v: jnp.sum(u * v, axis=3))
    return Compared(program(u, v), (u * v).sum(axis=3))


def winograd() -> Compared:
    """Winograd's convolution and both of its gradients, over lanes."""
    lanes, n, height, width, channels, filters = 3, 2, 10, 14, 17, 5
    x = _normal(lanes, n, height, width, channels)
    kernel = _normal(lanes, 4, 4, channels, filters)
    slope = _normal(lanes, n, height // 2, width // 2, filters)

    def program(x: jax.Array, kernel: jax.Array, slope: jax.Array) -> Any:
        y, back = jax.vjp(convolutions.convolve_by_winograd, x, kernel)
        return y, *back(slope)

    padded = np.pad(x, ((0, 0), (0, 0), (1, 1), (1, 1), (0, 0)))
    y, to_x, to_kernel = np.zeros(slope.shape), np.zeros(padded.shape), np.zeros(kernel.shape)
    for i, j in np.ndindex(4, 4):
        at = np.s_[:, :, i : i + height - 1 : 2, j : j + width - 1 : 2]
        y += np.einsum("lnhwc,lcf->lnhwf", padded[at], kernel[:, i, j])
        to_x[at] += np.einsum("lnhwf,lcf->lnhwc", slope, kernel[:, i, j])
        to_kernel[:, i, j] = np.einsum("lnhwc,lnhwf->lcf", padded[at], slope)
    return Compared(
        jax.jit(jax.vmap(program))(x, kernel, slope), (y, to_x[:, :, 1:-1, 1:-1], to_kernel)
    )


def losses_of_lanes() -> Compared:
    """A mean of logistic losses and its gradient, over lanes."""
    real, fake = _normal(2, LANES, 129)
    program = jax.jit(jax.vmap(jax.value_and_grad(jensen_shannon, argnums=(0, 1))))
    value = math.log(2) - (np.log1p(np.exp(-real)) + np.log1p(np.exp(fake))).mean(axis=1) / 2
    gradients = 1 / (1 + np.exp(real)) / 258, -1 / (1 + np.exp(-fake)) / 258
    return Compared(program(real, fake), (value, gradients))


def batch_norm() -> Compared:
    """The mean and variance of images over three strided axes, over lanes."""
    x = 3 + _normal(LANES, 7, 9, 11, 13)
    norm = layers.stateless_batch_norm(13, 4, nnx.Rngs(0))
    mean, variance = (of((1, 2, 3), keepdims=True) for of in (x.mean, x.var))
    expected = (x - mean) / np.sqrt(variance + layers.BATCH_NORM["epsilon"])
    return Compared(jax.jit(jax.vmap(norm))(x), expected)


def density() -> Compared:
    """The log density of a mixture at many points, and the mean of its density."""
    ring = Ring()
    x = 1.5 * np.random.default_rng(0).uniform(-1, 1, (ODD, 2)).astype(np.float32)
    centres, std, weights = ring.modes()
    squared = ((x[:, None] - centres) ** 2).sum(axis=-1)
    exponents = np.log(weights / (2 * np.pi * std**2)) - squared / (2 * std**2)
    expected = np.logaddexp.reduce(exponents, axis=-1)

    def program(x: jax.Array) -> tuple[jax.Array, jax.Array]:
        log_density = ring.log_prob(x)
        return log_density, jnp.exp(log_density).mean()

    return Compared(jax.jit(program)(x), (expected, np.exp(expected).mean()), 1e-4)


def counts() -> Compared:
    """Counts by scattered additions, over lanes, as in a histogram."""
    bins = np.random.default_rng(0).integers(0, 37, (LANES, ODD))
    program = jax.jit(jax.vmap(lambda places: jnp.zeros(37).at[places].add(1.0)))
    return Compared(program(bins), np.stack([np.bincount(row, minlength=37) for row in bins]))


def permutation() -> Compared:
    """The order of a data set's examples, which must have each of them once."""
    key = jax.random.key(0)
    positions = np.arange(ODD, dtype=np.uint32)
    round_keys = np.asarray(jax.random.bits(key, (ROUNDS,), jnp.uint32))
    computed = jax.jit(permute, static_argnums=1)(key, ODD, positions)
    expected = _permute(round_keys, ODD, positions)
    return Compared((computed, jnp.sort(computed)), (expected, positions), 0)


def _permute(round_keys: np.ndarray, n: int, positions: np.ndarray) -> np.ndarray:
    """What `batches.permute` computes, in NumPy."""
    bits = (n - 1).bit_length()

    def mix(x: Any) -> Any:
        x = (x ^ (x >> 16)) * np.uint32(0x7FEB352D)
        x = (x ^ (x >> 15)) * np.uint32(0x846CA68B)
        return x ^ (x >> 16)

    def encipher(x: Any) -> Any:
        a, b = bits // 2, bits - bits // 2
        left, right = x >> b, x & np.uint32(2**b - 1)
        for key in round_keys:
            left, right = right, (left ^ mix(right ^ key)) & np.uint32(2**a - 1)
            a, b = b, a
        return (left << b) | right

    walked: np.ndarray = encipher(positions)
    while (walked >= n).any():
        walked = np.where(walked >= n, encipher(walked), walked)
    return walked


def _normal(*shape: int) -> np.ndarray:
    """Normal numbers with the precision of 32 bits, stored in 64 so that NumPy computes in 64."""
    return np.random.default_rng(0).standard_normal(shape, np.float32).astype(np.float64)


CANARIES: dict[str, Callable[[], Compared]] = {
    "sum in rows": sum_in_rows,
    "Winograd's convolution": winograd,
    "losses of lanes": losses_of_lanes,
    "batch norm": batch_norm,
    "density of a mixture": density,
    "counts": counts,
    "permutation": permutation,
    "sum of seven axes": sum_of_seven_axes,
}
"""Every canary by its name; the one that may end the process comes last."""


def run(name: str) -> str | None:
    """Tries a canary; returns what is wrong, in words that follow its name, or None.

    Matrix products are as exact as the device can make them: a GPU rounds them to 10 bits by
    default, which is no fault.
    """
    try:
        with jax.default_matmul_precision("highest"), jax.transfer_guard("allow"):
            return problem(CANARIES[name]())
    except Exception as error:  # whatever a broken compiler raises is a finding
        reason = (str(error).splitlines() or [""])[0]
        return f"failed with {type(error).__name__}: {reason}"
