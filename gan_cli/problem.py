"""What is to be trained, made ready: device, data and networks, checked against one another."""

import functools
from typing import NamedTuple

import jax
import numpy as np

from gan_cli.architectures.base import DataSpec
from gan_cli.config import Experiment
from gan_cli.datasets.base import Dataset, FiniteDataset, Split, SyntheticDataset
from gan_cli.datasets.mixture import Mixture
from gan_cli.errors import UsageError, nearest
from gan_cli.plots.samples import Drawer, drawer
from gan_cli.theory.live import tags as truth_tags
from gan_cli.training import devices
from gan_cli.training.batches import Resident, Synthetic
from gan_cli.training.compilation import keep_programs
from gan_cli.training.feeds import Feed, Fixed, FromDisk
from gan_cli.training.networks import Networks
from gan_cli.training.random import Purpose, key_for
from gan_cli.training.state import TrainState, outline
from gan_cli.training.step import tags

POINTS_A_SAMPLE = 8
"""A picture of points shows this many times `samples`."""
REFERENCE_POINTS = 2000
MEAN_EXAMPLES = 10_000


class Problem(NamedTuple):
    """What is to be trained, checked and ready.

    spec: the data's shape and mean. abstract: the shapes of the state.
    """

    experiment: Experiment
    device: jax.Device
    spec: DataSpec
    networks: Networks
    abstract: TrainState


def prepare(experiment: Experiment) -> Problem:
    """Checks device, data and networks against one another; writes and computes nothing.

    Raises:
        UsageError: if they do not fit.
        DataError: if data is missing or damaged.
    """
    known = tags(experiment.objective)
    if experiment.theory_every:
        _check_density(experiment.dataset)
        known += truth_tags(experiment.objective)
    if experiment.optimized_metric not in known:
        raise UsageError(
            f"optimized_metric={experiment.optimized_metric}: no such scalar. "
            f"{nearest(experiment.optimized_metric, known)}"
        )
    device = devices.choose(experiment.device)
    keep_programs(experiment.compile_cache)
    spec = describe(experiment.dataset, experiment.batch_size)
    experiment.architecture.check(spec)
    recipe = experiment.recipe
    return Problem(experiment, device, spec, *outline(recipe, spec))


def _check_density(dataset: Dataset) -> None:
    if not isinstance(dataset, Mixture) or len(dataset.modes().centres[0]) > 2:
        raise UsageError(
            f"theory_every: the density of dataset '{dataset.name}' is not known. "
            "Choose dataset=gaussian, ring or grid, or theory_every=0."
        )


@functools.lru_cache(maxsize=1)
def training_split(dataset: FiniteDataset) -> Split:
    """The training examples; those of the last data set asked for stay in memory."""
    return dataset.split("train")


def describe(dataset: Dataset, batch_size: int) -> DataSpec:
    """The shape and the mean example of a data set.

    Raises:
        UsageError: if it has fewer examples than a minibatch.
        DataError: if it cannot be read.
    """
    if not isinstance(dataset, FiniteDataset):
        return DataSpec(dataset.shape)
    examples = training_split(dataset).examples
    if len(examples) < batch_size:
        noun = "example" if len(examples) == 1 else "examples"
        raise UsageError(
            f"batch_size={batch_size}: dataset '{dataset.name}' has only {len(examples)} "
            f"training {noun}. Set batch_size={len(examples)} or less."
        )
    some = examples[:: -(-len(examples) // MEAN_EXAMPLES)]
    mean = some.mean(axis=0, dtype=np.float64)
    if dataset.levels is not None:
        mean = mean * (2.0 / dataset.levels) - 1.0
    return DataSpec(dataset.shape, mean.astype(np.float32))


def feed(experiment: Experiment, device: jax.Device | None = None) -> Feed:
    """How the experiment's data reaches the device."""
    dataset = experiment.dataset
    if isinstance(dataset, SyntheticDataset):
        return Fixed(Synthetic(dataset=dataset), experiment.steps)
    assert isinstance(dataset, FiniteDataset)
    examples = training_split(dataset).examples
    if stays_on_disk(experiment):
        return FromDisk(experiment.recipe, examples, dataset.levels, device)
    return Fixed(Resident(jax.device_put(examples, device), dataset.levels), experiment.steps)


def stays_on_disk(experiment: Experiment) -> bool:
    """Whether the data is too large to be kept on the device."""
    dataset = experiment.dataset
    if not isinstance(dataset, FiniteDataset):
        return False
    return bool(training_split(dataset).examples.nbytes > experiment.resident_mib * 2**20)


def picture_latents(experiment: Experiment, spec: DataSpec) -> jax.Array:
    """The latents of every sample picture, (N, latent)."""
    n = experiment.samples * (1 if spec.is_image else POINTS_A_SAMPLE)
    key = key_for(experiment.seed, Purpose.SAMPLE_LATENTS)
    return experiment.architecture.sample_latent(key, n)


def picture(experiment: Experiment, spec: DataSpec) -> Drawer:
    """What draws the experiment's samples."""
    dataset = experiment.dataset
    if spec.is_image:
        return drawer(spec.shape)
    if isinstance(dataset, SyntheticDataset):
        return _over_density(dataset)
    assert isinstance(dataset, FiniteDataset)
    return drawer(spec.shape, training_split(dataset).examples[:REFERENCE_POINTS])


@functools.lru_cache(maxsize=1)
def _over_density(dataset: SyntheticDataset) -> Drawer:
    points = np.asarray(_some_points(dataset))
    return drawer(dataset.shape, points, functools.partial(_log_prob, dataset))


@jax.jit
def _some_points(dataset: SyntheticDataset) -> jax.Array:
    return dataset.sample(jax.random.key(0), REFERENCE_POINTS)


@jax.jit
def _log_prob(dataset: SyntheticDataset, points: jax.Array) -> jax.Array:
    return dataset.log_prob(points)
