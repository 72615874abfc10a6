"""The truth about a training whose data have a known density: what D's estimates stand beside."""

import functools
import time
from typing import Any

import jax
import numpy as np
from scipy.special import ndtr

from gan_cli.config import Recipe
from gan_cli.datasets.base import Modes
from gan_cli.datasets.mixture import Mixture
from gan_cli.objectives.base import Objective
from gan_cli.training.networks import Network, Networks, discriminator, generate
from gan_cli.training.random import Purpose, key_for
from gan_cli.training.state import TrainState

SAMPLES = 50_000
"""Of G, for one estimate."""
TRANSPORTED = 1_000
"""Of G and of the data, for Wasserstein-1 in the plane, whose cost grows with the square."""
LINE_BINS = 300
"""On the line: SAMPLES of p_data itself have a KL of about LINE_BINS / (2 SAMPLES) = .003 nats."""
PLANE_BINS = 128
"""The most bins along an axis in the plane."""
REACH = 6.0
"""How many standard deviations beyond the outermost modes the bins reach."""
MIXED = 1e-3
"""How much of p_data is mixed into the histogram of p_g, so that KL(p_data, p_g) is a number."""

TINY = 1e-300
"""The least mass of a bin, so that KL(p_g, p_data) is a number."""

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
"""What is known where D's output is a logit."""


def tags(objective: Objective) -> tuple[str, ...]:
    """The tags of all that is logged of the truth for an objective."""
    game = GAME if _is_logit(objective) else ()
    divergences = (f"{prefix}{name}" for name in DIVERGENCES for prefix in (TRUTH, FLOOR))
    return (*divergences, *(f"{TRUTH}{name}" for name in game))


def charts(objective: Objective) -> dict[str, list[str]]:
    """Which tags TensorBoard shows in one chart, by the chart's title."""
    found = {name: [f"{TRUTH}{name}", f"{FLOOR}{name}"] for name in DIVERGENCES}
    found.setdefault(objective.divergence, []).insert(0, f"divergence/{objective.divergence}")
    if _is_logit(objective):
        found["value of the game"] = [f"{TRUTH}value", f"{TRUTH}value_at_optimum"]
    return found


class Truth:
    """Compares p_g with the known p_data.

    Both are put into the same bins: p_data exactly, by its distribution function, and p_g as a
    histogram of SAMPLES samples, into which a thousandth of p_data is mixed; what lies outside of
    the bins is one more bin. Binning and mixing only lower a divergence, by much where p_g is
    narrower than a bin, so what is found bounds that of the densities from below but for the noise
    of the samples. The floor is what the same estimator says of fresh samples of p_data itself.

    seconds: what it took so far, building and compiling included.
    """

    def __init__(self, networks: Networks, recipe: Recipe, dataset: Mixture) -> None:
        """Computes the bins, what p_data puts into them, and the floor.

        Args:
            networks, recipe: see `train_step`.
            dataset: a mixture of points of one or two numbers.
        """
        begin = time.perf_counter()
        self._networks, self._recipe, self._dataset = networks, recipe, dataset
        modes = Modes(*(np.asarray(part, np.float64) for part in dataset.modes()))
        self._edges = edges(modes)
        self._data = masses(modes, self._edges)
        key = key_for(recipe.seed, Purpose.THEORY)
        samples, self._reference = _fresh(dataset, key)
        floor = divergences(self._data, self._masses(samples))
        floor["wasserstein_1"] = wasserstein_1(np.asarray(samples), np.asarray(self._reference))
        self._floor = {f"{FLOOR}{name}": value for name, value in floor.items()}
        self.seconds = time.perf_counter() - begin

    def __call__(self, state: TrainState) -> dict[str, float]:
        """The true divergences and their floors by tag, and how far D is from its optimum.

        Args:
            state: of the training. p_g is that of G's own parameters, not of their average.
        """
        begin = time.perf_counter()
        found = self._compare(state)
        self.seconds += time.perf_counter() - begin
        return {f"{TRUTH}{name}": value for name, value in found.items()} | self._floor

    def _compare(self, state: TrainState) -> dict[str, float]:
        real, fake, on_real, on_fake = _look(
            self._networks, self._recipe, self._dataset, jax.device_put(state)
        )
        generated = self._masses(fake)
        found = divergences(self._data, generated)
        found["wasserstein_1"] = wasserstein_1(np.asarray(fake), np.asarray(self._reference))
        if _is_logit(self._recipe.objective):
            optimum = self._data / (self._data + generated)
            gaps = [
                np.abs(np.asarray(jax.nn.sigmoid(logits)) - optimum[self._bins(points)]).mean()
                for points, logits in ((real, on_real), (fake, on_fake))
            ]
            found["discriminator_gap"] = float(np.mean(gaps))
            losses = jax.nn.softplus(-on_real).mean() + jax.nn.softplus(on_fake).mean()
            found["value"] = -float(losses)
            found["value_at_optimum"] = 2 * found["jensen_shannon"] - float(np.log(4.0))
        return found

    def _bins(self, points: Any) -> np.ndarray:
        return place(np.asarray(points, np.float64), self._edges)

    def _masses(self, points: Any) -> np.ndarray:
        counts = np.bincount(self._bins(points), minlength=len(self._data))
        mixed: np.ndarray = (1 - MIXED) * counts / counts.sum() + MIXED * self._data
        return mixed


