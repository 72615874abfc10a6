"""What composing refuses overrides with, and the lists of choices in its words."""

import pytest

from gan_cli.composition import compose, requested
from gan_cli.errors import UsageError


def choices(group, *more):
    """The names of a group's files, in the order of a message and of a sweep."""
    files = (compose.conf_directory() / group).glob("*.yaml")
    return sorted([*(path.stem for path in files), *more])


def valid(names):
    return f"Valid: {', '.join(names)}."


def words(refused):
    assert refused.value.status == 2
    return str(refused.value)


def text_of(program, *overrides):
    with pytest.raises(UsageError) as refused:
        compose.compose(program, overrides)
    return words(refused)


def sweep_text_of(program, *overrides):
    with pytest.raises(UsageError) as refused:
        requested.read(program, overrides, multirun=True)
    return words(refused)


OBJECTIVES = valid(choices("objective"))
OPTIMIZERS = valid(choices("optimizer"))
