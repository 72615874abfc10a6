"""The log-likelihood of test images under a Parzen window over samples, as in 2014."""

import functools
import math
from collections.abc import Mapping
from typing import ClassVar

import jax
import jax.numpy as jnp
import numpy as np
from jax import lax
from jax.scipy.special import logsumexp
from jaxtyping import Array, Float

from gan_cli.bounds import Size
from gan_cli.component import component
from gan_cli.datasets.base import Dataset
from gan_cli.metrics.base import Direction, Interval, Metric, Numbers, Points, Reference
from gan_cli.metrics.kmeans import centroids

SIGMAS = np.logspace(-1, 0, 10)
CHOSEN_BY = 1000
"""How many validation examples choose sigma."""

BLOCK = 500


@component
class Parzen(Metric):
    """The mean log-likelihood of held-out images under a Gaussian Parzen window over samples.

    LL(x) = log mean_i exp(-|x - mu_i|^2 / (2 sigma^2)) - D log(sigma sqrt(2 pi)) in nats, for
    pixels in [0, 1] and the samples mu_i. Of ten values of sigma between .1 and 1, the one that is
    best for the first 1,000 validation examples is taken. The error is std / sqrt(N) for N test
    images.

    A trap: it rewards blur and repetition. Training images themselves score less than their k-means
    centroids (Theis et al. 2016), so beyond that it ranks nothing. `gan evaluate` prints both
    beside it: `kmeans_centroids` is the score of as many centroids as there are samples, or of a
    fifth as many as there are training images, after three rounds of Lloyd's algorithm.

    samples: how many samples are the centres of the window.

    Source: Goodfellow et al. 2014, section 5 and Table 1, with the authors' parzen_ll.py; Theis,
        van den Oord and Bethge 2016, "A note on the evaluation of generative models", section 3.2.
    """

    name = "parzen"
    better: ClassVar[Mapping[str, Direction]] = {"log_likelihood": "higher"}

    samples: Size = 10_000

    def misfit(self, dataset: Dataset) -> str | None:
        return None if len(dataset.shape) == 3 else "it needs images"

    def measure(self, samples: Points, reference: Reference) -> Numbers:
        centres = _pixels(samples)
        chosen_by = _pixels(reference.validation[:CHOSEN_BY])
        sigma = max(SIGMAS, key=lambda s: float(log_likelihoods(chosen_by, centres, s).mean()))
        found = np.asarray(log_likelihoods(_pixels(reference.held_out), centres, sigma), np.float64)
        return {
            "log_likelihood": float(found.mean()),
            "standard_error": float(found.std() / math.sqrt(len(found))),
            "sigma": float(sigma),
        }

    def intervals(
        self, samples: Points, reference: Reference, rng: np.random.Generator
    ) -> dict[str, Interval]:
        """The standard error of the mean over the test images, as the 2014 paper states it.

        Beside them stands what the k-means centroids of the training images score.
        """
        values = self.measure(samples, reference)
        values["kmeans_centroids"] = self._of_centroids(len(samples), reference)
        found = {name: Interval(value, value, value) for name, value in values.items()}
        mean, error = values["log_likelihood"], values["standard_error"]
        found["log_likelihood"] = Interval(mean, mean - 1.96 * error, mean + 1.96 * error)
        return found

    def _of_centroids(self, count: int, reference: Reference) -> float:
        """The log-likelihood that k-means centroids give, at most this many."""
        train = _pixels(reference.train)
        found = centroids(train, max(1, min(count, len(train) // 5)))
        images = np.asarray(found).reshape(-1, *reference.train.shape[1:]) * 2 - 1
        return self.measure(images, reference)["log_likelihood"]

    def verdict(self, values: Mapping[str, Interval], perfect: Mapping[str, float]) -> str:
        ours, real = values["log_likelihood"].value, perfect["log_likelihood"]
        low, high = values["log_likelihood"].low, values["log_likelihood"].high
        order = "about" if low <= real <= high else "more than" if ours > real else "less than"
        return (
            f"Test images get {ours:.0f} nats, {order} the {real:.0f} that training images "
            f"give them; k-means centroids, which are blurred, give "
            f"{values['kmeans_centroids'].value:.0f}, so more would not mean better samples."
        )

    def published(self, dataset: Dataset) -> list[str]:
        if getattr(dataset, "name", "") != "mnist":
            return []
        return [
            f"{name}: {value} nats (Goodfellow et al. 2014, Table 1)"
            for name, value in (
                ("Adversarial nets", "225 +- 2"),
                ("Deep GSN", "214 +- 1.1"),
                ("DBN", "138 +- 2"),
                ("Stacked CAE", "121 +- 1.6"),
            )
        ]


@functools.partial(jax.jit, static_argnames="block")
def log_likelihoods(
    x: Float[Array, "n d"], centres: Float[Array, "m d"], sigma: float, block: int = BLOCK
) -> Float[Array, "n"]:
    """The log density of each point of x under a mean of normal densities around centres, in nats.

    Args:
        x: points (N, D).
        centres: the centres (M, D).
        sigma: the standard deviation of each along each axis.
        block: how many points are compared with all centres at a time.
    """
    dimensions = x.shape[1]
    of_centres = jnp.sum(centres**2, axis=1)

    def rows(part: jax.Array) -> jax.Array:
        products = jnp.matmul(part, centres.T, precision=lax.Precision.HIGHEST)
        squared = jnp.sum(part**2, axis=1, keepdims=True) - 2 * products + of_centres[None]
        return logsumexp(-jnp.maximum(squared, 0) / (2 * sigma**2), axis=1)

    padded = jnp.pad(x, ((0, -len(x) % block), (0, 0))).reshape(-1, block, dimensions)
    constant = dimensions * jnp.log(sigma * math.sqrt(2 * math.pi)) + math.log(len(centres))
    found: jax.Array = lax.map(rows, padded).reshape(-1)[: len(x)] - constant
    return found


def _pixels(images: Points) -> jax.Array:
    """Images in [-1, 1] as vectors of pixels in [0, 1]."""
    return jnp.asarray((images.reshape(len(images), -1) + 1) / 2, jnp.float32)
