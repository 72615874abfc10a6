"""An experiment made ready to train: device, data and networks, checked against one another."""

import dataclasses
from typing import NamedTuple, TypeVar

import jax
import numpy as np
from jax.extend.core import ClosedJaxpr

from gan_cli import tags
from gan_cli.architectures.base import DataSpec
from gan_cli.config import Experiment
from gan_cli.datasets import checked
from gan_cli.datasets.base import Dataset, FiniteDataset, Split, SyntheticDataset
from gan_cli.datasets.scale import odd_scale
from gan_cli.own_code import is_own, telling
from gan_cli.preparation_checks import check_regularizers_fit, check_shares
from gan_cli.training import devices
from gan_cli.training.batches import Batch, Resident, Source, Synthetic
from gan_cli.training.compilation import enable_compilation_cache
from gan_cli.training.data_spec import data_spec
from gan_cli.training.feeds import Feed, FromDisk, SameSource
from gan_cli.training.game import Game
from gan_cli.training.layout import ALONE, Layout
from gan_cli.training.layout import over as layout_over
from gan_cli.training.networks import Networks
from gan_cli.training.objective_check import check_declared, check_methods
from gan_cli.training.own_methods import check_prior, check_regularizers, check_transformation
from gan_cli.training.program import Single
from gan_cli.training.random import seed_of
from gan_cli.training.rehearsal import check_networks, rehearse
from gan_cli.training.state import TrainState, begin, outline

T = TypeVar("T")


class Prepared(NamedTuple):
    """An experiment that is checked and ready to train.

    split: the training examples of a finite data set; None where data is drawn fresh.
    spec: the shape and the mean of the data.
    abstract: the shapes and types of the training's state.
    tuned: what was chosen for settings left at auto, in words; empty where all of it is usual.
    range: what is odd about the scale of the data, in words; empty where nothing is.
    layout: among which devices minibatches are divided; `device` is the first of them.
    """

    experiment: Experiment
    device: jax.Device
    split: Split | None
    spec: DataSpec
    networks: Networks
    abstract: TrainState
    tuned: str = ""
    range: str = ""
    layout: Layout = ALONE

    @property
    def stays_on_disk(self) -> bool:
        """Whether the data is too large to be kept on the device."""
        largest = self.experiment.resident_mib * 2**20
        return self.split is not None and self.split.examples.nbytes > largest

    @property
    def own_modules(self) -> set[str]:
        """The names of the modules with the user's own components."""
        recipe = self.experiment.recipe
        players = (recipe.optimizer.generator, recipe.optimizer.discriminator)
        parts = (recipe.architecture, recipe.objective, *players, *recipe.regularizer.values())
        names = {type(part).__module__ for part in (*parts, self.experiment.dataset)}
        return {name for name in names if not name.startswith(f"{__package__}.")}

    def of_stream(self, stream: int) -> "Prepared":
        """The same experiment with the random numbers of one of the run's streams."""
        seed = seed_of(self.experiment.seed, stream)
        return self._replace(experiment=dataclasses.replace(self.experiment, seed=seed))

    def begin(self) -> TrainState:
        """The state at step 0, on the device."""
        _, state = begin(self.experiment.recipe, self.spec)
        placed: TrainState = self.placed(state)
        return placed

    def placed(self, tree: T) -> T:
        """Arrays on the device, or whole on each of several.

        They are put there by name: JAX would compile the program of the steps once for a state that
        only happens to be there, and again for the one that the first steps leave.
        """
        if self.layout.size > 1:
            return self.layout.everywhere(tree)
        placed: T = jax.device_put(tree, self.device)
        return placed

    def program(self) -> Single:
        """The program of the experiment's steps."""
        return Single(self.networks, self.experiment.recipe, self.layout)

    def rehearse(self) -> ClosedJaxpr:
        """Tries a step on shapes alone.

        Returns:
            A step that logs nothing, as most do, traced.

        Raises:
            UsageError: naming what does not fit.
        """
        recipe, dataset = self.experiment.recipe, self.experiment.dataset
        check_prior(recipe.architecture, recipe.batch_size)
        check_networks(self.networks, recipe, self.abstract, self.spec)
        source: Source
        if self.split is None or not isinstance(dataset, FiniteDataset):
            assert isinstance(dataset, SyntheticDataset)
            source = Synthetic(dataset=dataset)
        else:
            shapes = [_shapes(each) for each in self.split]
            source = Resident(Batch(*shapes), dataset.levels)  # type: ignore[arg-type]
        game = Game(self.networks, recipe, source)
        if is_own(recipe.objective):
            check_methods(game, self.abstract, self.spec)
        check_regularizers(game, self.abstract, self.spec)
        return rehearse(game, self.abstract)

    def feed(self) -> Feed:
        """Brings the experiment's data to the device."""
        experiment, dataset = self.experiment, self.experiment.dataset
        if isinstance(dataset, SyntheticDataset):
            return SameSource(Synthetic(dataset=dataset), experiment.steps)
        assert isinstance(dataset, FiniteDataset)
        assert self.split is not None
        if self.stays_on_disk:
            return FromDisk(experiment.recipe, self.split, dataset.levels, self.device, self.layout)
        stored = self.placed(Batch(*self.split))  # type: ignore[arg-type]
        return SameSource(Resident(stored, dataset.levels, self.layout), experiment.steps)


def prepare(experiment: Experiment, splits: dict[Dataset, Split] | None = None) -> Prepared:
    """Makes an experiment ready, and refuses one whose parts do not fit.

    It reads the data, which may download or decode it, starts the device and turns on the cache of
    compiled programs. Components of the user's own are tried on shapes alone. It writes nothing
    into a run directory.

    Args:
        experiment: what to train.
        splits: the training examples that were read before; what is read now is added to them, so
            that the members of a sweep share them.

    Raises:
        UsageError: if the parts do not fit, or the installed jax computes wrong numbers.
        DataError: if data is missing or damaged.
    """
    device = devices.choose(experiment.device)
    layout = layout_over(devices.several(experiment.devices, device))
    check_shares(experiment, layout.size)
    check_declared(experiment.objective)
    tags.check(experiment)
    enable_compilation_cache(experiment.compile_cache)
    dataset = experiment.dataset
    checked.check(dataset)
    splits = {} if splits is None else splits
    if isinstance(dataset, FiniteDataset) and dataset not in splits:
        splits[dataset] = checked.split(dataset, "train")
    split = splits.get(dataset)
    unit = experiment.architecture.packing * layout.size
    spec = data_spec(dataset, split, experiment.batch_size, unit)
    experiment.architecture.check(spec)
    check_regularizers_fit(experiment, spec)
    for optimizer in (experiment.optimizer.generator, experiment.optimizer.discriminator):
        check_transformation(optimizer)
    with telling("the networks cannot be built"):
        networks, abstract = outline(experiment.recipe, spec)
    prepared = Prepared(
        experiment,
        device,
        split,
        spec,
        networks,
        abstract,
        range=odd_scale(dataset, split),
        layout=layout,
    )
    if prepared.own_modules:
        prepared.rehearse()
    return prepared


def _shapes(array: np.ndarray | None) -> jax.ShapeDtypeStruct | None:
    return None if array is None else jax.ShapeDtypeStruct(array.shape, array.dtype)
