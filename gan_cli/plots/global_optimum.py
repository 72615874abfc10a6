"""The picture of C(G) along families of p_g: a curve each, above the line at -log 4."""

import math
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from gan_cli.plots import canvas, panels

LOG_4 = math.log(4)


class Curve(NamedTuple):
    """What is drawn of a family.

    name: what p_data and p_g are. x: the axis's label. truth: the parameter of p_data.
    parameters, costs: (N,) each, C(G) in nats.
    scale: of the axis, linear or log.
    """

    name: str
    x: str
    truth: float
    parameters: np.ndarray
    costs: np.ndarray
    scale: str


def draw(curves: Sequence[Curve], title: str) -> bytes:
    """Draws a PNG with axes for each curve; the title is what was found."""
    figure = panels.sheet(9.6, 4.4, title)
    places = panels.grid(figure, 1, len(curves), wspace=0.2)
    for column, curve in enumerate(curves):
        axes = figure.add_subplot(places[0, column])
        panels.dress(axes, curve.x, "C(G) (nats)" if column == 0 else "", curve.name)
        axes.set_xscale(curve.scale)
        axes.axhline(0, color=canvas.REFERENCE, lw=1, ls=":", label="0: nothing in common")
        axes.axhline(-LOG_4, color=canvas.REFERENCE, lw=1, ls="--", label=r"$-\log 4 = -1.3863$")
        axes.plot(curve.parameters, curve.costs, color=canvas.DENSITY, lw=2, label="C(G)")
        axes.plot(curve.truth, -LOG_4, "o", ms=7, color=canvas.SAMPLES, label=r"$p_g = p_{data}$")
        axes.set_ylim(-1.55, 0.5)
        if column == 0:
            panels.legend(axes, loc="upper left", ncols=2)
    return panels.png(figure)
