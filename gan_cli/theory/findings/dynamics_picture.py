"""Phase portraits of the Dirac-GAN: where updates lead, trajectories, and eigenvalues of a step."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from gan_cli.plots import canvas, panels
from gan_cli.theory.dynamics import ARROWS, EXTENT, STEPS, Dynamics

COLOURS = (canvas.SAMPLES, canvas.DENSITY, canvas.THIRD)
SIDE = np.linspace(-EXTENT, EXTENT, ARROWS)
GONE = 0.2
"""An eigenvalue of a step with less than this share of the largest modulus dies at once; where it
lies far to the left of the others, it is named in place of being drawn."""


def all_of(found: Sequence[Dynamics], titles: Sequence[str], below: Sequence[str]) -> bytes:
    """Draws a PNG with the portrait of every method.

    Args:
        found: the methods.
        titles: what stands above each.
        below: a second line for each.
    """
    columns = min(4, len(found))
    rows = -(-len(found) // columns)
    title = (
        "The Dirac-GAN by each method: streamlines of the first step from every point, and "
        f"{STEPS} steps from three points\n"
        "The cross at (0, 0) is the equilibrium: $p_g = p_{data}$, and D cannot tell them apart"
    )
    figure = panels.sheet(3.3 * columns + 0.6, 3.55 * rows + 1.0, title)
    places = panels.grid(figure, rows, columns, hspace=0.34, wspace=0.16)
    for number, (each, name, more) in enumerate(zip(found, titles, below, strict=True)):
        axes = figure.add_subplot(places[number // columns, number % columns])
        portrait(axes, each, f"{name}\n{more}", 0.75)
        axes.title.set_fontsize(8.5)
        if number % columns:
            axes.set_ylabel("")
        if number < len(found) - columns:
            axes.set_xlabel("")
    return canvas.png(figure)


def one(found: Dynamics, title: str, below: str) -> bytes:
    """Draws a PNG of one method: its portrait, the distance over the steps, the eigenvalues."""
    figure = panels.sheet(13.2, 5.0, f"Dirac-GAN, {title}\n{below}")
    left, middle, right = panels.grid(
        figure, 1, 3, wspace=0.24, width_ratios=(1.05, 1.1, 0.9)
    ).subplots()
    portrait(left, found, "the first step from each point", 1.1)
    some = slice(None, None, 2)
    move_theta, move_psi = np.moveaxis(unit(found.moves), -1, 0)
    left.quiver(
        *np.meshgrid(SIDE[some], SIDE[some]),
        move_theta[some, some],
        move_psi[some, some],
        color=canvas.REFERENCE,
        angles="xy",
        scale=26,
        width=0.0035,
        zorder=2,
    )
    over_steps(middle, found)
    in_the_plane(right, found)
    return canvas.png(figure)


def portrait(axes: Any, found: Dynamics, title: str, density: float) -> None:
    """Streamlines of the first update, and the trajectories."""
    panels.dress(axes, r"$\theta$ (G)", r"$\psi$ (D)", title)
    move_theta, move_psi = np.moveaxis(found.moves, -1, 0)
    look = {"color": canvas.EDGE, "linewidth": 0.7, "arrowsize": 0.7, "density": density}
    axes.streamplot(SIDE, SIDE, move_theta, move_psi, zorder=1, **look)
    for path, colour in zip(found.trajectories, COLOURS, strict=True):
        axes.plot(*inside(path).T, color=colour, lw=0.9, alpha=0.85, zorder=3)
        axes.plot(*path[0], "o", ms=5, color=colour, mec="white", mew=0.7, zorder=5)
    axes.plot(0, 0, "+", ms=10, mew=1.8, color=canvas.INK, zorder=6)
    axes.set(xlim=(-EXTENT, EXTENT), ylim=(-EXTENT, EXTENT), aspect="equal")


def over_steps(axes: Any, found: Dynamics) -> None:
    """The distance from the equilibrium after each step, beside what one step predicts."""
    panels.dress(axes, "steps", "distance from (0, 0)", "distance along each trajectory")
    steps = np.arange(STEPS + 1)
    for distance, colour in zip(found.distances, COLOURS, strict=True):
        shown = np.where(np.isfinite(distance) & (distance > 1e-15), distance, np.nan)
        axes.semilogy(steps, shown, color=colour, lw=1.4)
    if found.predicted_modulus is not None:
        start = found.distances[0, 0]
        with np.errstate(over="ignore", under="ignore"):
            predicted = start * found.predicted_modulus**steps
        shown = np.where((predicted < 1e3) & (predicted > 1e-15), predicted, np.nan)
        name = "modulus of a step to the power of steps"
        axes.semilogy(steps, shown, color=canvas.INK, lw=1.2, ls="--", label=name)
        panels.legend(axes, loc="best")
    low = max(1e-15, float(np.nanmin(np.where(found.distances > 0, found.distances, np.nan))))
    axes.set_ylim(min(low, 0.1) / 2, 20)


def in_the_plane(axes: Any, found: Dynamics) -> None:
    """The logarithms of a step's eigenvalues: growth to the right, turning upwards."""
    panels.dress(
        axes, "growth in a step", "turn in a step (radians)", "log of a step's eigenvalues"
    )
    axes.axvline(0, color=canvas.INK, lw=0.8)
    axes.locator_params(axis="x", nbins=5)
    if found.step is None or found.measured is None:
        axes.text(0.5, 0.5, "no Jacobian", ha="center", transform=axes.transAxes, color=canvas.INK)
        return
    looks = (
        (found.step, "o", {"ms": 11, "mfc": "none", "mew": 1.6, "color": canvas.DENSITY}),
        (found.measured, "x", {"ms": 7, "mew": 1.8, "color": canvas.SAMPLES}),
    )
    reach = []
    for values, mark, look in looks:
        kept = [z for z in values if not is_gone(z, values)]
        logs = np.log(np.array(kept, complex))
        reach.append(np.abs(logs.view(float).reshape(-1, 2)).max(axis=0))
        name = "closed form" if mark == "o" else "fitted to updates"
        axes.plot(logs.real, logs.imag, mark, label=name, **look)
    wide, high = np.max(reach, axis=0) * 1.7
    axes.set(xlim=(-max(wide, 0.004), max(wide, 0.004)), ylim=(-max(high, 0.02), max(high, 0.02)))
    axes.axvspan(-max(wide, 0.004), 0, color=canvas.FAINT, zorder=0, label="converges")
    gone = ", ".join(sorted({f"{abs(z):.5f}" for z in found.step if is_gone(z, found.step)}))
    if gone:
        words = {"fontsize": 8.5, "color": canvas.INK, "transform": axes.transAxes}
        axes.text(0.02, 0.02, f"far to the left, not drawn:\nmodulus {gone}", **words)
    panels.legend(axes, loc="upper right")


def is_gone(value: complex, values: Sequence[complex]) -> bool:
    """Whether an eigenvalue of a step is so much smaller than another that it is not drawn."""
    size, largest = abs(value), max(map(abs, values))
    is_far = size == 0 or abs(np.log(size)) > 2 * abs(np.log(largest))
    return bool(size <= GONE * largest and is_far)


def inside(path: np.ndarray) -> np.ndarray:
    """A trajectory up to where it leaves what can be drawn."""
    left = np.flatnonzero(~(np.abs(path) < 10 * EXTENT).all(axis=1))
    return path[: left[0]] if len(left) else path


def unit(moves: np.ndarray) -> np.ndarray:
    """Arrows of length 1, and none where nothing moves."""
    lengths = np.linalg.norm(moves, axis=-1, keepdims=True)
    return np.asarray(np.divide(moves, lengths, out=np.zeros_like(moves), where=lengths > 0))
