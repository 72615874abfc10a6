"""The kernel distance of samples and data in the space of features."""

from collections.abc import Callable, Mapping
from typing import ClassVar

import numpy as np

from gan_cli.bounds import Size
from gan_cli.component import component
from gan_cli.datasets.base import Dataset
from gan_cli.divergences.kernels import mmd_squared
from gan_cli.metrics.base import (
    Compared,
    Direction,
    Interval,
    Metric,
    Numbers,
    Points,
    Reference,
    Rows,
    flat,
)
from gan_cli.metrics.words import beside


@component
class KernelDistance(Metric):
    """The squared maximum mean discrepancy of features under a cubic kernel.

    MMD^2 for k(x, y) = (x.y / D + 1)^3 and features of D dimensions. Unlike FID it is unbiased: it
    is 0 on average for a perfect sampler at any number of samples, and may be below.

    samples: how many samples are compared with as many examples.

    Source: Binkowski et al. 2018, "Demystifying MMD GANs", section 4.
    """

    name = "kid"
    better: ClassVar[Mapping[str, Direction]] = {"value": "lower"}
    compares: ClassVar[Compared] = "features"

    samples: Size = 5000

    def suits(self, dataset: Dataset) -> bool:
        return len(dataset.shape) == 3

    def measure(self, samples: Points, reference: Reference) -> Numbers:
        return self.among(samples, reference)(np.arange(len(samples)))

    def among(self, samples: Points, reference: Reference) -> Callable[[Rows], Numbers]:
        x, y = flat(samples), flat(reference.held_out)[: self.samples]
        measure = mmd_squared(_kernel(x, x), _kernel(x, y), _kernel(y, y))
        return lambda rows: {"value": measure(rows)}

    def verdict(self, values: Mapping[str, Interval], perfect: Mapping[str, float]) -> str:
        return beside("The kernel distance", values["value"], perfect["value"])


def _kernel(x: np.ndarray, y: np.ndarray) -> np.ndarray:
    """The kernel of all pairs of x (N, D) and y (M, D), (N, M)."""
    return np.asarray((x @ y.T / x.shape[1] + 1) ** 3)
