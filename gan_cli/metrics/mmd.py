"""The maximum mean discrepancy of samples and data."""

from collections.abc import Callable, Mapping
from typing import ClassVar

import numpy as np

from gan_cli.bounds import Size
from gan_cli.component import component
from gan_cli.metrics.base import Direction, Interval, Metric, Points, Reference, flat
from gan_cli.metrics.distances import blocks
from gan_cli.metrics.words import beside

Kernel = Callable[[np.ndarray], np.ndarray]
"""A kernel as a function of squared distances."""


@component
class MaximumMeanDiscrepancy(Metric):
    """The squared distance of the mean embeddings of samples and held-out data under a kernel.

    MMD^2 = E k(x, x') - 2 E k(x, y) + E k(y, y') for k(x, y) = exp(-|x - y|^2 / (2 s^2)),
    where s is the median distance of the held-out data. The estimate is unbiased, so it is 0 on
    average for a perfect sampler, and may be below.

    A trap: with one width s it hardly sees details much finer than s.

    samples: how many samples are compared with as many examples.

    Source: Gretton et al. 2012, "A kernel two-sample test", equation 3, and section 8 for s.
    """

    name = "mmd"
    better: ClassVar[Mapping[str, Direction]] = {"value": "lower"}

    samples: Size = 2000

    def measure(self, samples: Points, reference: Reference) -> dict[str, float]:
        x, y = flat(samples), flat(reference.held_out)[: self.samples]
        between = np.concatenate([d for _, d in blocks(y, y)])
        width = np.median(between[np.triu_indices(len(y), 1)])
        return {"value": mmd_squared(x, y, lambda squared: np.exp(-squared / (2 * width)))}

    def verdict(self, values: Mapping[str, Interval], perfect: Mapping[str, float]) -> str:
        return beside("The maximum mean discrepancy", values["value"], perfect["value"])


def mmd_squared(x: np.ndarray, y: np.ndarray, kernel: Kernel) -> float:
    """The unbiased estimate of MMD^2 between x (N, D) and y (M, D)."""

    def total(a: np.ndarray, b: np.ndarray) -> float:
        return sum(float(kernel(squared).sum()) for _, squared in blocks(a, b))

    n, m = len(x), len(y)
    same = float(kernel(np.zeros(1))[0])  # k(x, x), which the unbiased estimate leaves out
    within_x = (total(x, x) - n * same) / (n * (n - 1))
    within_y = (total(y, y) - m * same) / (m * (m - 1))
    return within_x - 2 * total(x, y) / (n * m) + within_y
