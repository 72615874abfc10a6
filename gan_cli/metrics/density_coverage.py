"""How dense the samples are where the data are, and how many of the data they are near."""

from collections.abc import Callable, Mapping
from typing import ClassVar

import numpy as np

from gan_cli.bounds import Size
from gan_cli.component import component
from gan_cli.metrics.base import (
    Compared,
    Direction,
    Interval,
    Limits,
    Metric,
    Numbers,
    Points,
    Reference,
    Rows,
    flat,
)
from gan_cli.metrics.distances import radii, squared


@component
class DensityCoverage(Metric):
    """How many data a sample is near, on average, and the share of data that a sample is near.

    With the ball around each of the data that reaches to its k-th nearest neighbour among them,
    density = (1 / kM) sum over the M samples of the number of balls it lies in, and coverage is the
    share of balls with a sample in them. A perfect sampler has density 1, and coverage 1 - 2^-k for
    as many samples as data. Density may be above 1: samples crowd where data are dense.

    A trap: density rewards samples that crowd where the data are densest, as the features that a
    classifier gives blurred digits do. Coverage sees those.

    samples: how many samples are compared with as many examples.
    k: which neighbour a ball reaches to.

    Source: Naeem et al. 2020, "Reliable fidelity and diversity metrics for generative models",
        equations 3 and 4, and section 3.2 for the values of a perfect sampler.
    """

    name = "density_coverage"
    better: ClassVar[Mapping[str, Direction]] = {"density": "higher", "coverage": "higher"}
    compares: ClassVar[Compared] = "features"

    limits: ClassVar[Limits] = {
        "density": (0, np.inf),
        "coverage": (0, 1),
    }
    samples: Size = 5000
    k: Size = 5

    def measure(self, samples: Points, reference: Reference) -> Numbers:
        return self.among(samples, reference)(np.arange(len(samples)))

    def among(self, samples: Points, reference: Reference) -> Callable[[Rows], Numbers]:
        x, y = flat(samples), flat(reference.held_out)[: self.samples]
        k = min(self.k, len(y) - 1)
        near = squared(x, y) <= radii(squared(y, y), k)

        def measure(rows: Rows) -> Numbers:
            chosen = near[rows]
            density = float(chosen.sum() / (k * len(rows)))
            return {"density": density, "coverage": float(chosen.any(axis=0).mean())}

        return measure

    def verdict(self, values: Mapping[str, Interval], perfect: Mapping[str, float]) -> str:
        return (
            f"The samples come near {values['coverage'].value:.0%} of the data, where fresh data "
            f"come near {perfect['coverage']:.0%}."
        )
