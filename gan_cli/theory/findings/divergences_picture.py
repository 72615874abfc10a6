"""Two distributions in a picture: densities, terms, distribution functions, critics, transport."""

from typing import Any

import numpy as np

from gan_cli.divergences import Coupling
from gan_cli.plots import canvas, panels
from gan_cli.theory.divergences import Divergences, Series
from gan_cli.theory.findings.base import number

DIGITS = 4  # significant digits of a number in the picture
ROUNDING = 1e-12  # relative rounding error of float64, for a number that states no error
CAPTION = (
    "Above: the two distributions; the terms that KL and JS add up, point by point, where KL "
    "counts where the first has mass and the second little; and the cheapest way to move the mass "
    "of one onto the other, whose mean distance is W_1. Below: the terms of Hellinger's and "
    "Fisher's distances; the distribution functions; and the functions that tell the two apart "
    "best for three distances."
)
LARGEST = 420.0  # the area of the largest circle of the transport, in points squared
TERMS = {
    "kl_pq": (canvas.DENSITY, r"$p\,\log(p / q)$: KL(p || q) = ", "kl_pq"),
    "kl_qp": (canvas.SAMPLES, r"$q\,\log(q / p)$: KL(q || p) = ", "kl_qp"),
    "js": (canvas.THIRD, "JS: ", "js"),
}
OTHER_TERMS = {
    "squared_hellinger": (
        canvas.DENSITY,
        r"$(\sqrt{p} - \sqrt{q})^2$: Hellinger$^2$ = ",
        "squared_hellinger",
    ),
    "triangular_discrimination": (
        canvas.SAMPLES,
        r"$(p - q)^2 / (p + q)$: Fisher = ",
        "fisher",
    ),
}
WORDS = {
    "nats": "KL is infinite and JS is log 2,\nwherever they lie.",
    "mass": "both Hellinger$^2$ and Fisher are 2,\nwherever they lie.",
}
CRITICS = {
    "fisher": (canvas.SAMPLES, r"Fisher: $(p - q) / (p + q)$"),
    "mmd": (canvas.DENSITY, r"MMD: $E\,k(x, X) - E\,k(x, Y)$"),
    "energy": (canvas.THIRD, r"energy: $E|x - Y| - E|x - X|$"),
}


def draw(found: Divergences, title: str) -> bytes:
    """Draws a PNG of six panels."""
    figure = panels.sheet(13.2, 9.9, title)
    grid = panels.grid(figure, 2, 3, wspace=0.22, hspace=0.42, bottom=0.125)
    (left, middle, right), (below, cdfs, critics) = grid.subplots()
    _densities(left, found.pair, found.ends)
    _terms(middle, found, TERMS, "KL and JS", "nats")
    _transport(right, found.transport, found.ends)
    _terms(below, found, OTHER_TERMS, r"Hellinger$^2$ and Fisher$^2$/2", "mass")
    _cdfs(cdfs, found)
    _critics(critics, found)
    wide, narrow = [left, right, cdfs], [critics]
    if found.terms:
        wide, narrow = [*wide, middle], [*narrow, below]
    for columns, legends in ((2, wide), (1, narrow)):
        for axes in legends:
            place = {"loc": "upper center", "bbox_to_anchor": (0.5, -0.14)}
            panels.legend(axes, **place, ncols=columns, frameon=False)
    return canvas.png(figure)


def _densities(axes: Any, pair: tuple[Series, Series], ends: tuple[float, float]) -> None:
    both, either = (check(each.discrete for each in pair) for check in (all, any))
    unit = "mass" if both else "density (1 / unit of $x$)"
    unit = unit if both == either else f"mass, or {unit}"
    panels.dress(axes, "$x$", unit, "The two distributions")
    shared = np.intersect1d(pair[0].x, pair[1].x) if both else np.empty(0)
    looks = zip("pq", (canvas.DENSITY, canvas.SAMPLES), _beside(2, ends), strict=True)
    for (x, y, discrete), (name, color, shift) in zip(pair, looks, strict=True):
        moved = x + np.where(np.isin(x, shared), shift, 0.0)
        label = f"{name}: {'masses' if discrete else 'density'}"
        _curve(axes, Series(moved, y, discrete), color, label)
    axes.set(xlim=ends)
    axes.set_ylim(bottom=0)


