"""Wasserstein distances of known distributions, and optimal couplings to draw.

On the line they come from the distribution functions. In the plane both distributions are gathered
in the cells of a grid, and linear programming moves one to the other.
"""

import numpy as np
from scipy.spatial.distance import cdist

from gan_cli.divergences.checks import check_power, require
from gan_cli.divergences.couplings import Coupling, line_distance, linear_program, on_line
from gan_cli.divergences.densities import OUTSIDE, common_box, common_cells, different_dimensions
from gan_cli.divergences.discrete import Discrete
from gan_cli.divergences.distributions import Distribution, LineDensity, OnLine
from gan_cli.divergences.plane_mixture import PlaneMixture
from gan_cli.divergences.quadrature import REACH, Estimate, cells, cut_at_crossings, integrate

TOLERANCE = 1e-14  # of the integral, in units of the length of the interval it is taken over
ROUNDING = 1e-15  # that float64 loses of a level, and of a quantile beside the interval's ends
SMALLEST = 1e-300  # the least level at which quantiles are asked for; at 0 they may be infinite
MISPLACED = 1e-7  # the mass outside the grid in the plane, and again that in the cells left out
FINEST = 512  # cells of that grid along a side
UNSEEN = 1e-4  # the mass beyond a picture's cells on the line


def wasserstein(
    p: Distribution, q: Distribution, power: float = 1, *, points: int = 1500
) -> Estimate:
    """The Wasserstein-r distance W_r = (min E |X - Y|^r)^(1/r) over couplings, in units of x.

    On the line it comes from the distribution functions F and G: W_1 = integral |F - G|, and
    W_r^r = integral |F^-1(u) - G^-1(u)|^r over u in [0, 1]. In the plane each distribution is
    gathered in the centres of a grid's cells, and linear programming moves one to the other. The
    error there is a bound: gathering moves mass by at most half a cell's diagonal, and the grid may
    misplace 2e-7 of the mass of either distribution.

    Args:
        p: a distribution.
        q: a distribution of the same dimension.
        power: the order r, at least 1.
        points: the most cells of the grid in the plane that either distribution may fill; the bound
            shrinks with the root of this number, and the time grows about with its square.

    Raises:
        ValueError: if the dimensions differ, the power is not a number of at least 1, or there are
            no points.

    Source: Villani 2009, "Optimal Transport: Old and New", definition 6.1; on the line Villani
        2003, "Topics in Optimal Transportation", Theorem 2.18 and remark 2.19.
    """
    _check(power, points)
    if p == q:
        return Estimate(0.0)
    if isinstance(p, PlaneMixture) and isinstance(q, PlaneMixture):
        return grid_distance(p, q, power, points)
    if isinstance(p, PlaneMixture) or isinstance(q, PlaneMixture):
        raise different_dimensions(p, q)
    if isinstance(p, Discrete) and isinstance(q, Discrete):
        return Estimate(line_distance(*p.atoms, *q.atoms, power))
    if isinstance(p, Discrete):
        return wasserstein(q, p, power)
    if power == 1:
        return between_cdfs(p, q)
    if not isinstance(q, Discrete) and _is_bounded(p) and not _is_bounded(q):
        p, q = q, p
    return between_quantiles(p, q, power)


def optimal_coupling(
    p: Distribution, q: Distribution, power: float = 1, *, points: int = 32
) -> Coupling:
    """An optimal coupling of p and q for the cost |x - y|^r, as a matrix that can be drawn.

    Discrete distributions are taken as they are. Others are gathered in cells. On the line these
    are `points` equal intervals, each gathered in the median of its mass; the outermost ones also
    take the 1e-4 of the mass that lies beyond them. In the plane they are the filled cells of the
    finest grid on which neither distribution fills more than `points`, gathered in their centres.
    On the line the coupling is optimal for every r.

    Args and Raises: as for `wasserstein`; `points` is the most that either distribution may fill.
    """
    _check(power, points)
    if isinstance(p, PlaneMixture) and isinstance(q, PlaneMixture):
        return _couple(p, q, power, _grid(p, q, points))
    if isinstance(p, PlaneMixture) or isinstance(q, PlaneMixture):
        raise different_dimensions(p, q)
    ((low, high),) = common_box(p, q, UNSEEN)
    edges = np.linspace(low, high, points + 1)
    (x, p_mass), (y, q_mass) = _gather(p, edges), _gather(q, edges)
    return Coupling(x, y, on_line(x, p_mass, y, q_mass))


def _check(power: float, points: int) -> None:
    check_power(power)
    require(points >= 1, f"points must be at least 1, and is {points}.")


def _is_bounded(p: LineDensity) -> bool:
    return bool(np.isfinite(p.support).all())


