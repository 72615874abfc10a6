"""The birthday test of a G: how many different samples it has, and the pairs that are nearest."""

import math
from typing import Any

import numpy as np

from gan_cli.plots import canvas, panels
from gan_cli.theory.birthday import RADII, Birthday, Support
from gan_cli.theory.findings.base import Expected, Findings, table
from gan_cli.theory.findings.nearest_pairs import image_pairs, plane, point_pairs

SEEN = 10  # the pairs within a tolerance from which on a curve is drawn
CAPTION = (
    "How many different samples there are by the tolerance up to which two are the same, of G and "
    f"of the data, and the pairs that are nearest. A curve begins where {SEEN} pairs are the same, "
    "so the point of the test itself may stand before it."
)
SIGMAS = 3.0  # the standard errors that an estimate may be off


def findings(what: str, tolerance: str, found: Birthday) -> Findings:
    """Shows how many different samples a G has.

    Args:
        what: the run and its step, in words.
        tolerance: where the tolerance comes from, as a clause.
        found: the test.
    """
    numbers = {
        "run": what,
        "tolerance": found.tolerance,
        "tolerance_is": tolerance,
        "generator": _numbers(found.generator),
        "data": _numbers(found.data),
        "data_exact": None if found.exact is None else 1 / found.exact,
        "batches": None
        if found.batches is None
        else {
            "size": found.batches.size,
            "number": found.batches.number,
            "share_with_a_pair": found.batches.share.value,
            "standard_error": found.batches.share.error,
            "expected": expected_share(found),
        },
    }
    pictures = {"birthday.png": draw(found)}
    captions = {"birthday.png": CAPTION}
    return Findings(numbers, lines(what, tolerance, found), pictures, expected(found), captions)


def expected(found: Birthday) -> list[Expected]:
    """The data's own support where it is known, and how often a batch holds a pair."""
    rows = []
    if found.exact is not None:
        size, (c, error) = found.data.size, found.data.collision
        within = size * error / c if c else math.inf
        rows.append(
            Expected("support of the data", 1 / found.exact, (size, within), SIGMAS * within)
        )
    if found.batches is not None:
        size, _, (share, error) = found.batches
        rows.append(
            Expected(
                f"share of batches of {size} samples with a pair",
                expected_share(found),
                (share, error),
                SIGMAS * error,
            )
        )
    return rows


def _numbers(support: Support) -> dict[str, Any]:
    return {
        "examples": support.n,
        "duplicate_pairs": support.pairs,
        "collision_probability": support.collision.value,
        "standard_error": support.collision.error,
        "support": support.size,
        "low": support.low,
        "high": support.high,
        "draws_for_a_pair": support.draws,
    }


def expected_share(found: Birthday) -> float:
    """The share of batches of that size that hold a pair, 1 - exp(-s (s - 1) c / 2)."""
    assert found.batches is not None
    s = found.batches.size
    return -math.expm1(-s * (s - 1) * found.generator.collision.value / 2)


def lines(what: str, tolerance: str, found: Birthday) -> list[str]:
    """A table of G and the data, and what it means."""
    rows = [_line("G", found.generator), _line("data", found.data)]
    if found.exact is not None:
        size = 1 / found.exact
        draws = f"{max(2.0, math.sqrt(2 * size * math.log(2))):,.0f}"
        rows.append(("data, exact", "", "", _count(size), "", draws))
    head = ("", "examples", "duplicate pairs", "support N", "95 % interval", "draws for a pair")
    told = [
        f"{what}.",
        f"Two samples are duplicates if their distance is at most {found.tolerance:.4g}, which is",
        f"{tolerance}.",
        "If two are with probability c, the support is N = 1 / c: there are as many different ones",
        "as if all were drawn from N equally likely ones, and about sqrt(2 N log 2) draws hold a",
        "pair of duplicates with probability 1/2.",
        "",
        *table("<>>>>>", head, *rows),
        "",
    ]
    if found.batches is None:
        told.append(
            "Batches that should hold a pair half of the time need more samples than these."
        )
    else:
        size, count, (share, error) = found.batches
        told.append(
            f"Of {count:,} batches of {size:,} samples of G, {share:.3f} +- {error:.3f} hold a "
            f"pair (expected {expected_share(found):.3f})."
        )
    return [*told, *verdict(found)]


