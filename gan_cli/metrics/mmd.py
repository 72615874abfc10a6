"""The maximum mean discrepancy of samples and data."""

import math
from collections.abc import Callable, Mapping
from typing import ClassVar

import numpy as np

from gan_cli.bounds import Size
from gan_cli.component import component
from gan_cli.divergences.kernels import Kernel, mmd_squared
from gan_cli.metrics.base import (
    Direction,
    Interval,
    Metric,
    Numbers,
    Points,
    Reference,
    Rows,
    flat,
)
from gan_cli.metrics.distances import squared
from gan_cli.metrics.words import beside


@component
class MaximumMeanDiscrepancy(Metric):
    """The squared distance of the mean embeddings of samples and held-out data under a kernel.

    MMD^2 = E k(x, x') - 2 E k(x, y) + E k(y, y') for k(x, y) = exp(-|x - y|^2 / (2 s^2)),
    where s is the median distance of the held-out data. The estimate is unbiased, so it is 0 on
    average for a perfect sampler, and may be below.

    A trap: with one width s it hardly sees details much finer than s: on the ring neither wider
    modes nor the lack of every second mode.

    samples: how many samples are compared with as many examples.

    Source: Gretton et al. 2012, "A kernel two-sample test", equation 3, and section 8 for s.
    """

    name = "mmd"
    better: ClassVar[Mapping[str, Direction]] = {"value": "lower"}

    samples: Size = 2000

    def measure(self, samples: Points, reference: Reference) -> Numbers:
        return self.among(samples, reference)(np.arange(len(samples)))

    def among(self, samples: Points, reference: Reference) -> Callable[[Rows], Numbers]:
        x, y = flat(samples), flat(reference.held_out)[: self.samples]
        of_y = squared(y, y)
        width = math.sqrt(np.median(of_y[np.triu_indices(len(y), 1)])) or 1.0
        kernel = Kernel("gaussian", (width,))
        measure = mmd_squared(kernel(squared(x, x)), kernel(squared(x, y)), kernel(of_y))
        return lambda rows: {"value": measure(rows)}

    def verdict(self, values: Mapping[str, Interval], perfect: Mapping[str, float]) -> str:
        return beside("The maximum mean discrepancy", values["value"], perfect["value"])
