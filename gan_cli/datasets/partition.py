"""Which examples of a finite data set are for training, for validation and for the test."""

from gan_cli.datasets.base import Dataset, FiniteDataset, SplitName
from gan_cli.errors import UsageError

SHARE, MOST = 10, 1000
"""A tenth of the examples, and at most so many, suit the validation split, and as many the test."""

FEW = 1000
"""Where fewer are left to train on, a minibatch may be larger than that."""

A_TRAINING = "A new training with {settings} keeps some, and leaves {left} to train on{batch}."
A_JUDGEMENT = "{settings} on this command line set some of them aside."
"""What is told of settings that keep examples by which samples are judged."""


def part(name: SplitName, count: int, validation: int, test: int) -> slice:
    """The rows of a split: the training examples come first, then validation, then the test.

    Args:
        name: the split.
        count: the number of examples in all.
        validation: how many of them are for validation.
        test: how many of them, the last ones, are for the test.

    Raises:
        UsageError: if none is left to train on.
    """
    train = count - validation - test
    if train < 1:
        some = suiting(count)
        hint = f" dataset.validation={some} dataset.test={some} suit them." if some else ""
        raise UsageError(
            f"dataset.validation={validation} and dataset.test={test}: there are {count} examples, "
            f"so none is left to train on.{hint}"
        )
    begin, size = {
        "train": (0, train),
        "validation": (train, validation),
        "test": (count - test, test),
    }[name]
    return slice(begin, begin + size)


def suiting(count: int) -> int:
    """How many of so many examples suit the validation split, and as many the test; 0 of too few.

    Args:
        count: the number of examples in all.
    """
    return min(MOST, count // SHARE)


def set_aside(dataset: Dataset) -> tuple[int, ...]:
    """The sizes of the validation split and the test split; () where they are no settings."""
    found = [getattr(dataset, name, None) for name in ("validation", "test")]
    sizes = tuple(size for size in found if isinstance(size, int))
    return sizes if len(sizes) == len(found) else ()


def keeping(dataset: FiniteDataset, train: int, told: str = A_TRAINING) -> str:
    """How a data set keeps examples by which samples are judged, as a sentence.

    Args:
        dataset: a data set whose validation split or test split is empty.
        train: the number of its training examples.
        told: A_TRAINING, or A_JUDGEMENT where the data set is named for a judgement alone.
    """
    own = set_aside(dataset)
    if not own:
        return "Its split('validation') and split('test') must give some."
    count = train + sum(own)
    validation, test = (number or suiting(count) for number in own)
    left = count - validation - test
    if not (validation and test and left > 0):
        return f"Its {count} examples are too few to set some aside."
    batch = f" (batch_size={left} or less)" if left < FEW else ""
    settings = f"dataset.validation={validation} dataset.test={test}"
    return told.format(settings=settings, left=f"{left:,}", batch=batch)
