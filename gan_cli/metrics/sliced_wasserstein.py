"""The Wasserstein distance of samples and data along random lines."""

import math
from collections.abc import Mapping
from typing import ClassVar

from gan_cli.bounds import Size
from gan_cli.component import component
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


@component
class SlicedWasserstein(Metric):
    """The mean Wasserstein distance of projections of samples and held-out data onto random lines.

    SW_1 over `projections` directions, the same ones for every sample. Its floor for real data is
    of order N^(-1/2) whatever the dimension, so it can be used for images. It sees differences of
    single directions only, and so less than the Wasserstein distance itself, which it never passes.

    samples: how many samples are compared with as many examples.
    projections: how many random lines.

    Source: Rabin et al. 2011, "Wasserstein barycenter and its application to texture mixing";
        computed by POT (Flamary et al. 2021).
    """

    name = "sliced_wasserstein"
    better: ClassVar[Mapping[str, Direction]] = {"value": "lower"}

    limits: ClassVar[Limits] = {"value": (0, math.inf)}
    samples: Size = 2500
    projections: Size = 128

    def measure(self, samples: Points, reference: Reference) -> Numbers:
        real = flat(reference.held_out)[: self.samples]
        distance = empirical.sliced_wasserstein(flat(samples), real, projections=self.projections)
        return {"value": distance}

    def verdict(self, values: Mapping[str, Interval], perfect: Mapping[str, float]) -> str:
        return beside("The sliced Wasserstein distance", values["value"], perfect["value"])
