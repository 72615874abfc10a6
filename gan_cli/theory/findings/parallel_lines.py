"""Two parallel segments: JS and W_1 by their distance, and the gradient that each gives G."""

import math
from typing import Any

import numpy as np

from gan_cli import estimates
from gan_cli.plots import canvas, panels
from gan_cli.theory.findings.base import Expected, Findings, table
from gan_cli.theory.parallel_lines import PENALTY, ParallelLines, Trained

THETA = r"$\theta$, the position of the second segment (units of $x$)"
NEAR = 0.02  # how far a trained network may be from the theory
CAPTION = (
    "Above: JS does not depend on the distance of the two segments, W_1 is that distance. Below: "
    "the gradient that each gives G as D is trained. With JS it should vanish, with W_1 be 1 or -1 "
    "as theta is above or below 0."
)
SHADES = (0.3, 0.55, 1.0)


def findings(found: ParallelLines) -> Findings:
    """Shows the true divergences beside those that networks found."""
    numbers = {
        "thetas": found.thetas,
        "kl": found.kl,
        "js": found.js,
        "js_estimated": found.minimax.last,
        "js_error": found.js_error,
        "js_gradient": found.minimax.gradients[:, -1],
        "wasserstein_1": found.wasserstein_1,
        "wasserstein_1_estimated": found.critic.last,
        "wasserstein_1_error": found.wasserstein_1_error,
        "wasserstein_1_gradient": found.critic.gradients[:, -1],
        "wasserstein_1_slope": found.slope,
        "updates": found.minimax.updates[-1],
    }
    pictures = {"parallel_lines.png": draw(found)}
    return Findings(
        numbers, lines(found), pictures, expected(found), {"parallel_lines.png": CAPTION}
    )


def expected(found: ParallelLines) -> list[Expected]:
    """What the theory gives, and how far the networks are from it where they are farthest."""
    apart = found.apart
    js, w = found.minimax.last[apart], found.critic.last
    pull = pulls(found)

    def farthest(values: np.ndarray, truth: np.ndarray | float) -> tuple[float, float]:
        return float(values[np.abs(values - truth).argmax()]), 0.0

    off = w - found.wasserstein_1
    gradients = found.minimax.gradients[apart, -1]
    bias = "at most 1 + |theta| / (2 lambda) under the penalty"
    return [
        Expected(
            "JS estimated, farthest of all theta but 0, nats: log 2",
            math.log(2),
            farthest(js, math.log(2)),
            NEAR,
        ),
        Expected("gradient of JS for G, largest: 0", 0.0, farthest(gradients, 0.0), NEAR),
        Expected("W_1 estimated - |theta|, farthest of all theta", 0.0, farthest(off, 0.0), NEAR),
        Expected("slope of W_1 estimated over |theta|", 1.0, (found.slope, 0.0), NEAR),
        Expected("gradient of W_1 towards 0 for G, least: 1", 1.0, (float(pull.min()), 0.0), NEAR),
        Expected(
            f"gradient of W_1 towards 0 for G, largest: {bias}",
            largest_pull(found),
            (float(pull.max()), 0.0),
            NEAR,
            "<=",
        ),
    ]


def pulls(found: ParallelLines) -> np.ndarray:
    """How strongly the trained critics pull G towards 0, for each theta but 0."""
    apart = found.apart
    return np.asarray(found.critic.gradients[apart, -1] * np.sign(found.thetas[apart]))


def largest_pull(found: ParallelLines) -> float:
    """What the gradient penalty lets the pull be at the largest distance."""
    return 1 + float(np.abs(found.thetas).max()) / (2 * PENALTY)


def vanished(found: ParallelLines) -> bool:
    """Whether the trained minimax discriminators give G next to no gradient."""
    return bool((np.abs(found.minimax.gradients[found.apart, -1]) <= NEAR).all())


def pulls_evenly(found: ParallelLines) -> bool:
    """Whether the trained critics pull G towards 0 as the theory says, at every distance."""
    pull = pulls(found)
    return bool((pull >= 1 - NEAR).all() and (pull <= largest_pull(found) + NEAR).all())


def lines(found: ParallelLines) -> list[str]:
    """A table, and what it says."""
    estimated = (
        (f"{estimates.TAG}jensen_shannon", found.minimax),
        (f"{estimates.TAG}wasserstein_1", found.critic),
    )
    js, w = (
        [
            estimates.marked(cell, tag, {tag: value})
            for cell, value in zip(*_four(each.last), each.last.tolist(), strict=True)
        ]
        for tag, each in estimated
    )
    js_gradient, w_gradient = _four(*(each.gradients[:, -1] for _, each in estimated))
    true_js, true_w = _four(found.js, found.wasserstein_1)
    columns = (
        [f"{theta:.1f}" for theta in found.thetas],
        [f"{kl:.0f}" for kl in found.kl],
        *(true_js, js, js_gradient),
        *(true_w, w, w_gradient),
    )
    head = ("theta", "KL", "JS", "estimate", "gradient", "W_1", "estimate", "gradient")
    return [
        "Two segments, P_0 = (0, Z) and P_theta = (theta, Z), Z uniform on [0, 1].",
        "Each estimate comes from a network trained on samples, and each gradient is the",
        "derivative of G's loss in theta.",
        "",
        *table(">>>>>>>>", head, *zip(*columns, strict=True)),
        *estimates.explained([*js, *w]),
        "",
        "JS    is log 2 = 0.6931 nats wherever theta is not 0; the estimates differ from it by at",
        f"      most {found.js_error:.5f}. C(G) is flat there, so the gradient should be 0, "
        f"{'and it' if vanished(found) else 'but it'}",
        f"      {'vanishes as D is trained' if vanished(found) else 'has not vanished yet'}.",
        "W_1   is |theta|; the estimates differ from it by at most "
        f"{found.wasserstein_1_error:.4f}. Their slope is {found.slope:z.4f}.",
        "      The gradient should be 1 or -1, with the sign of theta; at theta = 0 it is",
        f"      undefined. A gradient penalty of {PENALTY:g} lets the estimate and the gradient be",
        f"      too large by a factor of 1 + |theta| / {2 * PENALTY:g}.",
    ]


