"""Two distributions compared: their densities, the terms of KL and JS, and the transport of W_1."""

import math
from typing import Any

import numpy as np

from gan_cli.divergences import Coupling, Estimate
from gan_cli.plots import canvas, panels
from gan_cli.theory.divergences import Divergences, Series
from gan_cli.theory.findings.base import Expected, Findings, number, table

DIGITS = 4  # significant digits of a number in the picture
ROUNDING = 1e-12  # relative rounding error of float64, for a number that states no error
CAPTION = (
    "Left: the two distributions. Middle: the terms that KL and JS add up, point by point; KL "
    "counts where the first has mass and the second little. Right: the cheapest way to move the "
    "mass of one onto the other, whose mean distance is W_1."
)
LARGEST = 420.0  # the area of the largest circle of the transport, in points squared
TERMS = {
    "kl_pq": (canvas.DENSITY, r"$p\,\log(p / q)$: KL(p || q) = "),
    "kl_qp": (canvas.SAMPLES, r"$q\,\log(q / p)$: KL(q || p) = "),
    "js": (canvas.THIRD, "JS: "),
}


def findings(p: str, q: str, found: Divergences) -> Findings:
    """Shows the comparison of the distributions written p and q."""
    values = {name: each.value for name, each in found.there.items()}
    errors = {name: each.error for name, each in found.there.items()}
    numbers = {"p": p, "q": q, **values, "errors": errors}
    pictures = {"divergences.png": draw(found)}
    return Findings(
        numbers, lines(p, q, found), pictures, expected(found), {"divergences.png": CAPTION}
    )


def expected(found: Divergences) -> list[Expected]:
    """What holds for any two distributions."""
    there, back = found.there, found.back
    js, variation = there["js"], there["total_variation"]
    swapped = js.value - back["js"].value, js.error + back["js"].error
    pinsker = Estimate(math.sqrt(there["kl_pq"].value / 2))
    return [
        Expected("KL(p || q), nats", 0.0, there["kl_pq"], relation=">="),
        Expected("KL(q || p), nats", 0.0, there["kl_qp"], relation=">="),
        Expected("JS(p, q), nats: at most log 2", math.log(2), js, relation="<="),
        Expected("JS(p, q) - JS(q, p), nats", 0.0, swapped, js.error + back["js"].error),
        Expected("total variation: at most 1", 1.0, variation, relation="<="),
        Expected(
            "total variation: at most sqrt(KL / 2) (Pinsker)",
            pinsker.value,
            variation,
            variation.error,
            "<=",
        ),
        Expected(
            "W_1, units of x: at most W_2",
            there["wasserstein_2"].value,
            there["wasserstein_1"],
            there["wasserstein_1"].error + there["wasserstein_2"].error,
            "<=",
        ),
    ]


def lines(p: str, q: str, found: Divergences) -> list[str]:
    """A table of every divergence in both directions, and why it is infinite where it is."""
    there, back = found.there, found.back
    rows = (
        ("KL", there["kl_pq"], there["kl_qp"], "nats"),
        ("JS", there["js"], back["js"], "nats, at most log 2 = 0.693147"),
        ("total variation", there["total_variation"], back["total_variation"], "at most 1"),
        ("W_1", there["wasserstein_1"], back["wasserstein_1"], "units of x"),
        ("W_2", there["wasserstein_2"], back["wasserstein_2"], "units of x"),
    )
    cells = [
        (name, number(one), number(other), _within(max(one.error, other.error)), unit)
        for name, one, other, unit in rows
    ]
    infinite = [
        f"KL({a} || {b}) is infinite: {a} has mass where {b} has none."
        for a, b, name in (("p", "q", "kl_pq"), ("q", "p", "kl_qp"))
        if math.isinf(there[name].value)
    ]
    told = table("<>><<", ("", "p || q", "q || p", "within", ""), *cells)
    return [f"p = {p}", f"q = {q}", "", *told, *([""] if infinite else []), *infinite]


def _within(error: float) -> str:
    return f"{error:.0e}" if error else "exact"


def title(found: dict[str, Estimate]) -> str:
    """The finding in two lines."""
    value = {name: number(each, DIGITS) for name, each in found.items()}
    return (
        f"{directions(found)}\n"
        f"JS = {value['js']} nats (at most log 2 = 0.6931), total variation = "
        f"{value['total_variation']} (at most 1), $W_1$ = {value['wasserstein_1']} and $W_2$ = "
        f"{value['wasserstein_2']} in units of $x$"
    )


def directions(found: dict[str, Estimate]) -> str:
    """What KL is in one direction and in the other."""
    (pq, pq_error), (qp, qp_error) = found["kl_pq"], found["kl_qp"]
    one, other = (number(found[name], DIGITS) for name in ("kl_pq", "kl_qp"))
    told = f"KL(p || q) = {one} and KL(q || p) = {other} nats"
    if math.isinf(pq) and math.isinf(qp):
        return "KL is infinite both ways: each has mass where the other has none"
    if math.isinf(pq):
        return f"{told}: p has mass where q has none"
    if math.isinf(qp):
        return f"{told}: q has mass where p has none"
    if math.isclose(pq, qp, rel_tol=ROUNDING, abs_tol=pq_error + qp_error):
        alike = "for these two it is symmetric"
        return f"{told}: {alike if one == other else 'they differ by less than their error'}"
    return f"{told}: it is not symmetric{', if only just' if one == other else ''}"


def draw(found: Divergences) -> bytes:
    """Draws a PNG of three panels."""
    figure = panels.sheet(13.2, 5.5, title(found.there))
    left, middle, right = panels.grid(figure, 1, 3, wspace=0.22, bottom=0.21).subplots()
    _densities(left, found.pair, found.ends)
    _terms(middle, found)
    _transport(right, found.transport, found.ends)
    for axes in (left, right, *([middle] if found.terms else [])):
        place = {"loc": "upper center", "bbox_to_anchor": (0.5, -0.14)}
        panels.legend(axes, **place, ncols=2, frameon=False)
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


def _terms(axes: Any, found: Divergences) -> None:
    if not found.terms:
        panels.dress(axes, title="What KL and JS are made of")
        axes.set(xticks=[], yticks=[])
        words = (
            "A density and point masses\nhave nothing in common:\n"
            "KL is infinite and JS is log 2,\nwherever they lie."
        )
        axes.text(0.5, 0.5, words, ha="center", va="center", color=canvas.INK)
        return
    discrete = found.terms["js"].discrete
    unit, kind = ("nats", "sums") if discrete else ("nats / unit of $x$", "areas")
    panels.dress(axes, "$x$", f"term ({unit})", f"KL and JS are the {kind} of these terms")
    axes.axhline(0, color=canvas.REFERENCE, lw=0.8)
    for (name, (x, y, _)), shift in zip(found.terms.items(), _beside(3, found.ends), strict=True):
        color, label = TERMS[name]
        moved = x + shift if discrete else x
        finite = Series(moved, np.where(np.isfinite(y), y, np.nan), discrete)
        _curve(axes, finite, color, label + number(found.there[name], DIGITS))
        every = 1 if discrete else 40
        infinite = moved[::every][np.isposinf(y[::every])]
        upper = {"transform": axes.get_xaxis_transform()}
        axes.plot(infinite, np.full(len(infinite), 0.98), "^", ms=5, color=color, **upper)
    if any(np.isinf(term.y).any() for term in found.terms.values()):
        axes.plot([], [], "^", ms=5, color=canvas.REFERENCE, label="infinite there")
    axes.set(xlim=found.ends)


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
