"""Three biased losses: trained critics beside their closed forms, wrong minima, memorised data."""

import math
from typing import Any

import numpy as np

from gan_cli.plots import canvas, panels
from gan_cli.theory.bias import Bias
from gan_cli.theory.findings.base import Expected, Findings, table
from gan_cli.theory.memorised_points import Memorised
from gan_cli.theory.penalised_critics import CRITIC_UPDATES, Penalised
from gan_cli.theory.sampled_losses import SIZES, STEPS, Sampled

LOG_2 = math.log(2)
CAPTION = (
    "Above on the left: how far the estimates of trained critics lie above W_1. On the right, and "
    "below on the left: where the losses of samples of one are least, and where descent ends. "
    "Below on the right: what D says of data that it has learned by heart, and of fresh data."
)
CONVERGED = 0.01  # the relative error up to which a critic is taken for converged
PATHS = {
    "wasserstein": (canvas.SAMPLES, "Wasserstein"),
    "cramer": (canvas.DENSITY, "Cramer"),
}


def findings(found: Bias) -> Findings:
    """Shows each bias beside what it should be."""
    critics, model, learned = found.penalised, found.sampled, found.memorised
    numbers = {
        "wgan_gp": {
            "penalty": critics.penalty,
            "wasserstein_1": critics.distances,
            "estimate": critics.estimates,
            "estimate_expected": critics.expected_estimates,
            "value": critics.values,
            "value_expected": critics.expected_values,
            "worst_relative_error": critics.worst_error,
        },
        "sample": {
            "theta": model.truth,
            "wasserstein_least_at": {n: list(ends) for n, ends in model.least.items()},
            "cramer_least_at": {n: _lowest(model, n) for n in SIZES},
            "descent_ends_at": {name: path[-1] for name, path in model.paths.items()},
            "wasserstein_is_flat": _flat(model),
        },
        "training_set": {
            "points": learned.points,
            "js_of_laws": LOG_2,
            "js_on_training_set": learned.train[-1],
            "js_held_out": learned.held_out[-1],
            "gap": learned.train[-1] - learned.held_out[-1],
            "js_true": 0.0,
        },
    }
    pictures = {"bias.png": draw(found)}
    return Findings(numbers, lines(found), pictures, expected(found), {"bias.png": CAPTION})


def expected(found: Bias) -> list[Expected]:
    """The critics' closed forms at the largest distance, and where the losses are least."""
    critics, model = found.penalised, found.sampled
    wasserstein, cramer = (model.paths[name][-1] for name in PATHS)
    low, high = model.least[1]
    pairs = (
        ("estimate: W_1 + W_1^2 / (2 lambda)", critics.expected_estimates, critics.estimates),
        ("value: W_1 + W_1^2 / (4 lambda)", critics.expected_values, critics.values),
    )
    rows = [
        Expected(f"WGAN-GP's {name}", float(one[-1]), (float(other[-1]), 0.0), CONVERGED * one[-1])
        for name, one, other in pairs
    ]
    ends = Expected("where descent by W_1 of samples of one ends", low, (wasserstein, 0.0), 0.05)
    return [
        *rows,
        *([ends] if low == high else []),
        Expected(
            "where descent by Cramer's distance ends: theta*", model.truth, (cramer, 0.0), 0.05
        ),
    ]