def _four(*columns: np.ndarray) -> list[list[str]]:
    """Columns of numbers with four decimals."""
    return [[f"{each:z.4f}" for each in column] for column in columns]


def title(found: ParallelLines) -> str:
    """The finding in two lines."""
    left = abs(found.minimax.gradients[found.apart, -1]).max()
    pull = pulls(found)
    flat, even = vanished(found), pulls_evenly(found)
    return (
        f"JS is log 2 at every distance (estimated to within {found.js_error:.5f} nats), "
        f"{'and' if flat else 'but'} its gradient for G "
        f"{'vanishes' if flat else 'has not vanished yet'} (at most {left:.4f})\n"
        f"$W_1$ is the distance (estimated slope {found.slope:z.3f}), {'and' if even else 'but'} "
        f"the critics' pull of G towards 0 is {'' if even else 'not yet 1: it is '}"
        f"{pull.min():z.3f} to {pull.max():z.3f}"
    )


def draw(found: ParallelLines) -> bytes:
    """Draws a PNG of four panels."""
    figure = panels.sheet(9.6, 7.2, title(found))
    (js, w), below = panels.grid(figure, 2, 2, hspace=0.32, wspace=0.22).subplots()
    low, high = float(found.thetas[0]), float(found.thetas[-1])

    panels.dress(js, THETA, "JS (nats)", r"JS is $\log 2$ at every distance but 0; KL is $\infty$")
    js.hlines(math.log(2), low, high, color=canvas.INK, lw=1.2, zorder=1, label="true JS")
    js.plot(0, math.log(2), "o", ms=7, mfc="white", mec=canvas.INK, zorder=2)
    js.plot(0, 0, "o", ms=7, mfc=canvas.INK, mec=canvas.INK, zorder=2)
    _points(js, found.thetas, found.minimax, canvas.SAMPLES, "estimated by minimax discriminators")
    js.set_ylim(*_holding(found.minimax.last, -0.06, 1.06))

    panels.dress(w, THETA, "$W_1$ (units of $x$)", r"$W_1$ is the distance $|\theta|$ itself")
    corners = np.array(sorted({low, 0.0, high}))
    w.plot(corners, np.abs(corners), color=canvas.INK, lw=1.2, label="true $W_1$", zorder=1)
    _points(w, found.thetas, found.critic, canvas.DENSITY, "estimated by gradient-penalty critics")
    w.set_ylim(*_holding(found.critic.last, -0.06, 1.06 * max(1.0, float(np.abs(corners).max()))))

    flat, even = vanished(found), pulls_evenly(found)
    less = "JS: the better D is, the less G gets" if flat else "JS: what G gets, 0 with the best D"
    panels.dress(below[0], THETA, _loss("minimax"), less)
    _gradients(below[0], found.thetas, found.minimax, canvas.SAMPLES)
    steady = "$W_1$ pulls G to 0 equally at any distance"
    wanted = r"$W_1$: what G gets, $\pm 1$ with the best critic"
    panels.dress(below[1], THETA, _loss("critic"), steady if even else wanted)
    _gradients(below[1], found.thetas, found.critic, canvas.DENSITY)
    for axes in (js, w, *below):
        axes.locator_params(axis="x", nbins=5)
        axes.set_xlim(low - 0.05 * (high - low), high + 0.05 * (high - low))
    panels.legend(js, loc="center", bbox_to_anchor=(0.5, 0.4))
    panels.legend(w, loc="upper center")
    return canvas.png(figure)


def _holding(values: np.ndarray, low: float, high: float) -> tuple[float, float]:
    """The ends of an axis that reaches from low to high, and farther where values lie beyond."""
    margin = 0.06 * (high - low)
    return min(low, float(values.min()) - margin), max(high, float(values.max()) + margin)


def _loss(which: str) -> str:
    return rf"d(G's {which} loss) / d$\theta$"


def _points(axes: Any, thetas: np.ndarray, trained: Trained, color: str, label: str) -> None:
    look = {"ms": 5.5, "mec": "white", "mew": 0.6, "color": color, "zorder": 3}
    axes.plot(thetas, trained.last, "o", label=label, **look)


def _gradients(axes: Any, thetas: np.ndarray, trained: Trained, color: str) -> None:
    """A line for each of three looks, the later the darker; the true gradient jumps at 0."""
    axes.axhline(0, color=canvas.REFERENCE, lw=0.8)
    shown = np.where((thetas == 0)[:, None], np.nan, trained.gradients)
    looks = [1, len(trained.updates) // 10, len(trained.updates) - 1]
    drawn = shown[:, looks]
    for look, shade in zip(looks, SHADES, strict=True):
        label = f"after {trained.updates[look]:,} updates of D"
        axes.plot(thetas, shown[:, look], "o-", ms=4, lw=1.2, c=color, alpha=shade, label=label)
    axes.set_ylim(*_holding(drawn[np.isfinite(drawn)], -1.6, 1.6))
    panels.legend(axes, loc="best")
