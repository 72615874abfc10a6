"""What the device can do at best: large matrix products of float32."""

import time

import jax
import jax.numpy as jnp

SIZES = (1024, 2048, 4096)
PATIENCE = 4.0
"""A product that takes longer than this many rounds' seconds is left out."""


class Product:
    """Products of square matrices, at JAX's default precision for float32, as in the networks."""

    def __init__(self, size: int, seconds: float) -> None:
        self.size = size
        a, b = jax.random.normal(jax.random.key(size), (2, size, size))
        self._operands = a, b
        self._product = jax.jit(jnp.matmul)
        self._repeat = 1
        self()
        self.seconds = 2 * size**3 / self()
        self._repeat = max(1, round(seconds / self.seconds))

    def __call__(self) -> float:
        """The floating-point operations per second of a round."""
        begin = time.perf_counter()
        for _ in range(self._repeat):
            jax.block_until_ready(self._product(*self._operands))
        return self._repeat * 2 * self.size**3 / (time.perf_counter() - begin)


def products(seconds: float) -> dict[str, Product]:
    """The products to measure, by name; a round of all of them takes about so many seconds."""
    found: dict[str, Product] = {}
    for size in SIZES:
        made = Product(size, seconds / len(SIZES))
        found[f"product {size}"] = made
        if 8 * made.seconds > PATIENCE * seconds:
            break
    return found
