"""The data that a run is judged by: its own, or what tells other data from it."""

import contextlib
import dataclasses
import hashlib
from collections import Counter
from collections.abc import Iterator, Sequence

from gan_cli import config, saved_config
from gan_cli.cli.moved_data import check_moves, telling_the_way
from gan_cli.cli.saved_overrides import put
from gan_cli.config import Experiment
from gan_cli.datasets import checked, content
from gan_cli.datasets.base import Dataset, FiniteDataset, SplitName
from gan_cli.errors import DataError, UsageError
from gan_cli.job import changes
from gan_cli.judging import SPLIT
from gan_cli.runs import RunDirectory, Summary


def of_run(place: RunDirectory, lines: Sequence[str]) -> Dataset:
    """The data set of a run with overrides in place, such as dataset.root=DIR.

    Raises:
        UsageError: for a setting that it does not have.
    """
    return config.load(put(saved_config.saved_values(place.path), lines)).dataset


@contextlib.contextmanager
def moved(
    place: RunDirectory, experiment: Experiment, lines: Sequence[str], command: str
) -> Iterator[Dataset]:
    """A run's data set, for a command that looks at the data where it is now.

    Args:
        place: the run's directory.
        experiment: the run's, as it was saved.
        lines: overrides that say where data that was moved is.
        command: such as gan theory birthday.

    Raises:
        UsageError: for overrides that say anything else, or for other data.
        DataError: if the data is gone, with how to say where it is.
    """
    check_moves(command, lines)
    dataset = of_run(place, lines)
    with telling_the_way(dataset, lines):
        if lines and (told := differences(place, experiment, dataset)):
            raise UsageError(
                f"{' '.join(lines)}: this is not the data that the run was trained on: "
                f"{'; '.join(told)}."
            )
        yield dataset


def differences(place: RunDirectory, experiment: Experiment, dataset: Dataset) -> list[str]:
    """What tells a data set from the one that a run was trained on; nothing for the same.

    Args:
        place: the run's directory.
        experiment: the run's, as it was saved.
        dataset: what its samples are judged by.

    Returns:
        Phrases, such as "dataset.test was 0 and is now 20".

    Raises:
        DataError: if the examples that judge cannot be read.
    """
    other = dataclasses.replace(experiment, dataset=dataset)
    known: Summary = {"settings": changes.settings(experiment)}
    now: Summary = {"settings": changes.settings(other)}
    if known != now:
        return [*changes.found(known, now), *_trained_on(experiment.dataset, dataset)]
    before = place.read_summary()
    if isinstance(dataset, FiniteDataset) and "data_sha256" in before:
        known["data_sha256"] = before["data_sha256"]
        now["data_sha256"] = content.sha256(checked.split(dataset, "train"))
    return changes.found(known, now)


def _trained_on(own: Dataset, dataset: Dataset) -> list[str]:
    """How many of the examples that judge are among those that the run was trained on, if any."""
    if not (isinstance(own, FiniteDataset) and isinstance(dataset, FiniteDataset)):
        return []
    try:
        trained, judging = _rows(own, "train"), _rows(dataset, SPLIT)
    except DataError:  # the run's own data may be gone, and is not needed otherwise
        return []
    count = sum(number for row, number in judging.items() if row in trained)
    total = judging.total()
    told = f"{count:,} of the {total:,} examples that judge are among those that it was trained on"
    return [told] if count else []


def _rows(dataset: FiniteDataset, name: SplitName) -> Counter[bytes]:
    """The hashes of the examples of a split as they are stored, with their numbers."""
    examples = checked.split(dataset, name).examples
    kind = f"{examples.dtype.str}{examples.shape[1:]}{dataset.levels}".encode()
    return Counter(
        hashlib.blake2b(kind + row.tobytes(), digest_size=16).digest() for row in examples
    )
