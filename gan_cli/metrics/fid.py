"""The Fréchet distance of samples and data in the space of features."""

import math
from collections.abc import Callable, Mapping
from typing import ClassVar, NamedTuple

import numpy as np
import scipy.linalg

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
from gan_cli.metrics.words import beside

PIXELS = 1024
"""With more pixels as features, the roots of the covariances take minutes."""


class Normal(NamedTuple):
    """A normal distribution.

    mean: its mean, (D,).
    root: a root of its covariance C of rank R, (R, D), with root^T root = C.
    """

    mean: np.ndarray
    root: np.ndarray


@component
class FrechetDistance(Metric):
    """The Fréchet distance of two normal distributions, fitted to features of samples and data.

    |m - m'|^2 + tr(C + C' - 2 (C C')^(1/2)) for the means m and the covariances C of the features:
    the squared Wasserstein-2 distance of the two normal distributions.

    A trap: it is biased upwards, by less for more samples, and means nothing without its extractor
    and their number. Published FIDs use 50,000 samples and an Inception network; with the pixels or
    a small classifier as features the values are of another scale.

    samples: how many samples are compared with as many examples.

    Source: Heusel et al. 2017, "GANs trained by a two time-scale update rule converge to a local
        Nash equilibrium", equation 6; Dowson and Landau 1982 for the formula.
    """

    name = "fid"
    better: ClassVar[Mapping[str, Direction]] = {"value": "lower"}
    compares: ClassVar[Compared] = "features"
    rounds: ClassVar[int] = 10

    limits: ClassVar[Limits] = {"value": (0, np.inf)}
    samples: Size = 10_000

    def suits(self, dataset: Dataset) -> bool:
        few = math.prod(dataset.shape) <= PIXELS
        return len(dataset.shape) == 3 and (few or not classifier.misfit(dataset))

    def measure(self, samples: Points, reference: Reference) -> Numbers:
        return self.among(samples, reference)(np.arange(len(samples)))

    def among(self, samples: Points, reference: Reference) -> Callable[[Rows], Numbers]:
        x, real = flat(samples), fitted(flat(reference.held_out)[: self.samples])
        return lambda rows: {"value": frechet(fitted(x[rows]), real)}

    def verdict(self, values: Mapping[str, Interval], perfect: Mapping[str, float]) -> str:
        return beside("The Fréchet distance", values["value"], perfect["value"])


def frechet(fitted_x: Normal, fitted_y: Normal) -> float:
    """The Fréchet distance of two normal distributions.

    tr (C C')^(1/2) is the sum of the singular values of A B^T where A^T A = C and B^T B = C', so no
    root of a nearly singular product is taken.
    """
    (mean, root), (other_mean, other_root) = fitted_x, fitted_y
    cross = scipy.linalg.svdvals(root @ other_root.T).sum()
    traces = (root**2).sum() + (other_root**2).sum()
    return float(((mean - other_mean) ** 2).sum() + traces - 2 * cross)


def fitted(x: np.ndarray) -> Normal:
    """The normal distribution with the mean and the covariance of x (N, D).

    The root is the factor of a Cholesky decomposition with pivots, which takes a tenth of the time
    of the eigenvectors and leaves out the directions in which x does not vary.
    """
    mean = x.mean(axis=0)
    centred = x - mean
    covariance = centred.T @ centred / (len(x) - 1)
    factor, order, rank, _ = scipy.linalg.lapack.dpstrf(covariance)
    root = np.empty((rank, x.shape[1]))
    root[:, order - 1] = np.triu(factor)[:rank]
    return Normal(mean, root)
