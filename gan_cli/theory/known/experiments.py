"""Known numbers of biased losses, of landscapes, of packs and of the birthday test."""

import math
from collections.abc import Iterator

import numpy as np

from gan_cli.datasets.grid import Grid
from gan_cli.divergences import Discrete, Estimate, Normal, compare
from gan_cli.divergences.distributions import OnLine
from gan_cli.metrics.base import Reference
from gan_cli.metrics.modes import ModeCoverage
from gan_cli.theory import birthday as test
from gan_cli.theory.known.base import ROUNDED, Known
from gan_cli.theory.landscape import GAMES, STATES, best_loss, on_a_circle, states
from gan_cli.theory.packing import COLLAPSED, UNEVEN, P, by_ratio, cells, total_variation
from gan_cli.theory.penalised_critics import penalised
from gan_cli.theory.sampled_losses import sampled

SEED = 0
CONVERGED = 0.01
"""The relative error of a trained critic."""

LANDSCAPE = {
    "minimax": (-0.6931472, -0.4773856, -0.3465736, 0.0),
    "relativistic_by_index": (-0.6931472, -0.3465736, -0.3465736, 0.0),
    "relativistic_over_all_pairs": (-0.6931472, -0.3465736, -0.1732868, 0.0),
}
"""The loss of two points in each of STATES (Sun et al. 2020)."""

PACKS: dict[str, tuple[OnLine, tuple[float, ...]]] = {
    "without [0, .2]": (COLLAPSED, (0.2, 0.36, 0.488, 0.5904)),
    ".3 and .7 of the mass on the halves": (UNEVEN, (0.2, 0.24, 0.284, 0.3392)),
}
"""The total variation of packs of 1, 2, ... from those of U[0, 1] (Lin et al. 2018)."""

SUPPORT, DRAWN, COMPARED = 10_000, 50_000, 8000
"""How many equally likely things there are, how often one is drawn, and how many draws are compared
each with all others."""
SIGMAS = 3.0
"""How many standard errors a number that is estimated from draws may be off."""


def bias() -> Iterator[Known]:
    """WGAN-GP's trained critic on two points, where sampled losses are least, and log 2."""
    critic = penalised(SEED, 1.0, 10.0)
    for told, value, found in (
        ("estimate, 1 + 1 / (2 lambda)", 1.05, critic.estimates[-1]),
        ("value, 1 + 1 / (4 lambda)", 1.025, critic.values[-1]),
    ):
        statement = f"WGAN-GP, trained on points 1 apart: {told}"
        yield Known(statement, value, Estimate(float(found)), CONVERGED * value)
    told = "Bernoulli, theta* .6, samples of one"
    model = sampled(SEED, 0.6)
    spacing = float(model.thetas[1] - model.thetas[0])
    for name, value, losses in (
        ("Wasserstein", 1.0, model.wasserstein[1]),
        ("Cramer", 0.6, model.cramer[1]),
    ):
        least = Estimate(float(model.thetas[losses.argmin()]), spacing)
        yield Known(f"{told}: {name} least at", value, least, spacing / 2)
    js = compare(Discrete((0.5, 0.5)), Normal(0.0, 1.0))["js"]
    yield Known("JS of a training set and a density: log 2", math.log(2), js)


def landscape() -> Iterator[Known]:
    """The loss of two points in four states, with the best of all D."""
    data = on_a_circle(2)
    for game, known in LANDSCAPE.items():
        for state, value, samples in zip(STATES, known, states(data), strict=True):
            found = best_loss(GAMES[game].compared, data, samples)
            told = f"{game.replace('_', ' ')}: {state.replace('_', ' ')}"
            yield Known(told, value, found)


def packing() -> Iterator[Known]:
    """The total variation of packs of two models of U[0, 1]."""
    for name, (model, known) in PACKS.items():
        masses = by_ratio(cells(P, model).masses)
        for m, value in enumerate(known, 1):
            yield Known(f"TV of packs of {m}, {name}", value, total_variation(masses, m))


def birthday() -> Iterator[Known]:
    """How many equally likely things draws tell of, and how many draws hold a pair."""
    rng = np.random.default_rng(SEED)
    drawn = rng.integers(SUPPORT, size=(DRAWN, 1)).astype(float)
    few = test.support(test.neighbours(drawn[:COMPARED], 0.5).counts)
    error = few.size * few.collision.error / few.collision.value
    told = f"{SUPPORT:,} equally likely: "
    yield Known(f"{told}support N", SUPPORT, Estimate(few.size, error), SIGMAS * error)
    draws = math.sqrt(2 * SUPPORT * math.log(2))
    error = draws * error / few.size / 2
    estimate = Estimate(few.draws, error)
    yield Known(f"{told}draws for a pair, sqrt(2 N log 2)", draws, estimate, SIGMAS * error)
    batches = test.in_batches(drawn, 0.5, draws)
    assert batches is not None
    statement = f"{told}batches of {batches.size} with a pair"
    yield Known(statement, 0.5, batches.share, SIGMAS * batches.share.error)


def perfect_samples() -> Iterator[Known]:
    """The share of a perfect sampler's draws within 3 standard deviations of their mode."""
    grid = Grid(side=10)
    centres, std, _ = grid.modes()
    rng = np.random.default_rng(SEED)
    mode = rng.integers(len(centres), size=DRAWN)
    x = centres[mode] + std[mode][:, None] * rng.normal(size=(DRAWN, 2))
    found = ModeCoverage().measure(x, Reference(grid, x, x, x))
    share = found["high_quality"]
    error = math.sqrt(share * (1 - share) / DRAWN)
    told = "perfect samples of 10 x 10 modes: "
    known = -math.expm1(-4.5)
    yield Known(f"{told}share within 3 std", known, Estimate(share, error), SIGMAS * error)
    yield Known(f"{told}modes captured", 100, Estimate(found["captured"]), ROUNDED)
