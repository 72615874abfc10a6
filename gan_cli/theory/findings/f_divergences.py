"""Nine f-divergences in three ways: a table of values, and what f, f*, g_f and T* look like."""

import math
from typing import Any

import numpy as np

from gan_cli.divergences.f_functions import ROWS
from gan_cli.plots import canvas, panels
from gan_cli.theory.divergences import Series
from gan_cli.theory.f_divergences import FDivergences, Row
from gan_cli.theory.findings.base import Expected, Findings, number, table, yes
from gan_cli.theory.trained_bound import activations

CAPTION = (
    "For each divergence, from above: f, its conjugate f*, the output activation g_f, and T* "
    "beside the T of the trained D over the two distributions."
)
DIGITS = 7
RATIOS = np.linspace(0.02, 4.0, 300)  # u of the pictures of f
OUTPUTS = np.linspace(-3.0, 3.0, 301)  # v of the pictures of g_f
SLOPES = np.linspace(-3.0, 3.0, 601)  # t of the pictures of f*
INSIDE = 1e-3  # how far from the end of its domain f* is drawn
HIGHEST = 4.0  # the top of the pictures of f and f*
STATEMENT = [
    "D_f(P, Q) = E_Q f(p / q). For any T with values in the domain of f*, the conjugate of f,",
    "F(T) = E_P T - E_Q f*(T) is at most D_f, and it is D_f for T* = f'(p / q).",
    "",
]


def findings(p: str, q: str, found: FDivergences) -> Findings:
    """Shows what was found of the distributions written p and q."""
    numbers = {name: _numbers(row) for name, row in found.rows.items()}
    pictures = {"f_divergences.png": draw(p, q, found)}
    captions = {"f_divergences.png": CAPTION}
    return Findings(numbers, lines(p, q, found), pictures, expected(found), captions)


def expected(found: FDivergences) -> list[Expected]:
    """F(T*) beside the direct value, and the trained D within what is asked of it."""
    rows = [row for row in found.rows.values() if math.isfinite(row.direct.value)]
    attained = (
        Expected(f"{row.label}: F(T*)", row.direct.value, row.variational, 1e-6) for row in rows
    )
    trained = (
        Expected(
            f"{row.label}: by a trained D",
            row.direct.value,
            row.trained,
            row.enough * abs(row.direct.value),
        )
        for row in rows
    )
    return [*attained, *trained]


def _numbers(row: Row) -> dict[str, Any]:
    return {
        "label": row.label,
        "direct": row.direct.value,
        "direct_error": row.direct.error,
        "variational": row.variational.value,
        "variational_error": row.variational.error,
        "trained": row.trained.value,
        "trained_error": row.trained.error,
        "gap": row.gap,
        "within": row.gap <= row.enough,
        "others": row.others,
        "others_give_less": row.others_give_less,
        "reason": why(row) or None,
    }


def lines(p: str, q: str, found: FDivergences) -> list[str]:
    """A table of the values, and the reasons of what is infinite or falls short."""
    head = ("", "direct", "F(T*)", "trained D", "short by", "other T less")
    cells = [
        (
            row.label,
            number(row.direct, DIGITS),
            number(row.variational, DIGITS),
            number(row.trained, DIGITS),
            _gap(row),
            yes(row.others_give_less) if row.others else "",
        )
        for row in found.rows.values()
    ]
    reasons = [f"{row.label}: {why(row)}." for row in found.rows.values() if why(row)]
    return [
        *STATEMENT,
        f"p = {p}",
        f"q = {q}",
        "",
        *table("<>>>><", head, *cells),
        "",
        f"All in nats or without unit. Each D is an MLP after {found.updates:,} updates. The last "
        "column says",
        f"whether each of {_count(found)} other T gives less than T*.",
        *([""] if reasons else []),
        *reasons,
    ]


