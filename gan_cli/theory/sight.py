"""How a D that is to tell two known distributions apart sees points."""

from typing import NamedTuple

import numpy as np

from gan_cli.divergences.distributions import Distribution


class Sight(NamedTuple):
    """The numbers that stand for a point: beside the whole, beside each part, beside each jump.

    A network learns slowly what is much narrower than its inputs are wide. So D sees how far a
    point is from the centre of all, and from the centre of each part of either distribution in
    units of that part's width: one by one near it, and only by their logarithm far away. A
    network is continuous, and D* may jump. So D sees on which side of each jump a point is too, or
    that it is on it, where masses are.

    centre, unit: the point that D sees as 0 and the length that it sees as 1, (D,) each.
    peaks: the centre and the width of each part, (M, D + 1).
    breaks: the coordinates of the jumps, along every axis, (B,).
    """

    centre: np.ndarray
    unit: np.ndarray
    peaks: np.ndarray
    breaks: np.ndarray

    @property
    def size(self) -> int:
        """How many numbers stand for a point."""
        return len(self.centre) * (1 + len(self.peaks) + len(self.breaks))

    def __call__(self, points: np.ndarray) -> np.ndarray:
        """Returns points (N, D) as D sees them, (N, size) in float32.

        The vector v from a part's centre, in its widths, is seen as v asinh(|v|) / |v|.
        """
        whole = (points - self.centre) / self.unit
        away = (points[:, None] - self.peaks[:, :-1]) / self.peaks[:, -1:]
        length = np.linalg.norm(away, axis=2, keepdims=True)
        shrunk = np.divide(np.arcsinh(length), length, out=np.ones_like(length), where=length > 0)
        sides = np.sign(points[:, None] - self.breaks[:, None])
        parts = (each.reshape(len(points), -1) for each in (whole, away * shrunk, sides))
        return np.concatenate([*parts], axis=1, dtype=np.float32, casting="same_kind")


def sight(p: Distribution, q: Distribution, points: np.ndarray, mass: np.ndarray) -> Sight:
    """How D sees the points of p and q; half a standard deviation of (p + q) / 2 is its unit.

    In the plane it sees the whole alone: there the parts made the trained D no better.

    Args:
        p, q: the distributions, of the same dimension D.
        points: points that hold nearly all of both, (N, D).
        mass: the mass of (p + q) / 2 around each point, (N,).
    """
    centre = np.average(points, axis=0, weights=mass)
    variance = np.average((points - centre) ** 2, axis=0, weights=mass)
    parts = np.unique(np.concatenate([p.peaks, q.peaks]), axis=0)
    return Sight(
        centre,
        np.sqrt(variance) / 2,
        peaks=parts if p.dimension == 1 else parts[:0],
        breaks=np.unique(np.array([*p.breaks, *q.breaks], np.float64)),
    )
