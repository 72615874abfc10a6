"""How surely and how evenly a classifier tells the classes of samples."""

from collections.abc import Callable, Mapping
from typing import ClassVar

import numpy as np
from scipy.special import entr

from gan_cli.bounds import Size
from gan_cli.component import component
from gan_cli.datasets.base import Dataset
from gan_cli.features import classifier
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


@component
class InceptionScore(Metric):
    """How far a classifier's answer to one sample is from its answers to all of them.

    exp E KL(p(y|x) || p(y)), where p(y|x) are the probabilities of the classes of a sample x, and
    p(y) is their mean over the samples: 1 at worst and the number of classes at best. All samples
    are one group here; the paper takes the mean over ten groups of 5,000.

    A trap: one perfect sample of each class scores best, so it sees neither copies nor a lack of
    variety within a class. Published scores come from an Inception network of 1,000 classes; those
    of a data set's own classifier are of another scale.

    samples: how many samples are judged.

    Source: Salimans et al. 2016, "Improved techniques for training GANs", section 4.
    """

    name = "inception_score"
    better: ClassVar[Mapping[str, Direction]] = {"value": "higher"}
    compares: ClassVar[Compared] = "probabilities"

    limits: ClassVar[Limits] = {"value": (1, "of")}
    samples: Size = 10_000

    def misfit(self, dataset: Dataset) -> str | None:
        return classifier.misfit(dataset)

    def measure(self, samples: Points, reference: Reference) -> Numbers:
        return self.among(samples, reference)(np.arange(len(samples)))

    def among(self, samples: Points, reference: Reference) -> Callable[[Rows], Numbers]:
        answers = flat(samples)
        own = entr(answers).sum(axis=1)

        def measure(rows: Rows) -> Numbers:
            information = entr(answers[rows].mean(axis=0)).sum() - own[rows].mean()
            return {"value": float(np.exp(information)), "of": float(answers.shape[1])}

        return measure

    def verdict(self, values: Mapping[str, Interval], perfect: Mapping[str, float]) -> str:
        ours, real, of = values["value"].value, perfect["value"], values["of"].value
        return (
            f"The classifier sees {ours:.3g} clear and equally common classes in the samples, "
            f"and {real:.3g} of {of:.0f} in real data."
        )
