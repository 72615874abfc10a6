"""The kernel distance of samples and data in the space of features."""

from collections.abc import Mapping
from typing import ClassVar

import numpy as np

from gan_cli.bounds import Size
from gan_cli.component import component
from gan_cli.metrics.base import Direction, Interval, Metric, Points, Reference, flat
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
    in_features: ClassVar[bool] = True

    samples: Size = 5000

    def measure(self, samples: Points, reference: Reference) -> dict[str, float]:
        x, y = flat(samples), flat(reference.held_out)[: self.samples]
        n, m = len(x), len(y)
        within_x = (_sum(x, x) - _of_itself(x)) / (n * (n - 1))
        within_y = (_sum(y, y) - _of_itself(y)) / (m * (m - 1))
        return {"value": within_x - 2 * _sum(x, y) / (n * m) + within_y}

    def verdict(self, values: Mapping[str, Interval], perfect: Mapping[str, float]) -> str:
        return beside("The kernel distance", values["value"], perfect["value"])


def _kernel(products: np.ndarray, dimensions: int) -> np.ndarray:
    return (products / dimensions + 1) ** 3


def _sum(x: np.ndarray, y: np.ndarray) -> float:
    """The sum of the kernel over all pairs."""
    return float(_kernel(x @ y.T, x.shape[1]).sum())


def _of_itself(x: np.ndarray) -> float:
    """The sum of k(x, x), which the unbiased estimate leaves out."""
    return float(_kernel((x**2).sum(axis=1), x.shape[1]).sum())
