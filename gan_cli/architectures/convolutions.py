"""The 4x4 convolution with stride 2 and its transpose, in the quickest form for the device."""

import jax
import jax.numpy as jnp
from jax import lax

MANY_CHANNELS = 16
"""From how many channels on Winograd's form is the quicker one on a CPU (measured: 8 are even)."""


def convolve(x: jax.Array, kernel: jax.Array) -> jax.Array:
    """A 4x4 convolution with stride 2 and padding 1, which halves the side.

    On a CPU it is made of matrix products: inside a loop, XLA's CPU convolutions run many times
    slower.

    Args:
        x: images with even sides, (N, H, W, C).
        kernel: (4, 4, C, F).

    Returns:
        (N, H / 2, W / 2, F).

    Raises:
        ValueError: for an odd side.
    """
    if x.shape[1] % 2 or x.shape[2] % 2:
        raise ValueError(f"the sides of the images must be even, and x has the shape {x.shape}.")
    dtype = jnp.result_type(x, kernel)
    many = kernel.shape[2] >= MANY_CHANNELS and dtype == jnp.float32
    convolved: jax.Array = lax.platform_dependent(
        x.astype(dtype),
        kernel.astype(dtype),
        cpu=convolve_by_winograd if many else convolve_by_matmul,
        default=convolve_by_lax,
    )
    return convolved


def convolve_transposed(y: jax.Array, kernel: jax.Array) -> jax.Array:
    """The transpose of `convolve` as a linear map of the images, which doubles the side.

    Args:
        y: images, (N, H, W, F).
        kernel: (4, 4, C, F), as `convolve` takes it.

    Returns:
        (N, 2 H, 2 W, C).
    """
    n, height, width, _ = y.shape
    dtype = jnp.result_type(y, kernel)
    domain = jnp.zeros((n, 2 * height, 2 * width, kernel.shape[2]), dtype)
    transpose = jax.linear_transpose(lambda x: convolve(x, kernel), domain)
    x: jax.Array = transpose(y.astype(dtype))[0]
    return x


def convolve_by_lax(x: jax.Array, kernel: jax.Array) -> jax.Array:
    """`convolve` by XLA's convolution, the quick form on a GPU or TPU."""
    return lax.conv_general_dilated(
        x, kernel, (2, 2), ((1, 1), (1, 1)), dimension_numbers=("NHWC", "HWIO", "NHWC")
    )


def convolve_by_matmul(x: jax.Array, kernel: jax.Array) -> jax.Array:
    """`convolve` by one matrix product over patches, the quick form on a CPU for few channels.

    A 4x4 patch at stride 2 is 2x2 neighbouring blocks.
    """
    n, height, width, channels = x.shape
    blocks = _blocks(jnp.pad(x, ((0, 0), (1, 1), (1, 1), (0, 0))))
    above, below = blocks[:, :-1], blocks[:, 1:]
    neighbours = [above[:, :, :-1], above[:, :, 1:], below[:, :, :-1], below[:, :, 1:]]
    patches = jnp.concatenate(neighbours, axis=-1).reshape(-1, 16 * channels)
    weights = _taps(kernel).reshape(16 * channels, -1)
    return (patches @ weights).reshape(n, height // 2, width // 2, -1)


def convolve_by_winograd(x: jax.Array, kernel: jax.Array) -> jax.Array:
    """`convolve` by 9 products in place of 16, the quick form on a CPU for many channels.

    Over the blocks d it is a convolution with two taps a, b along each axis, and two neighbouring
    outputs need three products instead of four:

        a d0 + b d1 = a (d0 - d1) + (a + b) d1
        a d1 + b d2 = (a + b) d1 - b (d1 - d2)

    Along both axes, 2x2 outputs need 3x3. The sums cost half-precision numbers a few of their bits.

    Source: Lavin and Gray 2016, "Fast algorithms for convolutional neural networks", section 4.1.
    """
    _, height, width, _ = x.shape
    rows, columns = height // 2, width // 2
    below, right = 1 + 2 * (rows % 2), 1 + 2 * (columns % 2)
    blocks = _blocks(jnp.pad(x, ((0, 0), (1, below), (1, right), (0, 0))))
    inputs = [_differences(line, axis=2) for line in _differences(blocks, axis=1)]
    (a, b), (c, d) = _taps(kernel)
    weights = [(v, v + w, w) for v, w in ((a, b), (a + c, b + d), (c, d))]
    lines = [
        _outputs([i @ w for i, w in zip(*line, strict=True)], axis=2)
        for line in zip(inputs, weights, strict=True)
    ]
    return _outputs(lines, axis=1)[:, :rows, :columns]


def _differences(d: jax.Array, axis: int) -> tuple[jax.Array, jax.Array, jax.Array]:
    """d0 - d1, d1 and d1 - d2 of every three neighbours, each pair of outputs having its own."""
    pairs = d.shape[axis] // 2
    first, middle, last = (
        lax.slice_in_dim(d, start, start + 2 * pairs - 1, 2, axis) for start in range(3)
    )
    return first - middle, middle, middle - last


def _outputs(products: list[jax.Array], axis: int) -> jax.Array:
    """The pairs of outputs that three products give, side by side along an axis."""
    first, middle, last = products
    pairs = jnp.stack([first + middle, middle - last], axis + 1)
    shape = list(first.shape)
    shape[axis] *= 2
    return pairs.reshape(shape)


def _blocks(x: jax.Array) -> jax.Array:
    """Images (N, H, W, C) cut into 2x2 blocks, (N, H / 2, W / 2, 4 C)."""
    n, height, width, channels = x.shape
    blocks = x.reshape(n, height // 2, 2, width // 2, 2, channels)
    return blocks.transpose(0, 1, 3, 2, 4, 5).reshape(n, height // 2, width // 2, 4 * channels)


def _taps(kernel: jax.Array) -> jax.Array:
    """A kernel (4, 4, C, F) as 2x2 taps over blocks, (2, 2, 4 C, F)."""
    channels, filters = kernel.shape[2:]
    taps = kernel.reshape(2, 2, 2, 2, channels, filters).transpose(0, 2, 1, 3, 4, 5)
    return taps.reshape(2, 2, 4 * channels, filters)
