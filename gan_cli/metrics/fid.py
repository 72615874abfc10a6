"""The Fréchet distance of samples and data in the space of features."""

from collections.abc import Mapping
from typing import ClassVar

import numpy as np
import scipy.linalg

from gan_cli.bounds import Size
from gan_cli.component import component
from gan_cli.metrics.base import Direction, Interval, Metric, Points, Reference, flat
from gan_cli.metrics.words import beside


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
    in_features: ClassVar[bool] = True
    rounds: ClassVar[int] = 10

    samples: Size = 10_000

    def measure(self, samples: Points, reference: Reference) -> dict[str, float]:
        return {"value": frechet(flat(samples), flat(reference.held_out)[: self.samples])}

    def verdict(self, values: Mapping[str, Interval], perfect: Mapping[str, float]) -> str:
        return beside("The Fréchet distance", values["value"], perfect["value"])


def frechet(x: np.ndarray, y: np.ndarray) -> float:
    """The Fréchet distance of the normal distributions fitted to x (N, D) and y (M, D).

    tr (C C')^(1/2) is the sum of the singular values of A B^T where A^T A = C and B^T B = C', so no
    root of a nearly singular product is taken. A is x without its mean, over sqrt(N - 1).
    """
    (mean, root), (other_mean, other_root) = _fitted(x), _fitted(y)
    cross = scipy.linalg.svdvals(root @ other_root.T).sum()
    traces = (root**2).sum() + (other_root**2).sum()
    return float(((mean - other_mean) ** 2).sum() + traces - 2 * cross)


def _fitted(x: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The mean (D,) and a root (D, D) of the covariance C, with root^T root = C."""
    mean = x.mean(axis=0)
    covariance = np.atleast_2d(np.cov(x, rowvar=False))
    variances, directions = np.linalg.eigh(covariance)
    return mean, (directions * np.sqrt(np.maximum(variances, 0))).T