def lines(found: Bias) -> list[str]:
    """A table for each of the three, and what it says."""
    critics, model, learned = found.penalised, found.sampled, found.memorised
    of_critics = zip(
        critics.distances,
        critics.estimates,
        critics.expected_estimates,
        critics.values,
        critics.expected_values,
        strict=True,
    )
    of_sizes = (
        (f"{n}", _interval(model.least[n]), f"{_lowest(model, n):g}") for n in model.wasserstein
    )
    last = len(learned.updates) - 1
    return [
        f"1. WGAN-GP with lambda = {critics.penalty:g} on two points, W_1 apart: trained critics.",
        "",
        *table(
            ">>>>>",
            ("W_1", "estimate", "expected", "with penalty", "expected"),
            *((f"{m:g}", *(f"{each:z.4f}" for each in rest)) for m, *rest in of_critics),
        ),
        "",
        "   The estimate should be W_1 + W_1^2 / (2 lambda), and with the penalty half as far off.",
        f"   {_converged(critics)}",
        "",
        f"2. A Bernoulli model beside samples of a Bernoulli law with theta* = {model.truth:g}.",
        "",
        *table("><<", ("sample size", "W_1 is least at", "Cramer at"), *of_sizes),
        "",
        *_descended(model),
        "",
        f"3. D against a perfect G, with the same {learned.points} points as data again and again.",
        "",
        *table(
            ">>>",
            ("updates of D", "JS on the points", "JS on fresh data"),
            *(
                (
                    f"{learned.updates[at]:,}",
                    f"{learned.train[at]:z.4f}",
                    f"{learned.held_out[at]:z.4f}",
                )
                for at in (0, last // 8, last // 2, last)
            ),
        ),
        "",
        "   The law of the points is discrete, so JS between it and G's is log 2 = 0.6931 nats:",
        "   the best D knows them by heart. On fresh data JS is 0, and what D claims there is a",
        "   lower bound of it.",
    ]


def _descended(model: Sampled) -> list[str]:
    """Where gradient descent on samples of one ends, and what that is worth."""
    wasserstein, cramer = (model.paths[name][-1] for name in PATHS)
    told = "Gradient descent on samples of one ends at"
    if _flat(model):
        return [
            "   The mean W_1 of samples of one is 1/2 whatever theta is. That loss is flat,",
            f"   and its descent a random walk, which stands at {wasserstein:.3f} after {STEPS:,}",
            "   steps, and elsewhere with another --seed.",
            f"   {told} {cramer:.3f} by Cramer.",
        ]
    return [f"   {told} {wasserstein:.3f} by W_1 and at {cramer:.3f} by Cramer."]


def _flat(model: Sampled) -> bool:
    """Whether the mean W_1 of samples of one is the same for every parameter: theta* is 1/2."""
    return model.least[1] == (0.0, 1.0)


def _converged(found: Penalised) -> str:
    """How near to their closed forms the critics came, and what it means if they did not."""
    worst = found.worst_error
    if worst <= CONVERGED:
        return f"The critics are within {worst:.2%} of that."
    return (
        f"The critics are up to {worst:.0%} from that: they have not converged in their "
        f"{CRITIC_UPDATES:,} updates. Try a --distance or a --penalty nearer to the defaults."
    )


def _lowest(model: Sampled, n: int) -> float:
    """The parameter of the grid at which the Cramer distance from samples of n is least."""
    return float(model.thetas[model.cramer[n].argmin()])


def _interval(ends: tuple[float, float]) -> str:
    low, high = ends
    return f"{low:g}" if low == high else f"{low:g} to {high:g}"


def title(found: Bias) -> str:
    """The finding in two lines."""
    critics, model, learned = found.penalised, found.sampled, found.memorised
    least = f"puts the least $W_1$ at {_interval(model.least[1])}, where"
    return (
        f"A gradient penalty makes $W_1$ = {critics.distances[-1]:g} look like "
        f"{critics.estimates[-1]:.3f}; a sample of one "
        f"{'makes $W_1$ the same everywhere, and' if _flat(model) else least} the truth is "
        f"{model.truth:g}\n"
        f"and a training set of {learned.points} points looks {learned.train[-1]:z.2f} nats from a "
        f"perfect G, which on fresh data D puts at {learned.held_out[-1]:z.2f}"
    )


def draw(found: Bias) -> bytes:
    """Draws a PNG of four panels."""
    figure = panels.sheet(11.0, 8.4, title(found))
    (critics, losses), (paths, learned) = panels.grid(
        figure, 2, 2, hspace=0.32, wspace=0.2
    ).subplots()
    _critics(critics, found.penalised)
    _losses(losses, found.sampled)
    _paths(paths, found.sampled)
    _learned(learned, found.memorised)
    return canvas.png(figure)


def _critics(axes: Any, found: Penalised) -> None:
    name = rf"WGAN-GP, $\lambda$ = {found.penalty:g}: how far above $W_1$"
    panels.dress(axes, "$W_1$ of two points (units of $x$)", "above $W_1$ (units of $x$)", name)
    m = np.linspace(0, found.distances[-1], 101)
    axes.axhline(0, color=canvas.INK, lw=1.2, label="true $W_1$")
    looks = (
        (canvas.SAMPLES, found.estimates, 2, "critics' estimates"),
        (canvas.DENSITY, found.values, 4, "the same less the penalty"),
    )
    for color, values, factor, label in looks:
        curve = rf"$W_1^2 / ({factor}\,\lambda)$"
        axes.plot(m, m**2 / (factor * found.penalty), color=color, lw=1.4, label=curve)
        axes.plot(found.distances, values - found.distances, "o", color=color, label=label)
    panels.legend(axes, loc="upper left")


def _losses(axes: Any, found: Sampled) -> None:
    name = "A Bernoulli model: mean loss on samples of one"
    panels.dress(axes, r"$\theta$ of the model", "mean loss, less its least", name)
    curves = ((found.wasserstein[1], "wasserstein"), (found.cramer[1], "cramer"))
    for values, of in curves:
        color, label = PATHS[of]
        above = values - values.min()
        lowest = found.thetas[above <= 1e-12]
        axes.plot(found.thetas, above, color=color, lw=2, label=label)
        axes.plot(lowest, np.zeros(len(lowest)), "o", ms=8, color=color, clip_on=False, zorder=3)
    _truth(axes.axvline, found.truth)
    axes.set(xlim=(-0.02, 1.02))
    panels.legend(axes, loc="best", title="dots: the least", title_fontsize=8.5)


def _paths(axes: Any, found: Sampled) -> None:
    name = "Gradient descent, one sample a step"
    panels.dress(axes, "step", r"$\theta$ of the model", name)
    for of, path in found.paths.items():
        color, label = PATHS[of]
        walks = of == "wasserstein" and _flat(found)
        ends = "a random walk" if walks else f"ends at {path[-1]:.2f}"
        axes.plot(path, color=color, lw=1.4, label=f"{label}, {ends}")
    _truth(axes.axhline, found.truth)
    axes.set(ylim=(-0.02, 1.06), xlim=(0, len(path) - 1))
    panels.legend(axes, loc="lower right")


def _truth(draw_line: Any, truth: float) -> None:
    draw_line(truth, color=canvas.INK, lw=1.2, ls="--", label=rf"$\theta^*$ = {truth:g}")


def _learned(axes: Any, found: Memorised) -> None:
    name = f"D against a perfect G, trained on {found.points} points"
    panels.dress(axes, "updates of D", "JS as D estimates it (nats)", name)
    axes.axhline(LOG_2, color=canvas.INK, lw=1, ls=":", label="log 2: points against a density")
    axes.axhline(0, color=canvas.INK, lw=1.2, label="true JS of the two laws: 0")
    axes.plot(found.updates, found.train, color=canvas.SAMPLES, lw=2, label="on the points")
    axes.plot(found.updates, found.held_out, color=canvas.DENSITY, lw=2, label="on fresh data")
    axes.set(xlim=(0, found.updates[-1]))
    panels.legend(axes, loc="best")
