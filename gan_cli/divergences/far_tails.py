"""Where p^2 / q has its tails, which may lie far beyond those of p and q, or have no integral."""

from typing import NamedTuple

from gan_cli.divergences.distributions import OnLine

CRITICAL = 1e-12  # of a precision, below which it counts as zero
REACH = 12.0  # widths of a tail's term beside its centre, beyond which it is gone
DECAYED = 75.0  # nats by which an exponential tail has fallen where it is cut


class Tail(NamedTuple):
    """p^2 / q far out on one side: exp(-precision y^2 / 2 + slope y) for y = side x.

    flat: whether its precision is zero, up to rounding.
    start: the y from which on it is so, if it is flat.
    """

    side: int
    precision: float
    slope: float
    flat: bool
    start: float


def far_tails(name: str, p: OnLine, q: OnLine) -> list[Tail]:
    """The tails of a divergence's terms that may lie beyond those of p and q."""
    return {"pearson": _tails(p, q), "neyman": _tails(q, p)}.get(name, [])


def _tails(p: OnLine, q: OnLine) -> list[Tail]:
    """The tails of p^2 / q on either side, where both have one.

    Far out a mixture is its widest normal, and among equals the one whose mean is farthest out.
    """
    found = []
    for side in (1, -1):
        ends = [
            max(((std, side * mean) for mean, std in each.peaks.tolist()), default=None)
            for each in (p, q)
        ]
        if ends[0] and ends[1]:
            (s, m), (S, M) = ends
            precision, slope = 2 / s**2 - 1 / S**2, 2 * m / s**2 - M / S**2
            flat = abs(precision) <= CRITICAL / S**2
            found.append(Tail(side, precision, slope, flat, max(m + 9 * s, M + 9 * S)))
    return found


def too_heavy(tail: Tail) -> bool:
    """Whether the tail has no integral."""
    return tail.slope >= 0 if tail.flat else tail.precision < 0


def peak(tail: Tail) -> tuple[float, float]:
    """The centre and the width of p^2 / q on one side; of an exponential tail, its beginning."""
    if tail.flat:
        return tail.side * tail.start, DECAYED / REACH / abs(tail.slope)
    return tail.side * tail.slope / tail.precision, tail.precision**-0.5
