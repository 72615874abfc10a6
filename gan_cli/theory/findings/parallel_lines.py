"""Two parallel segments: JS and W_1 by their distance, and the gradient that each gives G."""

import math

import numpy as np

from gan_cli import estimates
from gan_cli.theory.findings.base import Expected, Findings, table
from gan_cli.theory.findings.parallel_lines_picture import CAPTION, draw
from gan_cli.theory.parallel_lines import NEAR, PENALTY, ParallelLines


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
    pictures = {"parallel_lines.png": draw(found, title(found))}
    return Findings(
        numbers, lines(found), pictures, expected(found), {"parallel_lines.png": CAPTION}
    )


def expected(found: ParallelLines) -> list[Expected]:
    """What the theory gives, and how far the networks are from it where they are farthest."""
    apart = found.apart
    js, w = found.minimax.last[apart], found.critic.last
    pull = found.pulls

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
            found.largest_pull,
            (float(pull.max()), 0.0),
            NEAR,
            "<=",
        ),
    ]


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
        f"{'and it' if found.vanished else 'but it'}",
        f"      {'vanishes as D is trained' if found.vanished else 'has not vanished yet'}.",
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
    pull = found.pulls
    flat, even = found.vanished, found.pulls_evenly
    return (
        f"JS is log 2 at every distance (estimated to within {found.js_error:.5f} nats), "
        f"{'and' if flat else 'but'} its gradient for G "
        f"{'vanishes' if flat else 'has not vanished yet'} (at most {left:.4f})\n"
        f"$W_1$ is the distance (estimated slope {found.slope:z.3f}), {'and' if even else 'but'} "
        f"the critics' pull of G towards 0 is {'' if even else 'not yet 1: it is '}"
        f"{pull.min():z.3f} to {pull.max():z.3f}"
    )
