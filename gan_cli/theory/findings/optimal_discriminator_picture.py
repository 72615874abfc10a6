"""A trained D beside D* in a picture: as curves on the line, as maps in the plane."""

import numpy as np

from gan_cli.plots import canvas, panels
from gan_cli.theory.optimal_discriminator import OptimalDiscriminator

REGION = "the region that holds 99 % of $(p_{data} + p_g)/2$"
CAPTIONS = {
    "line": "A pair on the line. Above: the densities. Below: D, which has only seen samples, over "
    "the broad grey line of D*, which is computed from the densities.",
    "plane": "A pair in the plane: five modes on a ring against one wide mode. From left to right: "
    "D*, the trained D, and what lies between them.",
}
OPTIMUM = "$D^* = p_{data} / (p_{data} + p_g)$"


def draw(found: OptimalDiscriminator, title: str) -> bytes:
    """Draws a PNG: the densities above D and D* on the line, three maps in the plane."""
    return (_on_line if len(found.axes) == 1 else _in_plane)(found, title)


def _on_line(found: OptimalDiscriminator, title: str) -> bytes:
    (x,) = found.axes
    figure = panels.sheet(8.4, 6.4, title)
    places = panels.grid(figure, 2, 1, hspace=0.24, height_ratios=(1, 1.5))
    above, below = places.subplots(sharex=True)
    panels.dress(above, y="density (1 / unit of $x$)")
    above.plot(x, found.p, color=canvas.DENSITY, lw=1.8, label="$p_{data}$")
    above.plot(x, found.q, color=canvas.SAMPLES, lw=1.8, label="$p_g$, fixed")
    above.set_ylim(0, None)
    panels.dress(below, "$x$", "D(x): probability that $x$ is data")
    below.plot(x, found.optimum, color=canvas.REFERENCE, lw=5, alpha=0.55, label=OPTIMUM)
    below.plot(x, found.trained, color=canvas.INK, lw=1.5, label="D, trained on samples")
    below.set_ylim(-0.04, 1.04)
    for axes in (above, below):
        shade = {"color": canvas.DENSITY, "alpha": 0.09, "lw": 0, "label": REGION, "zorder": 0}
        upright = axes.get_xaxis_transform()
        axes.fill_between(x, 0, 1, where=found.region, transform=upright, **shade)
        handles = axes.get_legend_handles_labels()[0][: 2 if axes is above else 3]
        place = {"loc": "lower left", "bbox_to_anchor": (0, 1), "borderaxespad": 0.2}
        panels.legend(axes, handles=handles, ncols=3, frameon=False, **place)
    above.set_xlim(x[0], x[-1])
    return canvas.png(figure)


def _in_plane(found: OptimalDiscriminator, title: str) -> bytes:
    shape = tuple(len(axis) for axis in found.axes)
    optimum, trained, region = (
        values.reshape(shape) for values in (found.optimum, found.trained, found.region)
    )
    difference = np.where(region, trained - optimum, np.nan)
    largest = float(np.nanmax(np.abs(difference)))
    maps = (
        (OPTIMUM, optimum, "viridis", (0.0, 1.0), "white"),
        ("D, trained on samples", trained, "viridis", (0.0, 1.0), "white"),
        ("$D - D^*$", difference, "RdBu_r", (-largest, largest), canvas.INK),
    )
    figure = panels.sheet(12.0, 4.9, title)
    row = panels.grid(figure, 1, 3, wspace=0.24, right=0.94).subplots(sharey=True)
    box = [canvas.bounds(x[region.any(axis=1 - i)], 0.12) for i, x in enumerate(found.axes)]
    for place, (name, values, colours, limits, line) in zip(row, maps, strict=True):
        panels.dress(place, "$x_1$", "$x_2$" if place is row[0] else "", name)
        place.grid(visible=False)
        mesh = {"cmap": colours, "vmin": limits[0], "vmax": limits[1]}
        image = place.pcolormesh(*found.axes, values.T, **mesh)
        place.contour(*found.axes, region.T, levels=[0.5], colors=line, linewidths=0.9)
        place.set(xlim=box[0], ylim=box[1], aspect="equal")
        bar = figure.colorbar(image, ax=place, fraction=0.046, pad=0.03)
        bar.ax.tick_params(labelsize=8, length=2)
        bar.outline.set_visible(False)
    text = {"ha": "right", "fontsize": 9, "color": canvas.INK}
    figure.text(1 - 0.25 / 12.0, 0.14 / 4.9, f"outlined: {REGION}", **text)
    return canvas.png(figure)
