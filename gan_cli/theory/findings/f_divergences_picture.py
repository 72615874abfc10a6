"""What f, f*, g_f and T* of nine f-divergences look like, in one picture."""

import math
from typing import Any

import numpy as np

from gan_cli.divergences.f_functions import ROWS
from gan_cli.plots import canvas, panels
from gan_cli.theory.divergences import Series
from gan_cli.theory.f_divergences import FDivergences, Row
from gan_cli.theory.findings.base import exponential, number
from gan_cli.theory.trained_bound import activations

CAPTION = (
    "For each divergence, from above: f, its conjugate f*, the output activation g_f, and T* "
    "beside the T of the trained D over the two distributions. A triangle marks where T* "
    "is infinite, or too large to be drawn."
)
RATIOS = np.linspace(0.02, 4.0, 300)  # u of the pictures of f
OUTPUTS = np.linspace(-3.0, 3.0, 301)  # v of the pictures of g_f
SLOPES = np.linspace(-3.0, 3.0, 601)  # t of the pictures of f*
INSIDE = 1e-3  # how far from the end of its domain f* is drawn
HIGHEST = 4.0  # the top of the pictures of f and f*
FARTHEST = 50.0  # the largest size of T* that is drawn
MARKED = 40  # of so many points of a density one is marked where T* is larger


def direct(row: Row, digits: int) -> str:
    """The value of a divergence, by its logarithm where float64 does not hold it."""
    if row.log_direct is not None:
        return exponential(row.log_direct)
    return number(row.direct, digits)


def draw(found: FDivergences, title: str) -> bytes:
    """Draws a PNG: a column for each divergence, with f, f*, g_f, and T* beside a trained D's T."""
    figure = panels.sheet(19.0, 9.6, title)
    shape = {"wspace": 0.3, "hspace": 0.42, "top": 1 - 1.55 / 9.6, "left": 0.75 / 19}
    columns = panels.grid(figure, 4, len(found.rows), **shape).subplots().T
    for (name, row), column in zip(found.rows.items(), columns, strict=True):
        _functions(name, row, column[:3])
        _optimum(row, found, column[3])
    for axes, label in zip(columns[0], ("f", "f*, the conjugate", "$g_f$", "T"), strict=True):
        axes.set_ylabel(label, fontsize=11, color=canvas.INK)
    handles = [
        canvas.line(canvas.REFERENCE, "$T^* = f'(p/q)$"),
        *([canvas.line(canvas.INK, "T of the trained D")] if found.updates else []),
        canvas.line(canvas.DENSITY, "p"),
        canvas.line(canvas.SAMPLES, "q"),
    ]
    if any(len(places) for row in found.rows.values() for places in _beyond(row, found.pair)):
        (mark,) = columns[0][3].plot([], [], "^", ms=5, color=canvas.INK)
        mark.set_label("$T^*$ infinite, or too large to be drawn")
        handles.append(mark)
    place = {"loc": "upper right", "bbox_to_anchor": (1, 1 - 0.38 / 9.6), "ncols": 5}
    look = {"frameon": False, "fontsize": 10, "labelcolor": canvas.INK}
    figure.legend(handles=handles, **place, **look)
    return canvas.png(figure)


def _functions(name: str, row: Row, column: Any) -> None:
    f, conjugate, activation = column
    known = ROWS[name]
    value = "infinite" if row.why else f"= {direct(row, 4)}"
    trained = f"trained D: {number(row.trained, 4)}" if row.trained else "no D is trained"
    short = row.label.replace("l KL, ", "l KL,\n").replace("y, ", "y,\n").replace("N, ", "N,\n")
    panels.dress(f, "u = p / q", title=f"{short}\n{value}\n{trained}")
    f.plot(RATIOS, known.f(RATIOS), color=canvas.THIRD, lw=1.8)
    f.plot(1.0, known.f(np.array([1.0])), "o", ms=4, color=canvas.INK)
    f.set_ylim(-2.2 if name == "gan" else -1.0, HIGHEST)

    low, high = known.domain
    panels.dress(conjugate, "t")
    t = SLOPES[(low <= SLOPES) & (high - INSIDE > SLOPES)]
    conjugate.plot(t, known.conjugate(t), color=canvas.THIRD, lw=1.8)
    conjugate.set(ylim=(-2.5, HIGHEST), xlim=(-3.1, 3.1))

    panels.dress(activation, "v, D's output")
    activation.plot(OUTPUTS, activations(name, OUTPUTS), color=canvas.THIRD, lw=1.8)
    activation.set_ylim(-4.0, HIGHEST)
    ends = [end for end in known.domain if math.isfinite(end)]
    for end in ends:
        conjugate.axvline(end, color=canvas.REFERENCE, lw=1, ls="--")
        activation.axhline(end, color=canvas.REFERENCE, lw=1, ls="--")


def _optimum(row: Row, found: FDivergences, axes: Any) -> None:
    panels.dress(axes, "$x$")
    behind = axes.twinx()
    behind.spines[:].set_color(canvas.EDGE)
    _density(behind, found.pair)
    x, best, discrete = row.optimum
    look = {"ls": "none", "marker": "o"} if discrete else {}
    axes.plot(x, best, color=canvas.REFERENCE, lw=4, ms=9, alpha=0.6, **look)
    if row.said:
        axes.plot(x, row.said.y, color=canvas.INK, lw=1.3, ms=4, **look)
    axes.set(xlim=found.ends, ylim=_shown(row.optimum, found.pair))
    edge = {"ls": "none", "ms": 5, "color": canvas.INK, "transform": axes.get_xaxis_transform()}
    for mark, height, places in zip("v^", (0.05, 0.95), _beyond(row, found.pair), strict=True):
        axes.plot(places, np.full(len(places), height), mark, **edge)


def _density(axes: Any, pair: tuple[Series, Series]) -> None:
    top = max(float(each.y.max()) for each in pair)
    for (x, y, discrete), colour in zip(pair, (canvas.DENSITY, canvas.SAMPLES), strict=True):
        if discrete:
            axes.vlines(x, 0, y, color=colour, lw=3, alpha=0.35)
        else:
            axes.fill_between(x, y, color=colour, alpha=0.15, lw=0)
    axes.set(ylim=(0, 2.2 * top), yticks=[])


def _shown(best: Series, pair: tuple[Series, Series]) -> tuple[float, float]:
    """The ends of T* where p or q is above a fiftieth of its height, with a margin."""
    seen = _seen(best, pair)
    low, high = float(best.y[seen].min()), float(best.y[seen].max())
    low, high = max(low, -FARTHEST), min(high, FARTHEST)
    margin = 0.25 * (high - low) or 0.5
    return low - margin, high + margin


def _beyond(row: Row, pair: tuple[Series, Series]) -> tuple[np.ndarray, np.ndarray]:
    """Where p or q is seen and T* is below or above what is drawn, some for a density."""
    x, y, _ = row.optimum
    atoms = [each.x for each in pair if each.discrete]
    marked = np.isin(x, np.concatenate([x[::MARKED], *atoms])) & _seen(row.optimum, pair)
    return x[marked & (y < -FARTHEST)], x[marked & (y > FARTHEST)]


def _seen(best: Series, pair: tuple[Series, Series]) -> np.ndarray:
    """Which points of T* have mass, or a density above a fiftieth of its height."""
    seen = np.zeros(len(best.x), bool)
    for x, y, discrete in pair:
        if discrete:
            seen |= np.isin(best.x, x)
        else:
            seen |= np.interp(best.x, x, y, left=0, right=0) > y.max() / 50
    return seen
