"""The true divergences during a training on data of known density, beside what D estimates."""

import functools
import time
from typing import Any

import jax
import numpy as np
from scipy.special import ndtr

from gan_cli.config import Recipe
from gan_cli.datasets.base import Modes
from gan_cli.datasets.mixture import Mixture
from gan_cli.divergences import Kernel, js, kl, total_variation
from gan_cli.divergences import samples as empirical
from gan_cli.theory import live_distances
from gan_cli.theory.live_distances import OF_OUTPUTS, OF_SAMPLES, Distances
from gan_cli.training.networks import Networks, discriminator, generate
from gan_cli.training.random import Purpose, key_for
from gan_cli.training.state import TrainState

SAMPLES = 50_000  # samples of G for one estimate
TRANSPORTED = 1_000  # samples of each for W_1 in the plane, whose cost grows with the square
LINE_BINS = 300  # the KL of SAMPLES of p_data itself is about LINE_BINS / (2 SAMPLES) = .003 nats
PLANE_BINS = 128  # the most bins along an axis in the plane
REACH = 6.0  # how many standard deviations the bins reach beyond the outermost modes
MIXED = 1e-3  # how much of p_data is mixed into the histogram of p_g, so KL(p_data, p_g) is finite
TINY = 1e-300  # the smallest mass of a bin, so KL(p_g, p_data) is finite

TRUTH, FLOOR = "truth/", "floor/"
DIVERGENCES = (
    "kl_data_generator",
    "kl_generator_data",
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
    divergences = (
        f"{prefix}{name}" for name in _names(recipe, distances) for prefix in (TRUTH, FLOOR)
    )
    return (*divergences, *(f"{TRUTH}{name}" for name in game))


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

    Both are binned alike: p_data exactly, by its distribution function, and p_g as a histogram of
    SAMPLES samples, with a thousandth of p_data mixed in. Everything outside the bins is one more
    bin. Binning and mixing can only lower a divergence (by much if p_g is narrower than a bin), so
    apart from sampling noise the result is a lower bound for the densities. The floor is the same
    estimate for fresh samples of p_data itself.

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
        self._edges = edges(modes)
        self._data = masses(modes, self._edges)
        key = key_for(recipe.seed, Purpose.THEORY)
        samples, reference = map(np.asarray, _fresh(dataset, key))
        self._reference = reference
        self._kernel = live_distances.kernel_of(reference) if "mmd" in self._more else Kernel()
        floor = self._divergences(self._masses(samples)) | self._of_samples(samples)
        self._floor = {f"{FLOOR}{name}": value for name, value in floor.items()}
        self.seconds = time.perf_counter() - begin

    def __call__(self, state: TrainState) -> dict[str, float]:
        """Returns the true divergences, their floors and D's distance from its optimum, by tag.

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
        generated = self._masses(fake)
        found = self._divergences(generated) | self._of_samples(np.asarray(fake))
        if logits is not None:
            on_real, on_fake = logits
            optimum = self._data / (self._data + generated)
            gaps = [
                np.abs(np.asarray(jax.nn.sigmoid(outputs)) - optimum[self._bins(points)]).mean()
                for points, outputs in ((real, on_real), (fake, on_fake))
            ]
            found["discriminator_gap"] = float(np.mean(gaps))
            losses = jax.nn.softplus(-on_real).mean() + jax.nn.softplus(on_fake).mean()
            found["value"] = -float(losses)
            found["value_at_optimum"] = 2 * found["jensen_shannon"] - float(np.log(4.0))
        told = {f"{TRUTH}{name}": value for name, value in found.items()}
        for name in OF_OUTPUTS.keys() & set(self._more):
            both = live_distances.of_outputs(self._networks, self._recipe, state, real, fake)
            told |= dict(zip((f"{TRUTH}{name}", f"{FLOOR}{name}"), map(float, both), strict=True))
        return told

    def _divergences(self, generated: np.ndarray) -> dict[str, float]:
        more = {
            name: live_distances.of_masses(self._recipe, name, self._data, generated)
            for name in self._more
        }
        known = {name: value for name, value in more.items() if value is not None}
        return divergences(self._data, generated) | known

    def _of_samples(self, points: np.ndarray) -> dict[str, float]:
        distances = {
            name: live_distances.of_samples(name, points, self._reference, self._kernel)
            for name in OF_SAMPLES
            if name in self._more
        }
        return {"wasserstein_1": wasserstein_1(points, self._reference)} | distances

    def _bins(self, points: Any) -> np.ndarray:
        return empirical.bin_numbers(np.asarray(points, np.float64), self._edges)

    def _masses(self, points: Any) -> np.ndarray:
        counts = np.bincount(self._bins(points), minlength=len(self._data))
        return np.asarray((1 - MIXED) * counts / counts.sum() + MIXED * self._data)


def edges(modes: Modes) -> list[np.ndarray]:
    """Returns the edges of the bins along each axis, which reach REACH beyond the outermost modes.

    On the line there are LINE_BINS bins. In the plane a bin is half of the smallest standard
    deviation wide, but there are at most PLANE_BINS along an axis.
    """
    std = modes.std[:, None]
    low = (modes.centres - REACH * std).min(axis=0)
    high = (modes.centres + REACH * std).max(axis=0)
    counts = np.minimum(PLANE_BINS, np.ceil((high - low) / (0.5 * modes.std.min()))).astype(int)
    if len(counts) == 1:
        counts = np.array([LINE_BINS])
    return [np.linspace(a, b, n + 1) for a, b, n in zip(low, high, counts, strict=True)]


def masses(modes: Modes, edges: list[np.ndarray]) -> np.ndarray:
    """Returns a mixture's mass in each bin, and last the mass outside: sums of products of Phi."""
    inside, outside = 0.0, 0.0
    for centre, std, weight in zip(*modes, strict=True):
        scaled = [(e - c) / std for e, c in zip(edges, centre, strict=True)]
        inside = inside + weight * functools.reduce(np.multiply.outer, map(_between, scaled))
        beyond = [ndtr(z[0]) + ndtr(-z[-1]) for z in scaled]
        outside -= weight * np.expm1(np.log1p(-np.array(beyond)).sum())
    found = np.append(np.ravel(inside), outside)
    return np.asarray(np.maximum(found, TINY) / found.sum())


def _between(z: np.ndarray) -> np.ndarray:
    """Returns a standard normal's mass between neighbouring points, exact far out on both sides."""
    return np.asarray(np.where(z[:-1] > 0, -np.diff(ndtr(-z)), np.diff(ndtr(z))))


def divergences(p: np.ndarray, q: np.ndarray) -> dict[str, float]:
    """Returns the divergences of two positive probability vectors, KL and JS in nats.

    Triangular discrimination is sum (p - q)^2 / (p + q), as in `least_squares`.
    """
    return {
        "kl_data_generator": kl(p, q),
        "kl_generator_data": kl(q, p),
        "jensen_shannon": js(p, q),
        "total_variation": total_variation(p, q),
        "triangular_discrimination": float(((p - q) ** 2 / (p + q)).sum()),
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
