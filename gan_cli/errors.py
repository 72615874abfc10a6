"""What can go wrong through no fault of the program, with the exit status of each.

The text of an error is one or two sentences for the user: what is wrong, where, and what to do.
"""

from collections.abc import Iterable

from gan_cli.synonyms import closest


class GanError(Exception):
    """An error whose text is meant for the user; the command line prints it without a traceback."""

    status = 1


class UsageError(GanError):
    """A command line, configuration or run directory that cannot be used as asked."""

    status = 2


class Diverged(GanError):
    """A training whose loss or gradient is no longer finite."""

    status = 3


class DataError(GanError):
    """A file or a data set that is missing or damaged."""

    status = 4


def nearest(word: str, choices: Iterable[str]) -> str:
    """Names the valid choice that `word` most resembles, and all of them.

    Args:
        word: what the user wrote.
        choices: what could have been written.

    Returns:
        A phrase to end an error with, such as "Did you mean 'wgan'? Valid: hinge, wgan."
    """
    names = sorted(choices)
    close = closest(word, names)
    hint = f"Did you mean '{close}'? " if close else ""
    return f"{hint}Valid: {', '.join(names) or 'none'}."