def _terms(
    axes: Any, found: Divergences, looks: dict[str, tuple[str, str, str]], of: str, unit: str
) -> None:
    if not found.terms:
        panels.dress(axes, title=f"What {of} are made of")
        axes.set(xticks=[], yticks=[])
        words = "A density and point masses\nhave nothing in common:\n" + WORDS[unit]
        axes.text(0.5, 0.5, words, ha="center", va="center", color=canvas.INK)
        return
    discrete = found.terms["js"].discrete
    measured, kind = (unit, "sums") if discrete else (f"{unit} / unit of $x$", "areas")
    panels.dress(axes, "$x$", f"term ({measured})", f"{of} are the {kind} of these terms")
    axes.axhline(0, color=canvas.REFERENCE, lw=0.8)
    infinite_somewhere, largest = False, 0.0
    for (name, look), shift in zip(looks.items(), _beside(len(looks), found.ends), strict=True):
        color, label, result = look
        x, y, _ = found.terms[name]
        moved = x + shift if discrete else x
        finite = Series(moved, np.where(np.isfinite(y), y, np.nan), discrete)
        _curve(axes, finite, color, label + number(found.there[result], DIGITS))
        every = 1 if discrete else 40
        infinite = moved[::every][np.isposinf(y[::every])]
        upper = {"transform": axes.get_xaxis_transform()}
        axes.plot(infinite, np.full(len(infinite), 0.98), "^", ms=5, color=color, **upper)
        infinite_somewhere |= bool(np.isinf(y).any())
        largest = max(largest, float(np.abs(y[np.isfinite(y)]).max(initial=0.0)))
    if infinite_somewhere:
        axes.plot([], [], "^", ms=5, color=canvas.REFERENCE, label="infinite there")
    axes.set(xlim=found.ends)
    tallest = max(float(each.y.max()) for each in found.pair)
    if largest <= ROUNDING * tallest:
        axes.set_ylim(-0.1 * tallest, 0.1 * tallest)


def _cdfs(axes: Any, found: Divergences) -> None:
    """The distribution functions, with what W_1 and the energy distance integrate between them."""
    name = "How far the distribution functions are apart"
    panels.dress(axes, "$x$", "share of the mass below $x$", name)
    (x, f, _), (other, g, _) = found.cdfs
    every = np.union1d(x, other)
    both = [np.interp(every, points, values) for points, values in ((x, f), (other, g))]
    first, second = (
        rf"$W_1 = \int |F - G|$ = {number(found.there['wasserstein_1'], DIGITS)}",
        f"$2 (F - G)^2$: energy = {number(found.there['energy'], DIGITS)}",
    )
    axes.fill_between(every, *both, color=canvas.REFERENCE, alpha=0.25, lw=0, label=first)
    axes.plot(x, f, color=canvas.DENSITY, lw=2, label="F, of p")
    energy = 2 * (both[0] - both[1]) ** 2
    axes.plot(every, energy, color=canvas.THIRD, lw=2, label=second)
    axes.plot(other, g, color=canvas.SAMPLES, lw=2, label="G, of q")
    axes.set(xlim=found.ends, ylim=(0, 1.05 * max(1.0, float(energy.max()))))


def _critics(axes: Any, found: Divergences) -> None:
    """What each distance's best critic says; it is above 0 where it takes x for p's."""
    panels.dress(axes, "$x$", "output, scaled to at most 1", "What tells p from q best")
    axes.axhline(0, color=canvas.REFERENCE, lw=0.8)
    for name, (x, y, _) in found.critics.items():
        color, label = CRITICS[name]
        axes.plot(x, y, color=color, lw=2, label=label)
    axes.set(xlim=found.ends, ylim=(-1.08, 1.08))


def _transport(axes: Any, transport: Coupling, ends: tuple[float, float]) -> None:
    panels.dress(
        axes, "from $x$, distributed as p", "to $y$, distributed as q", "How $W_1$ moves the mass"
    )
    axes.plot(ends, ends, "--", color=canvas.REFERENCE, lw=1, label="$y = x$: nothing moves")
    i, j = np.nonzero(transport.mass)
    mass = transport.mass[i, j]
    look = {"color": canvas.THIRD, "alpha": 0.55}
    sizes = LARGEST * mass / max(float(mass.max()), 0.12)
    axes.scatter(transport.x[i], transport.y[j], s=sizes, lw=0, **look)
    axes.plot([], [], "o", ms=7, label="area: mass from $x$ to $y$", **look)
    axes.set(xlim=ends, ylim=ends)


def _curve(axes: Any, series: Series, color: str, label: str) -> None:
    """Draws masses as stems, and a density as a line over its area."""
    x, y, discrete = series
    if discrete:
        axes.vlines(x, 0, y, color=color, lw=3, alpha=0.6)
        axes.plot(x, y, "o", ms=6, color=color, label=label)
    else:
        axes.plot(x, y, color=color, lw=2, label=label)
        axes.fill_between(x, y, color=color, alpha=0.12, lw=0)


def _beside(count: int, ends: tuple[float, float]) -> np.ndarray:
    """How far to shift stems with the same x, so that all are seen."""
    return (np.arange(count) - (count - 1) / 2) * 0.018 * (ends[1] - ends[0])
