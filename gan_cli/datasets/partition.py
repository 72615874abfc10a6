"""Which examples of a finite data set are for training, for validation and for the test."""

from gan_cli.datasets.base import SplitName
from gan_cli.errors import UsageError


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
        raise UsageError(
            f"dataset.validation={validation} and dataset.test={test}: there are {count} examples, "
            "so none is left to train on."
        )
    begin, size = {
        "train": (0, train),
        "validation": (train, validation),
        "test": (count - test, test),
    }[name]
    return slice(begin, begin + size)
