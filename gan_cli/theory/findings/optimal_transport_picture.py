"""A trained G beside the exact optimal map in a picture: where points go, and at what cost."""

from typing import Any

import numpy as np

from gan_cli.divergences.gaussian import Gaussian, root
from gan_cli.plots import canvas, panels
from gan_cli.theory.optimal_transport import OptimalTransport, costs_of_rotations

CAPTION = (
    "The exact optimal map beside the G that was trained to pay for its transport: where each "
    "moves points, and what the cost of every rotated perfect G is. The trained G may cost less "
    "than the least, as far as its samples are not exactly Q."
)
DEGREES = np.linspace(-180, 180, 361)
CIRCLES = (1.0, 2.0)  # standard deviations of P, along which points are shown
ARROWS = 16  # on each circle


def draw(found: OptimalTransport, title: str) -> bytes:
    """Draws a PNG: where points go, how far G is off, and what other perfect G would pay."""
    if found.p.dimension == 1:
        figure = panels.sheet(9.6, 4.9, title)
        left, right = panels.grid(figure, 1, 2, wspace=0.22).subplots()
        _on_line(left, right, found)
        return canvas.png(figure)
    figure = panels.sheet(14.2, 5.6, title)
    shape = {"wspace": 0.3, "width_ratios": (1.1, 1.15, 1), "bottom": 0.2}
    left, middle, right = panels.grid(figure, 1, 3, **shape).subplots()
    _arrows(left, found)
    _errors(middle, found)
    _rotations(right, found)
    return canvas.png(figure)


def _on_line(left: Any, right: Any, found: OptimalTransport) -> None:
    order = np.argsort(found.x[:, 0])[::20]
    x, moved = found.x[order], found.moved[order, 0]
    exact = found.exact(x)[:, 0]
    panels.dress(left, "$x$, drawn from P", "where it goes", "The map")
    left.plot(x[:, 0], exact, color=canvas.REFERENCE, lw=5, alpha=0.55, label="optimal map T")
    left.plot(x[:, 0], moved, color=canvas.SAMPLES, lw=1.5, label="trained G")
    panels.legend(left, loc="upper left")
    panels.dress(right, "$x$, drawn from P", "G(x) - T(x) (units of $x$)", "How far G is off")
    right.axhline(0, color=canvas.REFERENCE, lw=1)
    right.plot(x[:, 0], moved - exact, color=canvas.SAMPLES, lw=1.5)


def _arrows(axes: Any, found: OptimalTransport) -> None:
    panels.dress(axes, "$x_1$", "$x_2$", "Where points of P go")
    _ellipses(axes, found.p, canvas.REFERENCE, "P, 1 and 2 std")
    _ellipses(axes, found.q, canvas.DENSITY, "Q, 1 and 2 std")
    start = _nearest(found)
    x, exact, moved = found.x[start], found.exact(found.x[start]), found.moved[start]
    look = {"angles": "xy", "scale_units": "xy", "scale": 1, "width": 0.004, "color": canvas.INK}
    axes.quiver(*x[:, :2].T, *(exact - x)[:, :2].T, alpha=0.35, **look)
    arrow = {"marker": ">", "markevery": [1], "ms": 5, "lw": 1.4, "alpha": 0.45}
    axes.plot([], [], color=canvas.INK, label="optimal map T", **arrow)
    axes.plot(
        *moved[:, :2].T,
        "o",
        ms=5,
        color=canvas.SAMPLES,
        mec="white",
        mew=0.5,
        label="where the trained G puts them",
    )
    axes.set_aspect("equal", adjustable="datalim")
    below = {"loc": "upper center", "bbox_to_anchor": (0.5, -0.12), "frameon": False}
    panels.legend(axes, ncols=2, **below)


def _nearest(found: OptimalTransport) -> np.ndarray:
    """The fresh points nearest to evenly spaced ones on the circles, as indices."""
    angles = 2 * np.pi * (np.arange(ARROWS) + 0.5) / ARROWS
    wanted = np.zeros((len(CIRCLES), ARROWS, found.p.dimension))
    wanted[..., 0], wanted[..., 1] = (
        np.outer(CIRCLES, np.cos(angles)),
        np.outer(CIRCLES, np.sin(angles)),
    )
    places = found.p.centre + wanted.reshape(-1, found.p.dimension) @ root(found.p.matrix)
    return np.array([((found.x - place) ** 2).sum(axis=1).argmin() for place in places])


def _ellipses(axes: Any, normal: Gaussian, colour: str, name: str) -> None:
    """The lines at 1 and 2 standard deviations of the first two coordinates."""
    angles = np.linspace(0, 2 * np.pi, 181)
    circle = np.stack([np.cos(angles), np.sin(angles)], axis=1)
    half = root(normal.matrix[:2, :2])
    for number_of_stds in CIRCLES:
        points = normal.centre[:2] + number_of_stds * circle @ half
        axes.plot(*points.T, color=colour, lw=1.6, label=name if number_of_stds == 1 else None)


def _errors(axes: Any, found: OptimalTransport) -> None:
    cut = "" if found.p.dimension == 2 else " (all coordinates)"
    panels.dress(axes, "$x_1$", "$x_2$", f"|G(x) - T(x)|{cut} by $x$, drawn from P")
    few = slice(0, 6000)
    size = np.sqrt(found.squares)
    top = float(np.quantile(size, 0.999))
    dots = axes.scatter(*found.x[few, :2].T, c=size[few], s=5, cmap="viridis_r", vmin=0, vmax=top)
    bar = axes.figure.colorbar(dots, ax=axes, fraction=0.046, pad=0.03)
    bar.ax.tick_params(labelsize=9, length=2)
    bar.outline.set_visible(False)
    axes.set_aspect("equal", adjustable="datalim")


def _rotations(axes: Any, found: OptimalTransport) -> None:
    name = "Each affine G here turns P into Q exactly"
    panels.dress(axes, "rotation from the optimal map (degrees)", "$E|G(x) - x|^2$", name)
    costs = costs_of_rotations(found.p, found.q, DEGREES)
    axes.plot(DEGREES, costs, color=canvas.DENSITY, lw=2, label="cost of an affine G")
    axes.axhline(
        found.wasserstein.value,
        color=canvas.REFERENCE,
        lw=1,
        ls="--",
        label="$W_2^2$, the least cost",
    )
    axes.plot(found.angle, found.cost.value, "o", ms=8, color=canvas.SAMPLES, label="trained G")
    axes.set_xticks([-180, -90, 0, 90, 180])
    axes.set_ylim(0, 1.25 * float(costs.max()))
    panels.legend(axes, loc="upper left")
