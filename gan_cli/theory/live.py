"""The true divergences during a training on data of known density, beside what D estimates."""

import time
from typing import Any

import jax
import numpy as np
from scipy.special import expit

from gan_cli.config import Recipe
from gan_cli.datasets.base import Modes
from gan_cli.datasets.mixture import Mixture
from gan_cli.divergences import Kernel, js, total_variation, triangular_discrimination
from gan_cli.divergences import samples as empirical
from gan_cli.estimates import AT_LEAST, FLOOR, TRUTH
from gan_cli.theory import live_bins, live_distances
from gan_cli.theory.live_distances import OF_OUTPUTS, OF_SAMPLES, Distances, f_divergence
from gan_cli.theory.live_limits import ENDLESS, is_lower_bound, unsure
from gan_cli.training.networks import Networks, discriminator, generate
from gan_cli.training.random import Purpose, key_for
from gan_cli.training.state import TrainState

SAMPLES = 50_000  # samples of G for one estimate
TRANSPORTED = 1_000  # samples of each for W_1 in the plane, whose cost grows with the square
MIXED = 1e-3  # how much of p_data is mixed into the histogram of p_g, so KL(p_data, p_g) is finite

DIVERGENCES = (
    "kl",
    "reverse_kl",
    "jensen_shannon",
    "total_variation",
    "triangular_discrimination",
    "wasserstein_1",
)
GAME = ("discriminator_gap", "value", "value_at_optimum")
"""What can be compared as well if D's output is a logit of one point."""
LOGITS = ("jensen_shannon", "twice_jensen_shannon", "gan")
"""What objectives measure whose D gives logits."""


def tags(recipe: Recipe, distances: Distances = "own") -> tuple[str, ...]:
    """The tags of everything that `Truth` logs for a recipe."""
    game = GAME if _has_logits(recipe) else ()
    names = _names(recipe, distances)
    divergences = (f"{prefix}{name}" for name in names for prefix in (TRUTH, FLOOR))
    limits = (f"{AT_LEAST}{name}" for name in names if name in ENDLESS)
    return (*divergences, *limits, *(f"{TRUTH}{name}" for name in game))


def charts(recipe: Recipe, distances: Distances = "own") -> dict[str, list[str]]:
    """The tags that TensorBoard shows in one chart, by the chart's title.

    What D estimates from packs is a divergence of packs, which has a chart of its own.
    """
    found = {name: [f"{TRUTH}{name}", f"{FLOOR}{name}"] for name in _names(recipe, distances)}
    measured = recipe.objective.measures
    title = measured if recipe.architecture.packing == 1 else f"{measured} of packs"
    found.setdefault(title, []).insert(0, f"divergence/{measured}")
    if _has_logits(recipe):
        found["value of the game"] = [f"{TRUTH}value", f"{TRUTH}value_at_optimum"]
    return found


