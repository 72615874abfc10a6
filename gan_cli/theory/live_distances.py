"""The distances of p_g from p_data that a training can log beside the usual ones, by name."""

from collections.abc import Callable
from typing import Literal

import jax
import numpy as np

from gan_cli.config import Recipe
from gan_cli.divergences import (
    Kernel,
    chi_squared,
    f_divergences,
    fisher,
    relativistic,
    squared_hellinger,
)
from gan_cli.divergences import samples as empirical
from gan_cli.objectives.f_gan import FGan
from gan_cli.training.networks import Networks, discriminator
from gan_cli.training.state import TrainState

Distances = Literal["own", "all"]
"""Which of them: what the game itself measures, or all."""

OfMasses = Callable[[np.ndarray, np.ndarray], float]
"""A distance of two positive probability vectors, of p_data and of p_g."""

RARE = 1e-4
"""The share of samples, 5 of 50,000, below which bins are taken together for Pearson's chi^2."""


def pearson(p: np.ndarray, q: np.ndarray) -> float:
    """Pearson's chi^2, sum (p - q)^2 / q, with all bins as one that hold next to no samples.

    A bin in which no sample fell by chance would count as if p_g were nothing there.
    """
    rare = q < RARE
    p, q = (np.append(each[~rare], each[rare].sum()) for each in (p, q))
    return chi_squared(p, q)


OF_MASSES: dict[str, OfMasses] = {
    "squared_hellinger": squared_hellinger,
    "pearson": pearson,
    "neyman": lambda p, q: chi_squared(q, p),
    "fisher": fisher,
    "jensen_shannon_of_pairs": relativistic,
}
"""What is computed of the masses of bins; both chi^2 are infinite where they leave float64."""

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


def of_masses(recipe: Recipe, name: str, p: np.ndarray, q: np.ndarray) -> float | None:
    """A distance of the masses of bins under p_data and p_g; None where it is of something else."""
    if name in OF_MASSES:
        return OF_MASSES[name](p, q)
    objective = recipe.objective
    if isinstance(objective, FGan) and name == objective.measures:
        terms = f_divergences.ROWS[objective.divergence].terms
        return float(terms(np.log(p), np.log(q)).sum())
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
