"""Features from a classifier that learns a data set's labels once and is kept in the cache."""

import dataclasses
import hashlib
import sys
from collections.abc import Callable
from pathlib import Path

import jax
import numpy as np
from jaxtyping import Float

from gan_cli import arrays, reading, storage
from gan_cli.datasets import checked
from gan_cli.datasets.base import Dataset, FiniteDataset, Split, scaled
from gan_cli.datasets.folders import new_file
from gan_cli.errors import DataError
from gan_cli.features import network
from gan_cli.features.base import ExtractorName, Seen
from gan_cli.features.network import Learned
from gan_cli.files import cache_folder
from gan_cli.locks.lock import wait_for

VERSION = 3
"""Raised when the same data would give another classifier, so that old files are not used."""

BLOCK = 500


@dataclasses.dataclass(frozen=True, eq=False)
class Classifier:
    """A trained classifier as an extractor of features.

    learned: the network.
    dataset: the name of the data set.
    accuracy: the share of the test examples whose class it tells.
    """

    learned: Learned
    dataset: str
    accuracy: float
    name: ExtractorName = "classifier"

    @property
    def description(self) -> str:
        return (
            f"a classifier of dataset={self.dataset} (train split, version {VERSION}), "
            f"test accuracy {self.accuracy:.1%}"
        )

    def __call__(self, examples: Float[np.ndarray, "n h w c"]) -> Seen:
        blocks = (examples[i : i + BLOCK] for i in range(0, len(examples), BLOCK))
        looks = (map(np.asarray, network.look(self.learned, block)) for block in blocks)
        features, probabilities = map(np.concatenate, zip(*looks, strict=True))
        return Seen(features, probabilities)


def misfit(dataset: Dataset) -> str | None:
    """Why no classifier can learn a data set's labels, as a clause, or None if one can."""
    if not isinstance(dataset, FiniteDataset) or dataset.classes is None:
        return "there are no labels to learn"
    return None if len(dataset.shape) == 3 else "it needs images"


def cached(dataset: FiniteDataset) -> Classifier | None:
    """The classifier of a data set, if it was trained before; nothing is trained.

    Raises:
        DataError: if a file of the data set is missing or damaged.
    """
    return _read(
        _place(dataset, *(checked.split(dataset, name) for name in ("train", "test"))), dataset
    )


def trained(dataset: FiniteDataset, note: Callable[[str], None]) -> Classifier:
    """The classifier of a data set, which is trained if it was not before.

    Its file is named by the content of the data and the version. Only one classifier is trained at
    a time, since each takes all cores; who wants the same one waits and then reads it.

    Args:
        dataset: a data set with labels.
        note: is told, in one line each, that it is trained and how well it turned out.

    Raises:
        DataError: if a file of the data set is missing or damaged, or the cache cannot be written.
    """
    train, test = checked.split(dataset, "train"), checked.split(dataset, "test")
    place = _place(dataset, train, test)
    if found := _read(place, dataset):
        return found
    _make_folder(place.parent)
    with wait_for(place.parent):
        if found := _read(place, dataset):
            return found
        if place.exists():
            note(f"{place} is damaged, so it is made again")
        note(f"training the classifier of dataset={dataset.name}, once (about a minute)")
        made = _train(dataset, train, test)
        note(f"it tells the class of {made.accuracy:.1%} of the test examples")
        with new_file(place) as file:
            values = map(np.asarray, jax.tree.leaves(made.learned.parameters))
            np.savez(file, *values, accuracy=np.float64(made.accuracy))
        return made


def to_stderr(line: str) -> None:
    """Prints a line while one waits."""
    print(line, file=sys.stderr, flush=True)


def _train(dataset: FiniteDataset, train: Split, test: Split) -> Classifier:
    assert train.labels is not None
    assert dataset.classes is not None
    start = network.new(dataset.shape, dataset.classes)
    learned = network.fit(start, train.examples, train.labels, dataset.levels)
    made = Classifier(learned, dataset.name, 0.0)
    told = made(scaled(test.examples, dataset.levels)).probabilities.argmax(axis=1)
    return dataclasses.replace(made, accuracy=float(np.mean(told == test.labels)))


def _place(dataset: FiniteDataset, train: Split, test: Split) -> Path:
    """Where the classifier of these examples is kept."""
    content = hashlib.sha256(f"{dataset.levels} {dataset.classes}".encode())
    for part in (*train, *test):
        array = np.ascontiguousarray(part)
        content.update(f"{array.dtype} {array.shape}".encode())
        content.update(array.data)
    return cache_folder() / "classifiers" / f"{content.hexdigest()[:32]}_train_{VERSION}.npz"


def _read(place: Path, dataset: FiniteDataset) -> Classifier | None:
    """The classifier in a file; None if there is no such file, or it is damaged."""
    assert dataset.classes is not None
    start = network.new(dataset.shape, dataset.classes)
    leaves, structure = jax.tree.flatten(start.parameters)
    try:
        with reading.naming(place, "is damaged."):
            found = [arrays.unpacked(place, f"arr_{i}") for i in range(len(leaves))]
            accuracy = float(arrays.unpacked(place, "accuracy"))
    except DataError:
        return None
    if [(x.shape, x.dtype) for x in found] != [(x.shape, x.dtype) for x in leaves]:
        return None
    learned = Learned(start.graph, jax.tree.unflatten(structure, found))
    return Classifier(learned, dataset.name, accuracy)


def _make_folder(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise DataError(
            f"{folder} cannot be made: {storage.why(error, folder)}. "
            "XDG_CACHE_HOME names another cache."
        ) from error
