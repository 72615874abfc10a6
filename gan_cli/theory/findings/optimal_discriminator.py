"""A trained D beside D*: as curves on the line, as maps in the plane."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from gan_cli.plots import canvas, panels
from gan_cli.theory.findings.base import Expected, Findings, counted, yes
from gan_cli.theory.optimal_discriminator import OptimalDiscriminator

SUP, VALUE = 0.02, 0.005  # the largest acceptable errors of D and of V(D, G)
REGION = "the region that holds 99 % of $(p_{data} + p_g)/2$"
CAPTIONS = {
    "line": "A pair on the line. Above: the densities. Below: D, which has only seen samples, over "
    "the broad grey line of D*, which is computed from the densities.",
    "plane": "A pair in the plane: five modes on a ring against one wide mode. From left to right: "
    "D*, the trained D, and what lies between them.",
}
OPTIMUM = "$D^* = p_{data} / (p_{data} + p_g)$"
STATEMENT = [
    "If p_g is fixed, the best D is D* = p_data / (p_data + p_g), and V(D*, G) = -log 4 + 2 JS.",
    "D is compared with D* in the smallest region that holds 99 % of (p_data + p_g) / 2.",
]


def findings(found: Sequence[OptimalDiscriminator]) -> Findings:
    """Shows each pair by its name, `line` or `plane`."""
    named = {"line" if len(each.axes) == 1 else "plane": each for each in found}
    numbers = {name: _numbers(each) for name, each in named.items()}
    lines = [*STATEMENT, *(line for name, each in named.items() for line in _lines(name, each))]
    pictures = {f"optimal_discriminator_{name}.png": draw(each) for name, each in named.items()}
    told = [each for name, pair in named.items() for each in _expected(name, pair)]
    captions = {f"optimal_discriminator_{name}.png": CAPTIONS[name] for name in named}
    return Findings(numbers, lines, pictures, told, captions)


def _expected(name: str, found: OptimalDiscriminator) -> list[Expected]:
    """What the theory gives for a pair."""
    place = f"{'on' if name == 'line' else 'in'} the {name}"
    best = found.expected.value
    return [
        Expected(f"largest |D - D*| {place}", 0.0, (found.sup_error, 0.0), SUP),
        Expected(f"V(D, G) {place}, nats: -log 4 + 2 JS", best, found.value, VALUE),
    ]


def _numbers(found: OptimalDiscriminator) -> dict[str, Any]:
    return {
        "sup_error": found.sup_error,
        "mean_error": found.mean_error,
        "value": found.value.value,
        "value_quadrature_error": found.value.error,
        "value_expected": found.expected.value,
        "value_expected_error": found.expected.error,
        "value_error": found.value_error,
        "value_on_samples": found.sampled.value,
        "value_on_samples_standard_error": found.sampled.error,
        "within": found.sup_error <= SUP and found.value_error <= VALUE,
        "mass_beyond": found.beyond(SUP),
        "updates": found.updates,
        "changed_in_last_round": found.changed,
        "converged": found.converged,
    }


def _lines(name: str, found: OptimalDiscriminator) -> list[str]:
    """What was measured and what was expected."""
    place = f"{'On' if name == 'line' else 'In'} the {name}"
    return [
        "",
        f"{place}, after {counted(found.updates, 'update')} of D",
        f"  |D - D*|        at most {found.sup_error:.4f}, {found.mean_error:.4f} on average; "
        f"within {SUP:g}: {yes(found.sup_error <= SUP)}",
        *([] if found.sup_error <= SUP else _limits(found)),
        f"  converged       {_converged(found)}",
        f"  V(D, G)         {found.value.value:z.5f} nats by quadrature, "
        f"{found.sampled.value:z.5f} +- {found.sampled.error:.5f} on fresh samples",
        f"  -log 4 + 2 JS   {found.expected.value:z.5f} nats; V differs by "
        f"{found.value_error:.5f}, within {VALUE:g}: {yes(found.value_error <= VALUE)}",
    ]


def _limits(found: OptimalDiscriminator) -> list[str]:
    """Where D is off by more than it should be."""
    point, optimum = found.farthest
    place = ", ".join(f"{each:.4g}" for each in point)
    return [
        f"  off by more     in {100 * found.beyond(SUP):.2g} % of the mass, most at x = {place}, "
        f"where D* = {optimum:.3f}",
    ]


def _converged(found: OptimalDiscriminator) -> str:
    """Whether more updates would have changed D."""
    if found.changed is None:
        return "unknown, as --updates sets how long D is trained"
    last = f"the last {2 * found.updates // 3 // 1000},000 updates"
    if found.converged:
        return f"yes: {last} changed D by at most {found.changed:.4f}"
    return f"no: {last} still changed D by up to {found.changed:.4f}; see --updates"


def draw(found: OptimalDiscriminator) -> bytes:
    """Draws a PNG: the densities above D and D* on the line, three maps in the plane."""
    title = (
        f"In the region that holds 99 % of the mass, trained D is within {found.sup_error:.4f} of "
        f"$D^*$, on average within {found.mean_error:.4f}\n"
        f"V(D, G) = ${found.value.value:z.4f}$ nats; "
        rf"$-\log 4$ + 2 JS = ${found.expected.value:z.4f}$ nats"
    )
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
