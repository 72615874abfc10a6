"""The distances of p_g from p_data that a training can log beside the usual ones, by name."""

import math
from collections.abc import Callable
from typing import Literal

import jax
import numpy as np

from gan_cli.config import Recipe
from gan_cli.divergences import Kernel, f_divergences, fisher, relativistic
from gan_cli.divergences import samples as empirical
from gan_cli.objectives.f_gan import FGan
from gan_cli.training.networks import Networks, discriminator
from gan_cli.training.state import TrainState

Distances = Literal["own", "all"]
"""Which of them: what the game itself measures, or all."""

OfMasses = Callable[[np.ndarray, np.ndarray], float]
"""A distance, from the logarithms of p_data's masses of bins and of p_g's."""

RARE = math.log(1e-4)
"""The logarithm of the share of samples, 5 of 50,000, below which bins are taken together for
Pearson's chi^2."""


LARGEST = 1e308
"""What is told of a divergence that float64 does not hold, which is at least this."""


def pooled(log_p: np.ndarray, log_q: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """All bins that hold next to no samples as one, which is the last.

    A bin in which no sample fell by chance would count as if p_g were nothing there.
    """
    rare = log_q < RARE
    log_p, log_q = (
        np.append(each[~rare], np.logaddexp.reduce(each[rare])) for each in (log_p, log_q)
    )
    return log_p, log_q


def f_divergence(name: str, log_p: np.ndarray, log_q: np.ndarray) -> float:
    """An f-divergence by its name, LARGEST at most; Pearson's chi^2 is of `pooled` bins."""
    if name == "pearson":
        log_p, log_q = pooled(log_p, log_q)
    with np.errstate(over="ignore"):
        found = float(f_divergences.ROWS[name].terms(log_p, log_q).sum())
    return found if name == "gan" else min(max(found, 0.0), LARGEST)


def _of_f(name: str) -> OfMasses:
    return lambda log_p, log_q: f_divergence(name, log_p, log_q)


OF_MASSES: dict[str, OfMasses] = {
    "squared_hellinger": _of_f("squared_hellinger"),
    "pearson": _of_f("pearson"),
    "neyman": _of_f("neyman"),
    "fisher": lambda log_p, log_q: fisher(np.exp(log_p), np.exp(log_q)),
    "relativistic": lambda log_p, log_q: relativistic(np.exp(log_p), np.exp(log_q)),
}
"""What is computed of the masses of bins."""

OF_SAMPLES = ("energy", "mmd")
"""What is computed of samples."""

OF_OUTPUTS = {"energy_of_outputs": "energy", "mmd_of_outputs": "mmd"}
"""What critics of several outputs measure: a distance of their outputs, beside that of the data."""

PAIRED = 2000
"""Samples of each of which all pairs are compared."""


def names(recipe: Recipe, distances: Distances, usual: tuple[str, ...]) -> tuple[str, ...]:
    """The names of the distances that are logged beside the usual ones, in order."""
    measured = recipe.objective.measures
    own: list[str] = []
    if measured in OF_MASSES or isinstance(recipe.objective, FGan):
        own = [measured]
    elif measured in OF_OUTPUTS:
        own = [OF_OUTPUTS[measured]]
        if recipe.architecture.packing == 1:
            own.insert(0, measured)
    more = (*OF_MASSES, *OF_SAMPLES) if distances == "all" else ()
    return tuple(name for name in dict.fromkeys((*own, *more)) if name not in usual)


def of_masses(recipe: Recipe, name: str, log_p: np.ndarray, log_q: np.ndarray) -> float | None:
    """A distance of the masses of bins under p_data and p_g; None where it is of something else."""
    if name in OF_MASSES:
        return OF_MASSES[name](log_p, log_q)
    objective = recipe.objective
    if isinstance(objective, FGan) and name == objective.measures:
        return f_divergence(objective.divergence, log_p, log_q)
    return None


def of_samples(name: str, x: np.ndarray, y: np.ndarray, kernel: Kernel) -> float:
    """The energy distance or the squared MMD of two samples (N, D).

    All of them are taken for the energy distance on the line, and PAIRED of each else, where the
    estimate is unbiased and may be below 0.
    """
    if name == "energy" and x.shape[1] == 1:
        return empirical.energy(x, y, biased=True)
    x, y = x[:PAIRED], y[:PAIRED]
    return empirical.energy(x, y) if name == "energy" else empirical.mmd(x, y, kernel)


def kernel_of(x: np.ndarray) -> Kernel:
    """The gaussian kernel as wide as the median distance of two examples of the data (N, D)."""
    some = x[: PAIRED // 2]
    return Kernel(widths=(empirical.median_distance(some, x[PAIRED // 2 : PAIRED]),))


@jax.jit
def of_outputs(
    networks: Networks, recipe: Recipe, state: TrainState, real: jax.Array, fake: jax.Array
) -> tuple[jax.Array, jax.Array]:
    """The objective's own estimate from the outputs of D on many points, and its floor.

    Args:
        networks, recipe, state: the game.
        real: at least 2 PAIRED examples of data; the second PAIRED stand for fresh ones.
        fake: at least PAIRED samples of G.
    """
    D = discriminator(state.discriminator.network(networks.discriminator), recipe.precision)
    on_real, on_fresh, on_fake = (
        D(x, None) for x in (real[:PAIRED], real[PAIRED : 2 * PAIRED], fake[:PAIRED])
    )
    estimate = recipe.objective.estimate
    return estimate(on_real, on_fake), estimate(on_real, on_fresh)
