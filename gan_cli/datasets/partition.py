"""Which examples of a finite data set are for training, for validation and for the test."""

from gan_cli.datasets.base import SplitName
from gan_cli.errors import UsageError


def check_sizes(validation: int, test: int) -> None:
    """Refuses negative numbers of examples.

    Raises:
        UsageError: naming the field.
    """
    for field, size in (("validation", validation), ("test", test)):
        if size < 0:
            raise UsageError(f"{field}={size}: must be at least 0.")


def part(name: SplitName, count: int, validation: int, test: int) -> slice:
    """The place of a split among `count` examples: train first, then validation, then test.

    Args:
        name: the split.
        count: how many examples there are in all.
        validation: how many of them are for validation.
        test: how many of them, the last ones, are for the test.

    Returns:
        The slice of the examples; empty where none were set aside.

    Raises:
        UsageError: if none is left to train on.
    """
    train = count - validation - test
    if train < 1:
        raise UsageError(
            f"dataset.validation={validation} and dataset.test={test}: there are {count} examples, "
            "so none is left to train on."
        )
    ends = {"train": train, "validation": train + validation, "test": count}
    sizes = {"train": train, "validation": validation, "test": test}
    return slice(ends[name] - sizes[name], ends[name])