class Truth:
    """Compares p_g with the known p_data.

    Both are binned alike: p_data exactly, by the logarithm of its distribution function, and p_g as
    a histogram of SAMPLES samples, with a thousandth of p_data mixed in. Binning and mixing can
    only lower a divergence, so apart from sampling noise the result is a lower bound for the
    densities. It says so, by a 1 in `at_least`, where it may be far too low: mixing ends KL(p_data,
    p_g) at log 1000 and Pearson's chi^2 at 999. The floor is the same estimate for fresh samples
    of p_data itself.

    charts: see `charts`.
    seconds: the time spent so far, building and compiling included.
    """

    def __init__(
        self,
        networks: Networks,
        recipe: Recipe,
        dataset: Mixture,
        distances: Distances = "own",
    ) -> None:
        """Computes the bins, their masses under p_data, and the floor.

        Args:
            networks, recipe: see `train_step`.
            dataset: a mixture on the line or in the plane.
            distances: which distances are logged beside the usual ones.
        """
        begin = time.perf_counter()
        self._networks, self._recipe, self._dataset = networks, recipe, dataset
        self.charts = charts(recipe, distances)
        self._more = live_distances.names(recipe, distances, DIVERGENCES)
        modes = Modes(*(np.asarray(part, np.float64) for part in dataset.modes()))
        self._edges = live_bins.edges(modes)
        self._log_data = live_bins.log_masses(modes, self._edges)
        key = key_for(recipe.seed, Purpose.THEORY)
        samples, reference = map(np.asarray, _fresh(dataset, key))
        self._reference = reference
        self._kernel = live_distances.kernel_of(reference) if "mmd" in self._more else Kernel()
        usual = self._log_masses(samples)
        floor = self._divergences(usual) | self._of_samples(samples)
        self._unsure = self._unsure_parts(usual)
        self._floor = {f"{FLOOR}{name}": value for name, value in floor.items()}
        self.seconds = time.perf_counter() - begin

    def __call__(self, state: TrainState) -> dict[str, float]:
        """Returns the true divergences, their limits and D's distance from its optimum, by tag.

        Args:
            state: the state of the training; G's own parameters are used, not their average.
        """
        begin = time.perf_counter()
        found = self._compare(state) | self._floor
        self.seconds += time.perf_counter() - begin
        return found

    def _compare(self, state: TrainState) -> dict[str, float]:
        state = jax.device_put(state)
        real, fake, logits = _look(self._networks, self._recipe, self._dataset, state)
        generated = self._log_masses(fake)
        found = self._divergences(generated) | self._of_samples(np.asarray(fake))
        if logits is not None:
            on_real, on_fake = logits
            optimum = expit(self._log_data - generated)
            gaps = [
                np.abs(np.asarray(jax.nn.sigmoid(outputs)) - optimum[self._bins(points)]).mean()
                for points, outputs in ((real, on_real), (fake, on_fake))
            ]
            found["discriminator_gap"] = float(np.mean(gaps))
            losses = jax.nn.softplus(-on_real).mean() + jax.nn.softplus(on_fake).mean()
            found["value"] = -float(losses)
            found["value_at_optimum"] = 2 * found["jensen_shannon"] - float(np.log(4.0))
        told = {f"{TRUTH}{name}": value for name, value in found.items()}
        told |= self._limits(found, generated, np.asarray(fake))
        for name in OF_OUTPUTS.keys() & set(self._more):
            both = live_distances.of_outputs(self._networks, self._recipe, state, real, fake)
            told |= dict(zip((f"{TRUTH}{name}", f"{FLOOR}{name}"), map(float, both), strict=True))
        return told

    def _divergences(self, generated: np.ndarray) -> dict[str, float]:
        more = {
            name: live_distances.of_masses(self._recipe, name, self._log_data, generated)
            for name in self._more
        }
        known = {name: value for name, value in more.items() if value is not None}
        return divergences(self._log_data, generated) | known

    def _limits(
        self, found: dict[str, float], generated: np.ndarray, fake: np.ndarray
    ) -> dict[str, float]:
        """Whether each divergence that has no end may be far more than what is found, 1 or 0."""
        too_wide = live_bins.too_wide(fake, self._edges)
        return {
            f"{AT_LEAST}{name}": float(
                is_lower_bound(name, found[name], part, self._unsure[name], too_wide=too_wide)
            )
            for name, part in self._unsure_parts(generated).items()
        }

    def _unsure_parts(self, generated: np.ndarray) -> dict[str, float]:
        grid = live_bins.in_grid(self._edges)
        return {
            name: unsure(name, self._log_data, generated, grid)
            for name in (*DIVERGENCES, *self._more)
            if name in ENDLESS
        }

    def _of_samples(self, points: np.ndarray) -> dict[str, float]:
        distances = {
            name: live_distances.of_samples(name, points, self._reference, self._kernel)
            for name in OF_SAMPLES
            if name in self._more
        }
        return {"wasserstein_1": wasserstein_1(points, self._reference)} | distances

    def _bins(self, points: Any) -> np.ndarray:
        return live_bins.numbers(np.asarray(points, np.float64), self._edges)

    def _log_masses(self, points: Any) -> np.ndarray:
        """The logarithm of p_g's mass in each bin, with MIXED of p_data."""
        counts = np.bincount(self._bins(points), minlength=len(self._log_data))
        with np.errstate(divide="ignore"):
            seen = np.log((1 - MIXED) * counts / counts.sum())
        return np.asarray(np.logaddexp(seen, np.log(MIXED) + self._log_data))


def divergences(log_p: np.ndarray, log_q: np.ndarray) -> dict[str, float]:
    """The usual divergences, from the logarithms of masses; KL and JS in nats.

    `kl` is KL(p_data, p_g). Triangular discrimination is sum (p - q)^2 / (p + q), as in
    `least_squares`.
    """
    p, q = np.exp(log_p), np.exp(log_q)
    return {
        "kl": f_divergence("kl", log_p, log_q),
        "reverse_kl": f_divergence("reverse_kl", log_p, log_q),
        "jensen_shannon": js(p, q),
        "total_variation": total_variation(p, q),
        "triangular_discrimination": triangular_discrimination(p, q),
    }


def wasserstein_1(samples: np.ndarray, reference: np.ndarray) -> float:
    """Returns W_1 between two samples (N, D): all of them on the line, TRANSPORTED in the plane."""
    if samples.shape[1] == 1:
        return empirical.wasserstein_1d(samples[:, 0], reference[:, 0])
    return empirical.wasserstein(samples[:TRANSPORTED], reference[:TRANSPORTED])


def _names(recipe: Recipe, distances: Distances) -> tuple[str, ...]:
    """The names of what is compared, the usual ones first."""
    return (*DIVERGENCES, *live_distances.names(recipe, distances, DIVERGENCES))


def _has_logits(recipe: Recipe) -> bool:
    """Whether D gives the logit of a point; for packs it says nothing of a single one."""
    return recipe.objective.measures in LOGITS and recipe.architecture.packing == 1


@jax.jit
def _fresh(dataset: Mixture, key: jax.Array) -> tuple[jax.Array, jax.Array]:
    one, other = jax.random.split(key)
    return dataset.sample(one, SAMPLES), dataset.sample(other, SAMPLES)


@jax.jit
def _look(
    networks: Networks, recipe: Recipe, dataset: Mixture, state: TrainState
) -> tuple[jax.Array, jax.Array, tuple[jax.Array, jax.Array] | None]:
    """Points of the data and of G, and D's logits of both where it gives them."""
    z_key, x_key = jax.random.split(key_for(recipe.seed, Purpose.THEORY, state.step, 1))
    z = recipe.architecture.sample_latent(z_key, SAMPLES)
    fake, _ = generate(
        state.generator.network(networks.generator), z, recipe.precision, train=False
    )
    real = dataset.sample(x_key, SAMPLES)
    if not _has_logits(recipe):
        return real, fake, None
    D = discriminator(state.discriminator.network(networks.discriminator), recipe.precision)
    return real, fake, (D(real, None), D(fake, None))
