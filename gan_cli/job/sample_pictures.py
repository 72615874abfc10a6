"""The pictures of an experiment's samples: from which latents, and over which background."""

import functools

import jax
import numpy as np

from gan_cli.architectures.base import Architecture, DataSpec
from gan_cli.config import Experiment
from gan_cli.datasets import checked
from gan_cli.datasets.base import Dataset, FiniteDataset, Split, SyntheticDataset, scaled
from gan_cli.plots.samples import Drawer, drawer
from gan_cli.training.random import Purpose, key_for

POINTS_A_SAMPLE = 8
"""A picture of points shows this many times `samples`."""
REFERENCE_POINTS = 2000
REFERENCE_EXAMPLES = 500


def picture_latents(experiment: Experiment, spec: DataSpec) -> jax.Array:
    """The latents of every sample picture, (N, latent)."""
    n = experiment.samples * (1 if spec.is_image else POINTS_A_SAMPLE)
    latents: jax.Array = _latents(experiment.architecture, experiment.seed, n)
    return latents


@functools.partial(jax.jit, static_argnames="n")
def _latents(architecture: Architecture, seed: jax.Array | int, n: int) -> jax.Array:
    return architecture.sample_latent(key_for(seed, Purpose.SAMPLE_LATENTS), n)


def reference(dataset: Dataset, split: Split | None = None) -> np.ndarray:
    """Some examples of a data set in the scale of its samples, (N, *shape).

    Args:
        dataset: the data set.
        split: the training examples of a finite one; without them it is read.
    """
    if isinstance(dataset, SyntheticDataset):
        return np.asarray(_some_points(dataset))
    assert isinstance(dataset, FiniteDataset)
    examples = (split or checked.split(dataset, "train")).examples
    return scaled(examples[:: -(-len(examples) // REFERENCE_EXAMPLES)], dataset.levels)


def picture(dataset: Dataset, spec: DataSpec, split: Split | None = None) -> Drawer:
    """What draws samples of a data set.

    Args:
        dataset: the data set.
        spec: its shape.
        split: the training examples of a finite one; without them it is read where points need it.

    Raises:
        DataError: if the data has to be read and cannot be.
    """
    if spec.is_image:
        return drawer(spec.shape)
    if isinstance(dataset, SyntheticDataset):
        return _over_density(dataset)
    assert isinstance(dataset, FiniteDataset)
    examples = (split or checked.split(dataset, "train")).examples
    return drawer(spec.shape, examples[:REFERENCE_POINTS])


@functools.lru_cache(maxsize=1)
def _over_density(dataset: SyntheticDataset) -> Drawer:
    """A drawer over the density, which the members of a sweep share."""
    points = np.asarray(_some_points(dataset))
    return drawer(dataset.shape, points, functools.partial(_log_prob, dataset))


@jax.jit
def _some_points(dataset: SyntheticDataset) -> jax.Array:
    return dataset.sample(jax.random.key(0), REFERENCE_POINTS)


@jax.jit
def _log_prob(dataset: SyntheticDataset, points: jax.Array) -> jax.Array:
    return dataset.log_prob(points)
