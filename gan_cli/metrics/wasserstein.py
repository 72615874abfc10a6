"""The Wasserstein distance of samples and data."""

import math
from collections.abc import Mapping
from typing import ClassVar

from gan_cli.bounds import Size
from gan_cli.component import component
from gan_cli.datasets.base import Dataset
from gan_cli.divergences import samples as empirical
from gan_cli.metrics.base import (
    Direction,
    Interval,
    Limits,
    Metric,
    Numbers,
    Points,
    Reference,
    flat,
)
from gan_cli.metrics.words import beside

DIMENSIONS = 8
"""Beyond as many, the floor of the estimate hides all but gross differences."""


@component
class Wasserstein(Metric):
    """The least mean distance by which samples have to be moved to become held-out data.

    W_1 of equally many samples and examples, exactly, by linear programming. As an estimate it is
    biased upwards: for real data it is not 0 but of order N^(-1/D), so it is only to be read beside
    what a perfect sampler scores at the same N.

    samples: how many samples are compared with as many examples.

    Source: Villani 2009, "Optimal Transport: Old and New", definition 6.1; Fournier and Guillin
        2015, Theorem 1, for the floor; computed by POT (Flamary et al. 2021).
    """

    name = "wasserstein"
    better: ClassVar[Mapping[str, Direction]] = {"value": "lower"}
    rounds: ClassVar[int] = 10

    limits: ClassVar[Limits] = {"value": (0, math.inf)}
    samples: Size = 1000

    def misfit(self, dataset: Dataset) -> str | None:
        fits = len(dataset.shape) == 1 and dataset.shape[0] <= DIMENSIONS
        return None if fits else f"it needs points of at most {DIMENSIONS} coordinates"

    def measure(self, samples: Points, reference: Reference) -> Numbers:
        real = flat(reference.held_out)[: self.samples]
        return {"value": empirical.wasserstein(flat(samples), real)}

    def verdict(self, values: Mapping[str, Interval], perfect: Mapping[str, float]) -> str:
        return beside("The Wasserstein distance to the data", values["value"], perfect["value"])
