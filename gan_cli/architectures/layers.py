"""Layers that architectures share: stride-2 convolutions, batch norm, dropout."""

from collections.abc import Callable

import jax
import jax.numpy as jnp
from flax import nnx

from gan_cli.architectures import convolutions

Initializer = Callable[..., jax.Array]

BATCH_NORM_EPSILON = 1e-5


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
        return y if self.bias is None else y + self.bias[...]


class StridedConv(_StridedKernel):
    """A learned 4x4 convolution that halves the side: (N, H, W, in) -> (N, H / 2, W / 2, out)."""

    def __call__(self, x: jax.Array) -> jax.Array:
        return self._shift(convolutions.convolve(x, self.kernel[...]))


class TransposedConv(_StridedKernel):
    """A learned 4x4 convolution that doubles the side: (N, H, W, in) -> (N, 2 H, 2 W, out)."""

    def __call__(self, y: jax.Array) -> jax.Array:
        return self._shift(convolutions.convolve_transposed(y, self.kernel[...].swapaxes(2, 3)))


def running_batch_norm(
    features: int,
    momentum: float,
    rngs: nnx.Rngs,
    scale_init: Initializer = nnx.initializers.ones,
) -> nnx.BatchNorm:
    """Batch norm for G: keeps running statistics, so that samples need not depend on a batch."""
    return nnx.BatchNorm(
        features,
        momentum=momentum,
        epsilon=BATCH_NORM_EPSILON,
        use_fast_variance=False,
        scale_init=scale_init,
        rngs=rngs,
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
    features: int,
    axes: int,
    rngs: nnx.Rngs,
    scale_init: Initializer = nnx.initializers.ones,
) -> nnx.LayerNorm:
    """Batch norm for D: always by the batch it is given, with no running statistics.

    Having no state, it can be differentiated by its input and called any number of times a step.

    Args:
        features: the size of the last axis.
        axes: the number of axes of what it is given: 2 for (N, features), 4 for images.
        rngs: of the initial values.
        scale_init: of the scale.
    """
    return nnx.LayerNorm(
        features,
        reduction_axes=tuple(range(axes - 1)),
        feature_axes=-1,
        epsilon=BATCH_NORM_EPSILON,
        use_fast_variance=False,
        scale_init=scale_init,
        rngs=rngs,
    )


def dropout(x: jax.Array, rate: float, key: jax.Array | None, layer: int) -> jax.Array:
    """Sets each value to zero with probability `rate` and scales the others by 1 / (1 - rate).

    Args:
        x: any shape.
        rate: in [0, 1), a Python number.
        key: of the whole network's masks; None leaves dropout out.
        layer: tells this layer's mask from the others of the network.
    """
    if key is None or rate == 0:
        return x
    dropped: jax.Array = nnx.Dropout(rate)(x, rngs=jax.random.fold_in(key, layer))
    return dropped