def edges(modes: Modes) -> list[np.ndarray]:
    """The edges of the bins along each axis, which reach REACH beyond the outermost modes.

    On the line they are LINE_BINS. In the plane they are half of the least standard deviation wide,
    but at most PLANE_BINS along an axis.
    """
    std = modes.std[:, None]
    low = (modes.centres - REACH * std).min(axis=0)
    high = (modes.centres + REACH * std).max(axis=0)
    counts = np.minimum(PLANE_BINS, np.ceil((high - low) / (0.5 * modes.std.min()))).astype(int)
    if len(counts) == 1:
        counts = np.array([LINE_BINS])
    return [np.linspace(a, b, n + 1) for a, b, n in zip(low, high, counts, strict=True)]


def masses(modes: Modes, edges: list[np.ndarray]) -> np.ndarray:
    """What a mixture puts into each bin, and outside of them all last: sums of products of Phi."""
    inside, outside = 0.0, 0.0
    for centre, std, weight in zip(*modes, strict=True):
        scaled = [(e - c) / std for e, c in zip(edges, centre, strict=True)]
        inside = inside + weight * functools.reduce(np.multiply.outer, map(_between, scaled))
        beyond = [ndtr(z[0]) + ndtr(-z[-1]) for z in scaled]
        outside -= weight * np.expm1(np.log1p(-np.array(beyond)).sum())
    found = np.append(np.ravel(inside), outside)
    whole: np.ndarray = np.maximum(found, TINY) / found.sum()
    return whole


def _between(z: np.ndarray) -> np.ndarray:
    """What a standard normal puts between neighbouring points, exact far out on both sides."""
    left, right = z[:-1], z[1:]
    mass: np.ndarray = np.where(left > 0, ndtr(-left) - ndtr(-right), ndtr(right) - ndtr(left))
    return mass


def place(points: np.ndarray, edges: list[np.ndarray]) -> np.ndarray:
    """The bin of each point (N, D), as `masses` numbers them; what is outside has the last."""
    sizes = [len(e) - 1 for e in edges]
    along = [np.searchsorted(e, x, side="right") - 1 for e, x in zip(edges, points.T, strict=True)]
    within = np.all([(i >= 0) & (i < n) for i, n in zip(along, sizes, strict=True)], axis=0)
    clipped = [np.clip(i, 0, n - 1) for i, n in zip(along, sizes, strict=True)]
    return np.where(within, np.ravel_multi_index(clipped, sizes), int(np.prod(sizes)))


def divergences(p: np.ndarray, q: np.ndarray) -> dict[str, float]:
    """The divergences of probability vectors that are of one support, in nats where that applies.

    Those of binned distributions are at most those of the densities that were binned. Triangular
    discrimination is sum (p - q)^2 / (p + q), as in `least_squares`.
    """
    from gan_cli import divergences as known

    triangular = float(((p - q) ** 2 / (p + q)).sum())
    return {
        "kl_data_generator": known.kl(p, q),
        "kl_generator_data": known.kl(q, p),
        "jensen_shannon": known.js(p, q),
        "total_variation": known.total_variation(p, q),
        "triangular_discrimination": triangular,
    }


def wasserstein_1(samples: np.ndarray, reference: np.ndarray) -> float:
    """Of samples (N, D) from others: exact on a line; in the plane of TRANSPORTED of each."""
    from gan_cli.divergences import samples as known

    if samples.shape[1] == 1:
        return known.wasserstein_1d(samples[:, 0], reference[:, 0])
    return known.wasserstein(samples[:TRANSPORTED], reference[:TRANSPORTED])


def _is_logit(objective: Objective) -> bool:
    return objective.divergence == "jensen_shannon"


@jax.jit
def _fresh(dataset: Mixture, key: jax.Array) -> tuple[jax.Array, jax.Array]:
    one, other = jax.random.split(key)
    return dataset.sample(one, SAMPLES), dataset.sample(other, SAMPLES)


@functools.partial(jax.jit, static_argnames=("networks",))
def _look(
    networks: Networks, recipe: Recipe, dataset: Mixture, state: TrainState
) -> tuple[jax.Array, jax.Array, jax.Array, jax.Array]:
    """Points of the data and of G, and D's outputs on both."""
    z_key, x_key = jax.random.split(key_for(recipe.seed, Purpose.THEORY, state.step, 1))
    z = recipe.architecture.sample_latent(z_key, SAMPLES)
    network = Network(networks.generator, state.generator, state.generator_statistics)
    fake, _ = generate(network, z, recipe.precision, train=False)
    real = dataset.sample(x_key, SAMPLES)
    D = discriminator(
        Network(networks.discriminator, state.discriminator, state.discriminator_statistics),
        recipe.precision,
    )
    return real, fake, D(real, None), D(fake, None)
