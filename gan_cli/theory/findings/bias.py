"""Three biased losses: trained critics beside their closed forms, wrong minima, memorised data."""

import math

from gan_cli.theory.bias import Bias
from gan_cli.theory.findings.base import Expected, Findings, table
from gan_cli.theory.findings.bias_picture import CAPTION, draw
from gan_cli.theory.memorised_points import Memorised
from gan_cli.theory.penalised_critics import CRITIC_UPDATES, Penalised
from gan_cli.theory.sampled_losses import SIZES, STEPS, Sampled

CONVERGED = 0.01  # the relative error up to which a critic is taken for converged


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
            "wasserstein_is_flat": model.is_flat,
        },
        "training_set": {
            "points": learned.points,
            "js_of_laws": math.log(2),
            "js_on_training_set": learned.train[-1],
            "js_held_out": learned.held_out[-1],
            "gap": learned.train[-1] - learned.held_out[-1],
            "js_true": 0.0,
        },
    }
    pictures = {"bias.png": draw(found, title(found))}
    return Findings(numbers, lines(found), pictures, expected(found), {"bias.png": CAPTION})


def expected(found: Bias) -> list[Expected]:
    """The critics' closed forms at the largest distance, and where the losses are least."""
    critics, model = found.penalised, found.sampled
    wasserstein, cramer = (model.paths[name][-1] for name in ("wasserstein", "cramer"))
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
    return [
        *_of_critics(found.penalised),
        "",
        *_of_samples(found.sampled),
        "",
        *_of_data(found.memorised),
    ]


def _of_critics(found: Penalised) -> list[str]:
    columns = (
        found.distances,
        found.estimates,
        found.expected_estimates,
        found.values,
        found.expected_values,
    )
    return [
        f"1. WGAN-GP with lambda = {found.penalty:g} on two points, W_1 apart: trained critics.",
        "",
        *table(
            ">>>>>",
            ("W_1", "estimate", "expected", "with penalty", "expected"),
            *(
                (f"{m:g}", *(f"{each:z.4f}" for each in rest))
                for m, *rest in zip(*columns, strict=True)
            ),
        ),
        "",
        "   The estimate should be W_1 + W_1^2 / (2 lambda), and with the penalty half as far off.",
        f"   {_converged(found)}",
    ]


def _of_samples(found: Sampled) -> list[str]:
    rows = (
        (f"{n}", _interval(found.least[n]), f"{_lowest(found, n):g}") for n in found.wasserstein
    )
    return [
        f"2. A Bernoulli model beside samples of a Bernoulli law with theta* = {found.truth:g}.",
        "",
        *table("><<", ("sample size", "W_1 is least at", "Cramer at"), *rows),
        "",
        *_descended(found),
    ]


def _of_data(found: Memorised) -> list[str]:
    last = len(found.updates) - 1
    rows = (
        (f"{found.updates[at]:,}", f"{found.train[at]:z.4f}", f"{found.held_out[at]:z.4f}")
        for at in (0, last // 8, last // 2, last)
    )
    return [
        f"3. D against a perfect G, with the same {found.points} points as data again and again.",
        "",
        *table(">>>", ("updates of D", "JS on the points", "JS on fresh data"), *rows),
        "",
        "   The law of the points is discrete, so JS between it and G's is log 2 = 0.6931 nats:",
        "   the best D knows them by heart. On fresh data JS is 0, and what D claims there is a",
        "   lower bound of it.",
    ]


def _descended(model: Sampled) -> list[str]:
    """Where gradient descent on samples of one ends, and what that is worth."""
    wasserstein, cramer = (model.paths[name][-1] for name in ("wasserstein", "cramer"))
    told = "Gradient descent on samples of one ends at"
    if model.is_flat:
        return [
            "   The mean W_1 of samples of one is 1/2 whatever theta is. That loss is flat,",
            f"   and its descent a random walk, which stands at {wasserstein:.3f} after {STEPS:,}",
            "   steps, and elsewhere with another --seed.",
            f"   {told} {cramer:.3f} by Cramer.",
        ]
    return [f"   {told} {wasserstein:.3f} by W_1 and at {cramer:.3f} by Cramer."]


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
        f"{'makes $W_1$ the same everywhere, and' if model.is_flat else least} the truth is "
        f"{model.truth:g}\n"
        f"and a training set of {learned.points} points looks {learned.train[-1]:z.2f} nats from a "
        f"perfect G, which on fresh data D puts at {learned.held_out[-1]:z.2f}"
    )