def _line(name: str, support: Support) -> tuple[str, ...]:
    size = _count(support.size) if support.pairs else f"above {_count(support.low)}"
    interval = f"{_count(support.low)} to {_count(support.high)}" if support.pairs else ""
    draws = f"{support.draws:,.0f}" if support.pairs else ""
    return (name, f"{support.n:,}", f"{support.pairs:,}", size, interval, draws)


def _count(size: float) -> str:
    """A size in as many digits as are worth reading."""
    if not math.isfinite(size):
        return "infinity"
    digits = max(0, len(f"{size:.0f}") - 3)
    return f"{round(size, -digits):,.0f}" if size >= 100 else f"{size:.3g}"


def verdict(found: Birthday) -> list[str]:
    """Whether G has fewer different samples than the data, if the intervals tell."""
    mine = found.generator
    if found.exact is not None:
        low = high = 1 / found.exact
    else:
        low, high = found.data.low, found.data.high
    if mine.high < low:
        return ["G has fewer different samples than the data: it repeats itself."]
    if mine.low > high:
        return ["G has more different samples than the data: its samples are spread more widely."]
    return ["The samples of G repeat no more and no less than the data does, within the errors."]


def title(found: Birthday) -> str:
    """The finding in two lines."""
    mine = found.generator
    size = (
        f"{_count(mine.size)} (95 %: {_count(mine.low)} to {_count(mine.high)})"
        if mine.pairs
        else f"above {_count(mine.low)}"
    )
    if found.exact is not None:
        data = f"{_count(1 / found.exact)} exactly"
    else:
        data = _count(found.data.size) if found.data.pairs else f"above {_count(found.data.low)}"
    return (
        f"G's support, by pairs within {found.tolerance:.3g}, is {size}; that of the data is {data}"
        f"\n{verdict(found)[0].rstrip('.')}"
    )


def draw(found: Birthday) -> bytes:
    """Draws a PNG: the support by the tolerance, and the nearest pairs of G and of the data."""
    figure = panels.sheet(13.6, 5.2, title(found))
    shape = {"wspace": 0.22, "width_ratios": (1.2, 1, 1)}
    left, middle, right = panels.grid(figure, 1, 3, **shape).subplots()
    _curve(left, found)
    is_image = found.samples.ndim == 4
    show = image_pairs if is_image else point_pairs
    show(middle, found.samples, found.of_samples, "G", canvas.SAMPLES)
    show(right, found.real, found.of_real, "the data", canvas.DENSITY)
    if not is_image:
        ends = canvas.bounds(plane(np.concatenate([found.real, found.samples])), 0.1)
        for axes in (middle, right):
            axes.set(xlim=ends[:, 0], ylim=ends[:, 1])
    return canvas.png(figure)


def _curve(axes: Any, found: Birthday) -> None:
    name = "How many different ones, by what counts as the same"
    panels.dress(axes, "tolerance (distance in units of the data)", "support N = 1 / c")
    axes.set_title(name, loc="left", fontsize=10, color=canvas.INK)
    radii = RADII * found.tolerance
    pairs = (
        ("G", found.of_samples, found.generator, canvas.SAMPLES),
        ("data", found.of_real, found.data, canvas.DENSITY),
    )
    axes.set(xscale="log", yscale="log")
    for label, near, support, colour in pairs:
        seen = (near.shares * support.n * (support.n - 1) / 2 >= SEEN) & (near.shares < 1)
        axes.plot(radii[seen], 1 / near.shares[seen], color=colour, lw=2, label=label)
        if support.pairs:
            high = support.high if math.isfinite(support.high) else support.size
            ends = [[support.size - support.low], [high - support.size]]
            look = {"fmt": "o", "ms": 6, "capsize": 4, "color": colour, "zorder": 3}
            name = f"{label} at the tolerance here, 95 %"
            axes.errorbar([found.tolerance], [support.size], yerr=ends, label=name, **look)
    if found.exact is not None:
        axes.plot(
            found.tolerance,
            1 / found.exact,
            "x",
            ms=10,
            mew=2,
            color=canvas.INK,
            label="data, exact",
        )
    axes.axvline(found.tolerance, color=canvas.REFERENCE, lw=1, ls="--", label="the tolerance here")
    for axis in (axes.xaxis, axes.yaxis):
        panels.mark_decades(axis)
    panels.legend(axes, loc="best")