def why(row: Row) -> str:
    """Why a value is infinite, or why the trained D falls short by more than it should."""
    if row.why:
        return (
            f"infinite: {row.why}, so F(T) has no greatest value, and the trained D's tells only "
            "where its training ended"
        )
    if row.gap <= row.enough:
        return ""
    told = f"the trained D falls short by {_gap(row)}: "
    terms = row.terms
    if ROWS["total_variation"].label == row.label:
        return told + "T* is a step, and a network that is continuous goes from -1/2 to 1/2 slowly"
    if terms.farthest > terms.held:
        return told + (
            f"log p/q reaches {terms.farthest:.3g} nats in size where its terms are, and float32, "
            f"in which D computes, holds T* and f*(T*) up to {terms.held:g} nats"
        )
    return told + (
        f"half of its terms come from points that have probability {terms.of_p:.1e} under p and "
        f"{terms.of_q:.1e} under q, where T* grows to {terms.steepest:.2g} in size"
    )


def _gap(row: Row) -> str:
    return "" if math.isinf(row.gap) else f"{max(0.0, row.gap):.2%}"


def _count(found: FDivergences) -> int:
    return max(len(row.others) for row in found.rows.values())


def title(p: str, q: str, found: FDivergences) -> str:
    """The finding in two lines."""
    finite = [row for row in found.rows.values() if not math.isinf(row.direct.value)]
    apart = max(abs(row.variational.value - row.direct.value) for row in finite)
    worst = max(finite, key=lambda row: row.gap)
    infinite = len(found.rows) - len(finite)
    less = all(row.others_give_less for row in finite)
    others = f"each of {_count(found)} other T gives {'less' if less else 'no more'}"
    told = f"; {infinite} of {len(found.rows)} are infinite" if infinite else ""
    return (
        f"p = {p}, q = {q}: F(T*) = $E_P T^* - E_Q f^*(T^*)$ is $E_Q f(p/q)$ to within "
        f"{apart:.0e}{told}\n"
        f"A trained D falls short by at most {max(0.0, worst.gap):.2%} ({worst.label}); {others}"
    )


def draw(p: str, q: str, found: FDivergences) -> bytes:
    """Draws a PNG: a column for each divergence, with f, f*, g_f, and T* beside a trained D's T."""
    figure = panels.sheet(19.0, 9.6, title(p, q, found))
    shape = {"wspace": 0.3, "hspace": 0.42, "top": 1 - 1.55 / 9.6, "left": 0.75 / 19}
    columns = panels.grid(figure, 4, len(found.rows), **shape).subplots().T
    for (name, row), column in zip(found.rows.items(), columns, strict=True):
        _functions(name, row, column[:3])
        _optimum(row, found, column[3])
    for axes, label in zip(columns[0], ("f", "f*, the conjugate", "$g_f$", "T"), strict=True):
        axes.set_ylabel(label, fontsize=11, color=canvas.INK)
    handles = [
        canvas.line(canvas.REFERENCE, "$T^* = f'(p/q)$"),
        canvas.line(canvas.INK, "T of the trained D"),
        canvas.line(canvas.DENSITY, "p"),
        canvas.line(canvas.SAMPLES, "q"),
    ]
    place = {"loc": "upper right", "ncols": 4, "frameon": False, "fontsize": 10}
    figure.legend(handles=handles, labelcolor=canvas.INK, **place)
    return canvas.png(figure)


def _functions(name: str, row: Row, column: Any) -> None:
    f, conjugate, activation = column
    known = ROWS[name]
    value = "infinite" if row.why else number(row.direct, 4)
    trained = number(row.trained, 4)
    short = row.label.replace("l KL, ", "l KL,\n").replace("y, ", "y,\n").replace("N, ", "N,\n")
    panels.dress(f, "u = p / q", title=f"{short}\n= {value}\ntrained D: {trained}")
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
    axes.plot(x, row.said.y, color=canvas.INK, lw=1.3, ms=4, **look)
    axes.set(xlim=found.ends, ylim=_shown(row.optimum, found.pair))


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
    seen = np.zeros(len(best.x), bool)
    for x, y, discrete in pair:
        if discrete:
            seen |= np.isin(best.x, x)
        else:
            seen |= np.interp(best.x, x, y, left=0, right=0) > y.max() / 50
    low, high = float(best.y[seen].min()), float(best.y[seen].max())
    low, high = max(low, -50.0), min(high, 50.0)
    margin = 0.25 * (high - low) or 0.5
    return low - margin, high + margin
