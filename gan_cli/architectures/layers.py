"""Layers that architectures share: D's head, stride-2 convolutions, batch norm, dropout."""

from collections.abc import Callable

import jax
import jax.numpy as jnp
from flax import nnx

from gan_cli.architectures import convolutions

Initializer = Callable[..., jax.Array]

ONES: Initializer = nnx.initializers.ones

BATCH_NORM = {"epsilon": 1e-5, "use_fast_variance": False}


class Head(nnx.Linear):
    """D's last layer: (N, features) -> (N,) where it has one output, else (N, outputs)."""

    def __call__(self, h: jax.Array) -> jax.Array:
        scores: jax.Array = super().__call__(h)
        return scores[:, 0] if self.out_features == 1 else scores


class _StridedKernel(nnx.Module):
    """A (4, 4, in, out) kernel and, where wanted, a bias (out,) that starts at zero."""

    def __init__(
        self, inputs: int, outputs: int, *, bias: bool, kernel_init: Initializer, rngs: nnx.Rngs
    ) -> None:
        # Drawn as a matrix: four-dimensional draws take XLA several times as long to compile.
        matrix = kernel_init(rngs.params(), (16 * inputs, outputs), jnp.float32)
        self.kernel = nnx.Param(matrix.reshape(4, 4, inputs, outputs))
        self.bias = nnx.Param(jnp.zeros(outputs)) if bias else None

    def _shift(self, y: jax.Array) -> jax.Array:
        return y if self.bias is None else y + self.bias[...].reshape(1, 1, 1, -1)


class StridedConv(_StridedKernel):
    """A learned 4x4 convolution that halves the side: (N, H, W, in) -> (N, H / 2, W / 2, out)."""

    def __call__(self, x: jax.Array) -> jax.Array:
        return self._shift(convolutions.convolve(x, self.kernel[...]))


class TransposedConv(_StridedKernel):
    """A learned 4x4 convolution that doubles the side: (N, H, W, in) -> (N, 2 H, 2 W, out)."""

    def __call__(self, y: jax.Array) -> jax.Array:
        return self._shift(convolutions.convolve_transposed(y, self.kernel[...].swapaxes(2, 3)))


def running_batch_norm(
    features: int, momentum: float, rngs: nnx.Rngs, scale_init: Initializer = ONES
) -> nnx.BatchNorm:
    """Batch norm for G, whose running statistics make a sample independent of its batch."""
    return nnx.BatchNorm(
        features, momentum=momentum, scale_init=scale_init, rngs=rngs, **BATCH_NORM
    )


def normalise(norm: nnx.BatchNorm, x: jax.Array, *, train: bool) -> jax.Array:
    """Applies G's batch norm in the precision of x.

    Args:
        norm: from `running_batch_norm`.
        x: (N, ..., features).
        train: normalise by the batch and update the running statistics, or use those.
    """
    normal: jax.Array = norm(x, use_running_average=not train)
    return normal.astype(x.dtype)


def stateless_batch_norm(
    features: int, axes: int, rngs: nnx.Rngs, scale_init: Initializer = ONES
) -> nnx.LayerNorm:
    """Batch norm for D, which always normalises by the given batch and keeps no statistics.

    Since it has no state, it can be differentiated by its input and called many times in a step.

    Args:
        features: the size of the last axis.
        axes: the number of axes of its input: 2 for (N, features), 4 for images.
        rngs: the source of the initial values.
        scale_init: draws the initial scale.
    """
    return nnx.LayerNorm(
        features,
        reduction_axes=tuple(range(axes - 1)),
        feature_axes=-1,
        scale_init=scale_init,
        rngs=rngs,
        **BATCH_NORM,
    )


def dropout(x: jax.Array, rate: float, key: jax.Array | None, layer: int) -> jax.Array:
    """Sets each value to zero with probability `rate` and scales the others by 1 / (1 - rate).

    Args:
        x: any shape.
        rate: in [0, 1), a Python number.
        key: the key for the masks of the whole network; None leaves dropout out.
        layer: the number of this layer, which makes its mask differ from the others.
    """
    if key is None or rate == 0:
        return x
    dropped: jax.Array = nnx.Dropout(rate)(x, rngs=jax.random.fold_in(key, layer))
    return dropped
