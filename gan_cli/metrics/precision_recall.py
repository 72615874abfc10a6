"""Which part of the samples looks real, and which part of the data the samples reach."""

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
class PrecisionRecall(Metric):
    """The share of samples within the data's neighbourhoods, and of data within the samples'.

    A neighbourhood is the ball around a point that reaches to its k-th nearest neighbour among
    points of its own kind. Precision falls with samples that look like no data, recall with data
    that no sample is like.

    A trap: one outlier has a large ball, so both can be too high; see `density_coverage`.
    Precision does not see blur where a classifier gives the features: those of blurred digits lie
    where the data's are densest, so more of them look real than of real digits. Recall sees it.

    samples: how many samples are compared with as many examples.
    k: which neighbour a neighbourhood reaches to.

    Source: Kynkäänniemi et al. 2019, "Improved precision and recall metric for assessing generative
        models", equations 1 and 2.
    """

    name = "precision_recall"
    better: ClassVar[Mapping[str, Direction]] = {"precision": "higher", "recall": "higher"}
    compares: ClassVar[Compared] = "features"

    limits: ClassVar[Limits] = {
        "precision": (0, 1),
        "recall": (0, 1),
    }
    samples: Size = 5000
    k: Size = 3

    def measure(self, samples: Points, reference: Reference) -> Numbers:
        return self.among(samples, reference)(np.arange(len(samples)))

    def among(self, samples: Points, reference: Reference) -> Callable[[Rows], Numbers]:
        x, y = flat(samples), flat(reference.held_out)[: self.samples]
        within, to_y = squared(x, x), squared(x, y)
        real: np.ndarray = np.any(to_y <= radii(squared(y, y), self.k), axis=1)

        def measure(rows: Rows) -> Numbers:
            reach = radii(within[np.ix_(rows, rows)], self.k)
            reached = (to_y[rows] <= reach[:, None]).any(axis=0)
            return {"precision": float(real[rows].mean()), "recall": float(reached.mean())}

        return measure

    def verdict(self, values: Mapping[str, Interval], perfect: Mapping[str, float]) -> str:
        precision, recall = (values[name].value for name in ("precision", "recall"))
        return (
            f"{precision:.0%} of the samples look real ({perfect['precision']:.0%} of real data "
            f"do), and they reach {recall:.0%} of the data (real data {perfect['recall']:.0%})."
        )
