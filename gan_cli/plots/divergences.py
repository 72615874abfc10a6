"""The picture of two distributions: their densities, the terms of KL and JS, the transport."""

from typing import Any, NamedTuple

import numpy as np

from gan_cli.plots import canvas, panels

MEAN = "#2b8a3e"
LARGEST = 420.0  # the area of the transport's largest circle, in points squared


class Weights(NamedTuple):
    """A density at points x (N,), or, if discrete, the masses of points x."""

    x: np.ndarray
    weight: np.ndarray
    discrete: bool


class Term(NamedTuple):
    """What is integrated over x, or summed, to a divergence: (N,) each; it may be infinite."""

    name: str
    x: np.ndarray
    value: np.ndarray
    discrete: bool


class Transport(NamedTuple):
    """What mass (N, M) goes from each of the points x (N,) to each of the points y (M,)."""

    x: np.ndarray
    y: np.ndarray
    mass: np.ndarray


def draw(
    pair: tuple[Weights, Weights],
    terms: list[Term],
    transport: Transport,
    ends: tuple[float, float],
    title: str,
) -> bytes:
    """Draws a PNG of three panels.

    Args:
        pair: p and q.
        terms: of KL(p || q), KL(q || p) and JS, or none where there are none.
        transport: of p to q.
        ends: of the axes of x.
        title: what was found.
    """
    figure = panels.sheet(13.2, 5.5, title)
    places = panels.grid(figure, 1, 3, wspace=0.22, bottom=0.21)
    left, middle, right = (figure.add_subplot(place) for place in places)
    _densities(left, pair, ends)
    _terms(middle, terms, ends)
    _transport(right, transport, ends)
    return panels.png(figure)


def _densities(axes: Any, pair: tuple[Weights, Weights], ends: tuple[float, float]) -> None:
    panels.dress(axes, "$x$", _weight_unit(pair), "The two distributions")
    both = pair[0].discrete and pair[1].discrete
    shared = np.intersect1d(pair[0].x, pair[1].x) if both else np.empty(0)
    for weights, name, shift in zip(pair, "pq", _beside(2, ends), strict=True):
        color = canvas.DENSITY if name == "p" else canvas.SAMPLES
        if weights.discrete:
            x = weights.x + np.where(np.isin(weights.x, shared), shift, 0.0)
            _stems(axes, x, weights.weight, color, f"{name}: masses")
        else:
            _area(axes, weights.x, weights.weight, color, f"{name}: density")
    axes.set(xlim=ends)
    axes.set_ylim(bottom=0)
    _legend(axes)


def _weight_unit(pair: tuple[Weights, Weights]) -> str:
    density = "density (1 / unit of $x$)"
    if pair[0].discrete != pair[1].discrete:
        return f"mass, or {density}"
    return "mass" if pair[0].discrete else density


def _terms(axes: Any, terms: list[Term], ends: tuple[float, float]) -> None:
    if not terms:
        panels.dress(axes, title="What KL and JS are made of")
        axes.set(xticks=[], yticks=[])
        words = "A density and masses\nhave nothing in common:\nKL is infinite and JS log 2,\n"
        axes.text(
            0.5, 0.5, words + "wherever they lie.", ha="center", va="center", color=canvas.INK
        )
        return
    unit = "nats" if terms[0].discrete else "nats / unit of $x$"
    kind = "sums" if terms[0].discrete else "areas"
    panels.dress(axes, "$x$", f"term ({unit})", f"What KL and JS are made of: their {kind}")
    axes.axhline(0, color=canvas.REFERENCE, lw=0.8)
    colors = (canvas.DENSITY, canvas.SAMPLES, MEAN)
    for term, color, shift in zip(terms, colors, _beside(len(terms), ends), strict=True):
        finite = np.where(np.isfinite(term.value), term.value, np.nan)
        if term.discrete:
            _stems(axes, term.x + shift, finite, color, term.name)
        else:
            _area(axes, term.x, finite, color, term.name)
        _infinite(axes, term, color, shift if term.discrete else 0.0)
    if any(np.isinf(term.value).any() for term in terms):
        axes.plot([], [], "^", ms=5, color=canvas.REFERENCE, label="infinite there")
    axes.set(xlim=ends)
    _legend(axes)


def _infinite(axes: Any, term: Term, color: str, shift: float) -> None:
    """Marks, at the upper edge, where a term is infinite."""
    every = 1 if term.discrete else 40
    where = term.x[::every][np.isposinf(term.value[::every])]
    axes.plot(
        where + shift,
        np.full(len(where), 0.98),
        "^",
        ms=5,
        color=color,
        transform=axes.get_xaxis_transform(),
    )


def _transport(axes: Any, transport: Transport, ends: tuple[float, float]) -> None:
    panels.dress(
        axes, "from $x$, distributed as p", "to $y$, distributed as q", "The transport of $W_1$"
    )
    axes.plot(ends, ends, "--", color=canvas.REFERENCE, lw=1, label="$y = x$: nothing to move")
    i, j = np.nonzero(transport.mass)
    mass = transport.mass[i, j]
    axes.scatter(
        transport.x[i],
        transport.y[j],
        s=LARGEST * mass / max(float(mass.max()), 0.12),
        color=MEAN,
        alpha=0.55,
        lw=0,
    )
    axes.plot([], [], "o", color=MEAN, alpha=0.55, ms=7, label="what moves: area = mass")
    axes.set(xlim=ends, ylim=ends)
    _legend(axes)


def _stems(axes: Any, x: np.ndarray, height: np.ndarray, color: str, label: str) -> None:
    axes.vlines(x, 0, height, color=color, lw=3, alpha=0.6)
    axes.plot(x, height, "o", ms=6, color=color, label=label)


def _area(axes: Any, x: np.ndarray, height: np.ndarray, color: str, label: str) -> None:
    axes.plot(x, height, color=color, lw=2, label=label)
    axes.fill_between(x, height, color=color, alpha=0.12, lw=0)


def _beside(count: int, ends: tuple[float, float]) -> np.ndarray:
    """How far stems of the same x stand from it, so that all are seen."""
    return (np.arange(count) - (count - 1) / 2) * 0.018 * (ends[1] - ends[0])


def _legend(axes: Any) -> None:
    """Below the axes, where it hides nothing."""
    panels.legend(axes, loc="upper center", bbox_to_anchor=(0.5, -0.14), ncols=2, frameon=False)
