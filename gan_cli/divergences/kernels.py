"""Kernels k(x, y) of the distance of two points, and the maximum mean discrepancy they give."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np
from jaxtyping import Float, Int

from gan_cli.divergences.checks import check_finite, require

Shape = Literal["gaussian", "laplace", "rational_quadratic"]


@dataclass(frozen=True)
class Kernel:
    """The mean over the widths s of a kernel of the distance r = |x - y|, so that k(x, x) = 1.

    gaussian: exp(-r^2 / (2 s^2)). laplace: exp(-r / s).
    rational_quadratic: 1 / (1 + r^2 / (2 s^2)).

    shape: one of these.
    widths: the widths s, in units of x.

    Raises:
        ValueError: if there is no such shape or no width, or a width is not above 0.

    Source: Gretton et al. 2012, "A kernel two-sample test", section 2.2 (characteristic kernels);
        Li et al. 2017, section 5 (several widths); Binkowski et al. 2018, section 4.
    """

    shape: Shape = "gaussian"
    widths: tuple[float, ...] = (1.0,)

    def __post_init__(self) -> None:
        shapes = get_args(Shape)
        require(
            self.shape in shapes, f"The kernel must be {_either(shapes)}, and is {self.shape!r}."
        )
        require(len(self.widths), "A kernel needs at least one width, and has none.")
        check_finite(widths=self.widths)
        least = min(self.widths)
        require(least > 0, f"A kernel's widths must be above 0, and one is {least:g}.")

    def __str__(self) -> str:
        """The kernel in words, such as "gaussian kernel of widths 0.5 and 2"."""
        *others, last = (f"{width:g}" for width in self.widths)
        widths = f"widths {', '.join(others)} and {last}" if others else f"width {last}"
        return f"{self.shape.replace('_', ' ')} kernel of {widths}"

    def __call__(self, squared: np.ndarray) -> np.ndarray:
        """The kernel of squared distances, in their shape."""
        total = np.zeros_like(squared)
        for width in self.widths:
            total += self._single(squared / width**2)
        return np.asarray(total / len(self.widths))

    def _single(self, scaled: np.ndarray) -> np.ndarray:
        if self.shape == "gaussian":
            return np.asarray(np.exp(-scaled / 2))
        if self.shape == "laplace":
            return np.asarray(np.exp(-np.sqrt(scaled)))
        return np.asarray(1 / (1 + scaled / 2))


def mmd_squared(
    within_x: Float[np.ndarray, "n n"],
    between: Float[np.ndarray, "n m"],
    within_y: Float[np.ndarray, "m m"],
) -> Callable[[Int[np.ndarray, "rows"]], float]:
    """The unbiased estimate of MMD^2 between some points x and all points y, by the rows of x.

    E k(x, x') - 2 E k(x, y) + E k(y, y'), where no point is paired with itself.

    Args:
        within_x: k for all pairs of the N points x.
        between: k of each x and each of the M points y.
        within_y: k for all pairs of points y.

    Source: Gretton et al. 2012, "A kernel two-sample test", equation 3.
    """
    n, m = between.shape
    of_y = float(within_y.sum() - np.trace(within_y)) / (m * (m - 1))
    itself, to_y = np.diagonal(within_x), between.mean(axis=1)

    def estimate(rows: np.ndarray) -> float:
        chosen = np.zeros(n)
        chosen[rows] = 1
        count = len(rows)
        pairs = chosen @ within_x @ chosen - itself @ chosen
        return float(pairs / (count * (count - 1)) - 2 * (to_y @ chosen) / count + of_y)

    return estimate


def _either(names: tuple[str, ...]) -> str:
    return f"{', '.join(names[:-1])} or {names[-1]}"
