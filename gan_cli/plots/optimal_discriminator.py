"""Pictures of a trained D beside D*: as curves on the line, as maps in the plane."""

import numpy as np

from gan_cli.plots import canvas, panels

HELD = "the region that holds 99 % of $(p_{data} + p_g)/2$"


def on_line(
    x: np.ndarray,
    densities: tuple[np.ndarray, np.ndarray],
    discriminators: tuple[np.ndarray, np.ndarray],
    region: np.ndarray,
    title: str,
) -> bytes:
    """Draws a PNG: the densities above, D over D* below.

    Args:
        x: (N,), increasing.
        densities: p_data and p_g, (N,) each.
        discriminators: D* and D, (N,) each.
        region: the points where D is held to D*, (N,) bool; it is shaded.
        title: what was found.
    """
    figure = panels.sheet(8.4, 6.4, title)
    places = panels.grid(figure, 2, 1, hspace=0.24, height_ratios=(1, 1.5))
    above = figure.add_subplot(places[0, 0])
    below = figure.add_subplot(places[1, 0], sharex=above)
    panels.dress(above, y="density (per unit of $x$)")
    above.tick_params(labelbottom=False)
    above.plot(x, densities[0], color=canvas.DENSITY, lw=1.8, label="$p_{data}$")
    above.plot(x, densities[1], color=canvas.SAMPLES, lw=1.8, label="$p_g$, fixed")
    above.set_ylim(0, None)
    panels.dress(below, "$x$", "D(x): how likely $x$ is data")
    below.plot(
        x,
        discriminators[0],
        color=canvas.REFERENCE,
        lw=5,
        alpha=0.55,
        label="$D^* = p_{data} / (p_{data} + p_g)$",
    )
    below.plot(x, discriminators[1], color=canvas.INK, lw=1.5, label="D, trained on samples")
    below.set_ylim(-0.04, 1.04)
    ends = np.flatnonzero(np.diff(np.concatenate([[False], region, [False]]).astype(int)))
    for first, after in zip(ends[::2], ends[1::2], strict=True):
        for axes, label in ((above, None), (below, HELD if first == ends[0] else None)):
            span = {"color": canvas.DENSITY, "alpha": 0.09, "lw": 0, "label": label}
            axes.axvspan(x[first], x[after - 1], zorder=0, **span)
    above.set_xlim(x[0], x[-1])
    for axes in (above, below):
        panels.legend(
            axes, loc="lower left", bbox_to_anchor=(0, 1), ncols=3, frameon=False, borderaxespad=0.2
        )
    return panels.png(figure)


def in_plane(
    axes: tuple[np.ndarray, ...],
    discriminators: tuple[np.ndarray, np.ndarray],
    region: np.ndarray,
    title: str,
) -> bytes:
    """Draws a PNG: D*, D and their difference side by side.

    Args:
        axes: the coordinates of a grid along x_1 and x_2, (N,) and (M,).
        discriminators: D* and D on it, (N, M) each.
        region: the points where D is held to D*, (N, M) bool; it is outlined.
        title: what was found.
    """
    optimum, trained = discriminators
    figure = panels.sheet(12.0, 4.9, title)
    places = panels.grid(figure, 1, 3, wspace=0.24, right=0.94)
    box = _around(axes, region)
    difference = np.where(region, trained - optimum, np.nan)
    largest = float(np.nanmax(np.abs(difference)))
    maps = (
        ("$D^* = p_{data} / (p_{data} + p_g)$", optimum, "viridis", (0.0, 1.0)),
        ("D, trained on samples", trained, "viridis", (0.0, 1.0)),
        ("$D - D^*$", difference, "RdBu_r", (-largest, largest)),
    )
    for column, (name, values, colours, limits) in enumerate(maps):
        line = canvas.INK if column == 2 else "white"
        place = figure.add_subplot(places[0, column])
        panels.dress(place, "$x_1$", "$x_2$" if column == 0 else "", name)
        place.grid(visible=False)
        place.tick_params(labelleft=column == 0)
        image = place.pcolormesh(*axes, values.T, cmap=colours, vmin=limits[0], vmax=limits[1])
        place.contour(*axes, region.T, levels=[0.5], colors=line, linewidths=0.9)
        place.set(xlim=box[0], ylim=box[1], aspect="equal")
        bar = figure.colorbar(image, ax=place, fraction=0.046, pad=0.03)
        bar.ax.tick_params(labelsize=8, length=2)
        bar.outline.set_visible(False)
    width, height = figure.get_size_inches()
    figure.text(
        1 - 0.25 / width,
        0.14 / height,
        f"outlined: {HELD}",
        ha="right",
        fontsize=9,
        color=canvas.INK,
    )
    return panels.png(figure)


def _around(axes: tuple[np.ndarray, ...], region: np.ndarray) -> list[tuple[float, float]]:
    """The ends along each axis of what is shown: the region and a margin."""
    box = []
    for axis, along in enumerate(axes):
        inside = along[region.any(axis=1 - axis)]
        margin = 0.12 * float(inside[-1] - inside[0])
        box.append((float(inside[0]) - margin, float(inside[-1]) + margin))
    return box
