"""Models of P in packs: their total variation by the size of packs, exactly and by trained D."""

import math
from collections.abc import Sequence
from typing import Any

import numpy as np

from gan_cli.divergences import Estimate
from gan_cli.plots import canvas, panels
from gan_cli.theory.findings.base import Expected, Findings, counted, number, table
from gan_cli.theory.packing import TRAINED, Model, Packing, region

CAPTION = (
    "How much sooner D tells a model that lacks a part of P than one that is uneven and as far "
    "off, by the number of examples that it judges at once: exactly, and by trained D."
)
COLOURS = (canvas.SAMPLES, canvas.THIRD)
EXPECTED = {
    "collapsed": lambda m: 1 - 0.8**m,
    "uneven": lambda m: sum(
        math.comb(m, k) * abs(0.5**m - 0.3**k * 0.7 ** (m - k)) / 2 for k in range(m + 1)
    ),
}
"""The total variation of packs of m of the paper's two models, in closed form.

Source: Lin et al. 2018, section 1.2, for the models and section 4 for packs.
"""


def findings(texts: Sequence[str], found: Packing) -> Findings:
    """Shows models of P in packs.

    Args:
        texts: P and the models, as they are written.
        found: what was found of them.
    """
    numbers: dict[str, Any] = {"p": texts[0], "updates": found.updates}
    for text, model in zip(texts[1:], found.models, strict=True):
        numbers[model.name] = {"q": text, "packs": [_numbers(model, m) for m in _sizes(model)]}
    pictures = {"packing.png": draw(found)}
    captions = {"packing.png": CAPTION}
    return Findings(numbers, lines(texts, found), pictures, expected(found), captions)


def expected(found: Packing) -> list[Expected]:
    """The total variation of the paper's two models, by the size of packs."""
    return [
        Expected(
            f"TV of packs of {m}, {model.name} model",
            EXPECTED[model.name](m),
            (model.packs[m - 1].total_variation.value, model.packs[m - 1].total_variation.error),
            1e-12,
        )
        for model in found.models
        if model.name in EXPECTED
        for m in _sizes(model)
    ]


def _sizes(model: Model) -> range:
    return range(1, len(model.packs) + 1)


def _numbers(model: Model, m: int) -> dict[str, Any]:
    _, tv, js, trained = model.packs[m - 1]
    told: dict[str, Any] = {
        "m": m,
        "total_variation": tv.value,
        "error": tv.error,
        "js": js.value,
        "js_error": js.error,
    }
    if model.name in EXPECTED:
        told["expected"] = EXPECTED[model.name](m)
    if trained is not None:
        told |= {
            "trained": trained.total_variation.value,
            "trained_standard_error": trained.total_variation.error,
            "js_trained": trained.js.value,
            "js_trained_standard_error": trained.js.error,
        }
    return told


def lines(texts: Sequence[str], found: Packing) -> list[str]:
    """A table for each model, and what it says."""
    told = [
        f"P = {texts[0]}. D judges packs of m examples of P against packs of m of a model.",
        "TV is the total variation of packs, a finite sum over their types. Beside it stands",
        f"what a D finds on fresh packs that had {counted(found.updates, 'update')} by "
        "minimax's loss.",
    ]
    for text, model in zip(texts[1:], found.models, strict=True):
        known = model.name in EXPECTED
        rows = []
        for m in _sizes(model):
            _, tv, js, trained = model.packs[m - 1]
            by_d = (
                ("-", "-") if trained is None else (_pm(trained.total_variation), _pm(trained.js))
            )
            wanted = (f"{EXPECTED[model.name](m):.6g}",) if known else ()
            rows.append((f"{m}", number(tv), *wanted, by_d[0], number(js), by_d[1]))
        wanted = ("expected",) if known else ()
        head = ("m", "TV", *wanted, "by trained D", "JS (nats)", "by trained D")
        told += ["", f"{model.name}: {text}", *table(">" * len(head), head, *rows)]
    error = max(pack.total_variation.error for model in found.models for pack in model.packs)
    sizes = max(len(model.packs) for model in found.models)
    alone = [f"D is trained on packs of at most {TRAINED}; larger ones have exact numbers alone."]
    told += [
        "",
        f"The sums are exact but for rounding, at most {error:.0e}. What D finds, its TV as",
        "P(D > 0) - Q(D > 0), can lie above the truth by its standard error alone.",
        *(alone if sizes > TRAINED else []),
    ]
    return told


def _pm(estimate: Estimate) -> str:
    return f"{estimate.value:z.4f} +- {estimate.error:.4f}"


def title(found: Packing) -> str:
    """The finding in two lines, or in one where there are no packs."""
    m = len(found.models[0].packs)
    single = len(found.models) == 1
    first, last = (
        ", ".join(
            f"{each.packs[i].total_variation.value:.4g}" + ("" if single else f" ({each.name})")
            for each in found.models
        )
        for i in (0, -1)
    )
    if single:
        alone, packed = f"One example at a time, the TV is {first}", f"In packs of {m} it is {last}"
    else:
        alone = f"One example at a time, the two models are as far from P by TV: {first}"
        packed = f"In packs of {m} D tells the collapsed model sooner: {last}"
    return f"{alone}\n{packed}" if m > 1 else alone