def _gather(p: OnLine, edges: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The atoms and masses of p, or the medians and masses of its cells between the edges.

    The median of a cell without mass is its centre.
    """
    if isinstance(p, Discrete):
        return p.atoms
    levels = np.concatenate([[0.0], p.cdf(edges[1:-1]), [1.0]])
    mass, centres = np.diff(levels), (edges[1:] + edges[:-1]) / 2
    medians = np.clip(p.quantile((levels[1:] + levels[:-1]) / 2), edges[:-1], edges[1:])
    return np.where(mass > 0, medians, centres), mass


def between_cdfs(p: OnLine, q: OnLine) -> Estimate:
    """The Wasserstein-1 distance, integral |F(x) - G(x)| dx, in units of x.

    Source: Vallender 1974, "Calculation of the Wasserstein distance between probability
        distributions on the line".
    """

    def gap(x: np.ndarray) -> np.ndarray:
        return np.asarray(p.cdf(x) - q.cdf(x))

    parts = cut_at_crossings(lambda x: gap(x) + ROUNDING, common_cells(p, q))
    length = float(np.ptp(parts))
    value, error = integrate(lambda x: np.abs(gap(x[:, 0])), parts, TOLERANCE * length)
    return Estimate(value, error + ROUNDING * float(np.abs(parts).max()))


def between_quantiles(p: LineDensity, q: OnLine, power: float) -> Estimate:
    """The Wasserstein-r distance, W_r^r = integral |F^-1(u) - G^-1(u)|^r du, in units of x.

    The two halves of the unit interval are integrated separately, the upper half as the lower half
    of the reflected distributions: float64 resolves levels near u = 0 but not near u = 1.

    Args:
        p: the distribution that is integrated over; if only one is unbounded, it should be p.
        q: the other distribution.
        power: the order r, at least 1.

    Source: Villani 2003, "Topics in Optimal Transportation", Theorem 2.18 and remark 2.19.
    """
    box = common_box(p, q, OUTSIDE)
    length = float(np.ptp(box))
    lower = _lower_half(p, q, power, length)
    upper = _lower_half(p.reflected(), q.reflected(), power, length)
    value, error = lower.value + upper.value, lower.error + upper.error
    ends = (max(0.0, value - error), max(0.0, value), value + error)
    low, middle, high = (length * end ** (1 / power) for end in ends)
    return Estimate(middle, max(middle - low, high - middle) + ROUNDING * float(np.abs(box).max()))


def _lower_half(p: LineDensity, q: OnLine, power: float, unit: float) -> Estimate:
    """The integral over u < 1/2, computed as that of p(x) |G^-1(F(x)) - x|^r below p's median.

    Distances are measured in `unit`, so that their powers are finite.
    """

    def move(x: np.ndarray) -> np.ndarray:
        return np.asarray((q.quantile(np.maximum(p.cdf(x), SMALLEST)) - x) / unit)

    def function(points: np.ndarray) -> np.ndarray:
        x = points[:, 0]
        return np.asarray(np.exp(p.log_prob(x)) * np.abs(move(x)) ** power)

    centres, widths = q.peaks.T
    steps = [centres - REACH * widths, centres, centres + REACH * widths, np.array(q.breaks)]
    levels = np.clip(q.cdf(np.concatenate(steps)), SMALLEST, 0.5)
    below = np.array([[p.box(OUTSIDE)[0, 0], p.quantile(np.array(0.5))]])
    parts = cells(below, [*p.breaks, *p.quantile(levels)], p.peaks)
    if power % 2:  # else it is smooth where the sign of the move changes
        parts = cut_at_crossings(lambda x: move(x) + ROUNDING, parts)
    return integrate(function, parts, TOLERANCE)


def grid_distance(p: PlaneMixture, q: PlaneMixture, power: float, points: int) -> Estimate:
    """The Wasserstein-r distance in units of x, with a bound on what gathering changes.

    W_r is a metric, so gathering changes it by no more than the distance from each distribution to
    its gathered form. That is at most half a cell's diagonal, and what the misplaced mass adds if
    it is taken across the whole grid.

    Args:
        p: a distribution in the plane.
        q: the other distribution.
        power: the order r, at least 1.
        points: the most cells that either distribution may fill.
    """
    grid = _grid(p, q, points)
    x, y, mass = _couple(p, q, power, grid)
    cost = float((mass * cdist(x, y) ** power).sum())
    half = float(np.linalg.norm(grid[:, 1] - grid[:, 0])) / 2
    across = float(np.linalg.norm(grid[:, -1] - grid[:, 0]))
    moved = half + across * (2 * MISPLACED) ** (1 / power)
    return Estimate(cost ** (1 / power), 2 * moved)


def _couple(p: PlaneMixture, q: PlaneMixture, power: float, grid: np.ndarray) -> Coupling:
    """The optimal coupling of p and q, gathered in the cells of a grid."""
    (x, p_mass), (y, q_mass) = _filled(p, grid), _filled(q, grid)
    return Coupling(x, y, linear_program(p_mass, q_mass, cdist(x, y) ** power))


def _grid(p: PlaneMixture, q: PlaneMixture, points: int) -> np.ndarray:
    """The edges along each axis, (2, S + 1), of the finest grid that has neither fill more."""
    low, high = common_box(p, q, MISPLACED).T
    side = 1
    grid = np.stack([low, high], axis=1)
    while side < FINEST:
        side += 1 + side // 8
        finer = np.linspace(low, high, side + 1, axis=1)
        if max(len(_filled(p, finer)[0]), len(_filled(q, finer)[0])) > points:
            break
        grid = finer
    return grid


def _filled(p: PlaneMixture, grid: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The centres (N, 2) and masses (N,) of the cells that are not as good as empty.

    The outermost cells reach to infinity.
    """
    middles = (grid[:, 1:] + grid[:, :-1]) / 2
    centres = np.stack(np.meshgrid(*middles, indexing="ij"), axis=-1).reshape(-1, 2)
    edges = np.pad(grid[:, 1:-1], ((0, 0), (1, 1)), constant_values=((0, 0), (-np.inf, np.inf)))
    mass = p.cell_masses(*edges).reshape(-1)
    filled = mass > MISPLACED / len(mass)
    return centres[filled], mass[filled] / mass[filled].sum()
