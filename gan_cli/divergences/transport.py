"""Wasserstein distances of known distributions, and optimal couplings to draw."""

import numpy as np

from gan_cli.divergences.checks import check_points, check_power
from gan_cli.divergences.couplings import by_quantiles, line_distance
from gan_cli.divergences.densities import Density, different_dimensions, union
from gan_cli.divergences.distributions import Discrete, Distribution, OnLine, PlaneMixture
from gan_cli.divergences.line import between_cdfs, between_quantiles
from gan_cli.divergences.plane import Plan, grid_plan, on_grid
from gan_cli.divergences.quadrature import Estimate

UNSEEN = 1e-4  # the mass beyond a picture's cells on the line


def wasserstein(
    p: Distribution, q: Distribution, power: float = 1, *, points: int = 1500
) -> Estimate:
    """The Wasserstein-r distance W_r = (min E |X - Y|^r)^(1/r) over couplings, in units of x.

    On the line it comes from the distribution functions F and G: W_1 = integral |F - G|, and
    W_r^r = integral |F^-1(u) - G^-1(u)|^r over u in [0, 1]. In the plane each distribution is
    gathered, cell by cell, in the centres of a grid, and linear programming moves one to the other.
    The error there is a bound: half a cell's diagonal for either distribution, the farthest that
    its mass was moved, and what the 2e-7 of its mass that the grid may misplace can add.

    Args:
        p: a distribution.
        q: one of the same dimension.
        power: r, at least 1.
        points: the most cells of the grid in the plane that either distribution may fill; the bound
            shrinks with its root, and the time grows about with its square.

    Raises:
        ValueError: if the dimensions differ, the power is not a number of at least 1, or there are
            no points.

    Source: Villani 2009, "Optimal Transport: Old and New", definition 6.1; on the line Villani
        2003, "Topics in Optimal Transportation", Theorem 2.18 and remark 2.19.
    """
    check_power(power)
    check_points(points)
    if p == q:
        return Estimate(0.0, 0.0)
    if isinstance(p, PlaneMixture) and isinstance(q, PlaneMixture):
        return on_grid(p, q, power, points)
    if isinstance(p, PlaneMixture) or isinstance(q, PlaneMixture):
        raise different_dimensions(p, q)
    if isinstance(p, Discrete):
        if isinstance(q, Discrete):
            return Estimate(line_distance(*p.atoms, *q.atoms, power), 0.0)
        return wasserstein(q, p, power)
    if power == 1:
        return between_cdfs(p, q)
    if not isinstance(q, Discrete) and _is_bounded(p) and not _is_bounded(q):
        p, q = q, p
    return between_quantiles(p, q, power)


def optimal_coupling(
    p: Distribution, q: Distribution, power: float = 1, *, points: int = 32
) -> Plan:
    """An optimal coupling of p and q for the cost |x - y|^r, as a matrix that can be drawn.

    Discrete distributions are taken as they are. Others are gathered in the centres of cells: on
    the line `points` equal intervals, of which the outermost also take the 1e-4 of mass beyond; in
    the plane the cells that are not empty of the finest grid of which neither fills more than
    `points`. On the line the coupling is that by quantiles, which is optimal for every r.

    Args:
        p: a distribution.
        q: one of the same dimension.
        power: r, at least 1.
        points: the most points that either distribution is gathered in.

    Raises:
        ValueError: if the dimensions differ, the power is not a number of at least 1, or there are
            no points.
    """
    check_power(power)
    check_points(points)
    if isinstance(p, PlaneMixture) and isinstance(q, PlaneMixture):
        return grid_plan(p, q, power, points)
    if isinstance(p, PlaneMixture) or isinstance(q, PlaneMixture):
        raise different_dimensions(p, q)
    ((low, high),) = union([p.box(UNSEEN), q.box(UNSEEN)])
    edges = np.linspace(low, high, points + 1)
    (x, p_mass), (y, q_mass) = _gather(p, edges), _gather(q, edges)
    pairs = by_quantiles(x, p_mass, y, q_mass)
    mass = np.zeros((len(x), len(y)))
    mass[pairs.source, pairs.target] = pairs.mass
    return Plan(x, y, mass)


def _is_bounded(p: Density) -> bool:
    return bool(np.isfinite(p.support).all())


def _gather(p: OnLine, edges: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The atoms and masses of p, or the centres and masses of its cells between the edges."""
    if isinstance(p, Discrete):
        return p.atoms
    mass = np.diff(p.cdf(edges[1:-1]), prepend=0.0, append=1.0)
    return (edges[1:] + edges[:-1]) / 2, mass
