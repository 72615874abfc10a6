"""Optimal transport in the plane, between distributions gathered in the cells of a grid."""

from typing import NamedTuple, Protocol

import numpy as np

from gan_cli.divergences.couplings import by_simplex
from gan_cli.divergences.densities import union
from gan_cli.divergences.quadrature import Estimate

MISPLACED = 1e-7  # the mass outside the grid, and again that in the cells left out
FINEST = 512  # cells along a side


class Plan(NamedTuple):
    """An optimal coupling of two distributions, each gathered in points.

    x: the points that p is gathered in, (N,) on the line and (N, 2) in the plane.
    y: those of q, (M,) or (M, 2).
    mass: what goes from point i of x to point j of y, (N, M), of sum one.
    """

    x: np.ndarray
    y: np.ndarray
    mass: np.ndarray


class Plane(Protocol):
    """A distribution in the plane."""

    def box(self, outside: float) -> np.ndarray:
        """The ends along each axis, (2, 2), of a box that holds all but a mass `outside`."""

    def cell_masses(self, x_edges: np.ndarray, y_edges: np.ndarray) -> np.ndarray:
        """The mass of each cell of the grid with these N + 1 and M + 1 edges, (N, M)."""


def on_grid(p: Plane, q: Plane, power: float, points: int) -> Estimate:
    """The Wasserstein-r distance in units of x, with a bound on what gathering changes.

    W_r is a metric, so gathering changes it by no more than the distance from each distribution to
    its gathered form: at most half a cell's diagonal, and what the misplaced mass adds if it is
    taken across the whole grid.

    Args:
        p: a distribution in the plane.
        q: another.
        power: r, at least 1.
        points: the most cells that either may fill.
    """
    grid = _grid(p, q, points)
    x, y, mass = _plan(p, q, power, grid)
    cost = float((mass * _distances(x, y) ** power).sum())
    half = float(np.linalg.norm(grid[:, 1] - grid[:, 0])) / 2
    across = float(np.linalg.norm(grid[:, -1] - grid[:, 0]))
    moved = half + across * (2 * MISPLACED) ** (1 / power)
    return Estimate(cost ** (1 / power), 2 * moved)


def grid_plan(p: Plane, q: Plane, power: float, points: int) -> Plan:
    """The optimal coupling of p and q on the finest grid of which neither fills more cells."""
    return _plan(p, q, power, _grid(p, q, points))


def _plan(p: Plane, q: Plane, power: float, grid: np.ndarray) -> Plan:
    (x, p_mass), (y, q_mass) = _filled(p, grid), _filled(q, grid)
    return Plan(x, y, by_simplex(p_mass, q_mass, _distances(x, y) ** power))


def _grid(p: Plane, q: Plane, points: int) -> np.ndarray:
    """The edges along each axis, (2, S + 1), of the finest grid that has neither fill more."""
    low, high = union([p.box(MISPLACED), q.box(MISPLACED)]).T
    side = 1
    grid = np.stack([low, high], axis=1)
    while side < FINEST:
        side += 1 + side // 8
        finer = np.linspace(low, high, side + 1, axis=1)
        if max(len(_filled(p, finer)[0]), len(_filled(q, finer)[0])) > points:
            break
        grid = finer
    return grid


def _filled(p: Plane, grid: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The centres (N, 2) and masses (N,) of the cells that are not as good as empty.

    The outermost cells reach to infinity.
    """
    middles = (grid[:, 1:] + grid[:, :-1]) / 2
    centres = np.stack(np.meshgrid(*middles, indexing="ij"), axis=-1).reshape(-1, 2)
    edges = np.pad(grid[:, 1:-1], ((0, 0), (1, 1)), constant_values=((0, 0), (-np.inf, np.inf)))
    mass = p.cell_masses(*edges).reshape(-1)
    filled = mass > MISPLACED / len(mass)
    return centres[filled], mass[filled] / mass[filled].sum()


def _distances(x: np.ndarray, y: np.ndarray) -> np.ndarray:
    """The Euclidean distances of points (N, 2) and (M, 2), (N, M)."""
    return np.asarray(np.linalg.norm(x[:, None] - y[None], axis=-1))