def draw(found: Packing) -> bytes:
    """Draws a PNG of three panels."""
    figure = panels.sheet(13.2, 4.9, title(found))
    left, middle, right = panels.grid(figure, 1, 3, wspace=0.22).subplots()
    _distributions(left, found)
    _regions(middle, found)
    _by_size(right, found)
    return canvas.png(figure)


def _distributions(axes: Any, found: Packing) -> None:
    low, high, masses = found.cells
    points = bool((low == high).all())
    unit = "mass" if points else "density (1 / unit of $x$)"
    panels.dress(axes, "$x$", unit, "P and its models")
    looks = zip(
        ("P", *(model.name for model in found.models)), (canvas.DENSITY, *COLOURS), strict=False
    )
    span = float(high.max() - low.min()) or 1.0
    for row, (name, colour) in enumerate(looks):
        if points:
            x = low + 0.008 * span * (row - (len(masses) - 1) / 2)
            axes.vlines(x, 0, masses[row], color=colour, lw=3, alpha=0.6)
            axes.plot(x, masses[row], "o", ms=6, color=colour, label=name)
            continue
        style = {"lw": 2.2, "ls": ("-", "-", "--")[row], "color": colour, "label": name}
        edges, heights = _outline(low, high, masses[row] / (high - low))
        axes.plot(edges, heights, **style)
        axes.fill_between(edges, heights, color=colour, alpha=0.08, lw=0)
    axes.set_ylim(0, axes.get_ylim()[1] * 1.25)
    panels.legend(axes, loc="upper left", ncols=3)


def _outline(low: np.ndarray, high: np.ndarray, heights: np.ndarray) -> tuple[np.ndarray, ...]:
    """The corners of steps, which begin and end at 0, also between two that do not touch."""
    x = np.repeat(np.stack([low, high], axis=1), 2, axis=1).ravel()
    y = np.stack([0 * heights, heights, heights, 0 * heights], axis=1)
    touching = np.append(low[1:] == high[:-1], False)
    y[touching, 3] = heights[touching]
    y[1:, 0][touching[:-1]] = heights[:-1][touching[:-1]]
    return x, y.ravel()


def _regions(axes: Any, found: Packing) -> None:
    panels.dress(
        axes, "Q(S), share of the model's packs in S", "P(S)", "What a set S of packs tells"
    )
    axes.plot([0, 1], [0, 1], "--", color=canvas.REFERENCE, lw=1)
    for model, colour in zip(found.models, COLOURS, strict=False):
        sizes = sorted({1, len(model.packs)})
        for m in sizes:
            x, y = region(model.masses, m)
            wide = m == sizes[-1]
            name = f"{model.name}, m = {m}"
            axes.plot(
                x,
                y,
                color=colour,
                lw=2.2 if wide else 1.3,
                alpha=1 if wide else 0.6,
                ls="-" if wide else ":",
                label=name,
            )
            best = int(np.argmax(y - x))
            axes.plot([x[best]] * 2, [x[best], y[best]], color=colour, lw=1, alpha=0.6)
    axes.plot([], [], color=canvas.REFERENCE, lw=1, label="greatest height: TV")
    axes.set(xlim=(-0.02, 1.02), ylim=(-0.02, 1.02), aspect="equal", anchor="W")
    panels.legend(axes, loc="lower right")


def _by_size(axes: Any, found: Packing) -> None:
    panels.dress(axes, "m, the examples in a pack", "total variation of packs", "TV by the size")
    for model, colour in zip(found.models, COLOURS, strict=False):
        sizes = np.array(_sizes(model))
        exact = [pack.total_variation.value for pack in model.packs]
        mark = "o-" if len(sizes) <= 20 else "-"
        axes.plot(sizes, exact, mark, ms=7, mfc="white", color=colour, label=f"{model.name}, exact")
        judged = [pack for pack in model.packs if pack.trained is not None]
        values = [pack.trained.total_variation.value for pack in judged if pack.trained]
        look = {"ms": 9, "mew": 1.6, "color": colour, "label": f"{model.name}, by a trained D"}
        axes.plot([pack.m for pack in judged], values, "+", **look)
        if len(sizes) <= 6:
            for m, value in zip(sizes, exact, strict=True):
                axes.annotate(
                    f"{value:.4g}",
                    (m, value),
                    (-6, 7),
                    textcoords="offset points",
                    ha="center",
                    fontsize=8.5,
                    color=canvas.INK,
                )
    axes.xaxis.get_major_locator().set_params(integer=True)
    axes.set_ylim(0, min(1.08, axes.get_ylim()[1] * 1.15))
    panels.legend(axes, loc="upper left" if axes.get_ylim()[1] < 1 else "lower right")
