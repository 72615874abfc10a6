"""C(G) along families of p_g in a picture: a curve for each, above the line at -log 4."""

from collections.abc import Sequence

from gan_cli.plots import canvas, panels
from gan_cli.theory.global_optimum import Curve
from gan_cli.theory.value import LOG_4

AXES = {
    "normal(mu, 1)": (r"$\mu$ (units of $x$)", "linear"),
    "normal(0, s)": ("s (units of $x$)", "log"),
}
CAPTION = (
    "C(G), the value of the game with the best D, along two families of p_g that contain the data: "
    "shifted normals (left) and wider or narrower ones (right). It is least where p_g is the data."
)


def draw(curves: Sequence[Curve], title: str) -> bytes:
    """Draws a PNG with axes for each curve."""
    figure = panels.sheet(9.6, 4.4, title)
    row = panels.grid(figure, 1, len(curves), wspace=0.2).subplots(squeeze=False)[0]
    for axes, curve in zip(row, curves, strict=True):
        x, scale = AXES[curve.name]
        panels.dress(axes, x, title=f"$p_{{data}}$ = normal(0, 1), $p_g$ = {curve.name}")
        axes.set_xscale(scale)
        axes.axhline(0, color=canvas.REFERENCE, lw=1, ls=":", label="0: nothing in common")
        axes.axhline(-LOG_4, color=canvas.REFERENCE, lw=1, ls="--", label=r"$-\log 4 = -1.3863$")
        axes.plot(curve.parameters, curve.costs, color=canvas.DENSITY, lw=2, label="C(G)")
        axes.plot(curve.truth, -LOG_4, "o", ms=7, color=canvas.SAMPLES, label=r"$p_g = p_{data}$")
        axes.set_ylim(-1.55, 0.5)
    row[0].set_ylabel("C(G) (nats)")
    panels.legend(row[0], loc="upper left", ncols=2)
    return canvas.png(figure)
