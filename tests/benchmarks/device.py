"""What a device does at best with matrix products, by measurement and by its data sheet."""

import functools
import time

import jax
import jax.numpy as jnp
import numpy as np

PEAKS = {
    "H100": {"full": 67e12, "tf32": 495e12, "bfloat16": 990e12},
    "H200": {"full": 67e12, "tf32": 495e12, "bfloat16": 990e12},
    "A100": {"full": 19.5e12, "tf32": 156e12, "bfloat16": 312e12},
}
"""Dense floating-point operations a second in the data sheets of GPUs on SXM boards."""
REPEATS = 10


@functools.cache
def rounds_to_tf32() -> bool:
    """Whether float32 products at the default precision lose the bits that TF32 does not have."""
    size, beyond = 1024, np.float32(1 + 2**-12)
    product = jax.jit(jnp.matmul)(jnp.full((size, size), beyond), jnp.eye(size))
    return bool(jnp.any(product != beyond))


def data_sheet(form: str) -> float | None:
    """The device's floating-point operations a second in a form; None where they are not known."""
    name = jax.devices()[0].device_kind
    known = next((peaks for part, peaks in PEAKS.items() if part in name), None)
    if known is None or form == "bfloat16":
        return known and known["bfloat16"]
    return known["tf32" if form == "float32" and rounds_to_tf32() else "full"]


@functools.cache
def product_rate(form: str, size: int) -> float:
    """The best floating-point operations a second of three rounds of square products.

    Args:
        form: float32, at JAX's default precision; float32 in full; or bfloat16.
        size: the side of the matrices.
    """
    a, b = jax.random.normal(jax.random.key(size), (2, size, size), form.split()[0])
    exact = jax.lax.Precision.HIGHEST if form.endswith("full") else None
    multiply = jax.jit(functools.partial(jnp.matmul, precision=exact))
    multiply(a, b).block_until_ready()
    seconds = []
    for _ in range(3):
        begun = time.perf_counter()
        for _ in range(REPEATS):
            product = multiply(a, b)
        product.block_until_ready()
        seconds.append(time.perf_counter() - begun)
    return REPEATS * 2 * size**3 / min(seconds)
