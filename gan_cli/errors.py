"""What can go wrong through no fault of the program, with the exit status of each.

The text of an error is one or two sentences for the user: what is wrong, where, and what to do.
"""

import sys
import sysconfig
from collections.abc import Iterable
from pathlib import Path
from types import ModuleType

from gan_cli import storage
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


INSTALLED = tuple(sysconfig.get_paths()[name] for name in ("purelib", "platlib", "stdlib"))
"""The folders of Python itself and of what is installed."""

FULL = "RESOURCE_EXHAUSTED"
"""What an error of JAX begins with where the memory of a device does not suffice."""


def sentence(error: BaseException) -> str:
    """What went wrong, in words for the user, whatever was raised."""
    if isinstance(error, GanError):
        return str(error)
    refused = storage.refusal(error)
    if refused is not None and refused.filename:
        return f"{refused.filename} cannot be written: {storage.why(refused, refused.filename)}."
    if refused is not None:
        return f"{refused.strerror}."
    if isinstance(error, OSError) and error.strerror:
        return f"{error.filename}: {error.strerror}." if error.filename else f"{error.strerror}."
    if isinstance(error, OSError):
        return str(error)
    if isinstance(error, MemoryError) or str(error).startswith(FULL):
        why = " ".join(str(error).partition("\n")[0].removeprefix(f"{FULL}: ").split())
        return (
            f"the memory does not suffice{f' ({why})' if why else ''}. "
            "A smaller batch_size, or smaller networks or images, need less."
        )
    if shadow := _shadow(error):
        return f"{shadow} has the name of an installed package. Give it another name."
    if isinstance(error, ImportError):
        return f"a package cannot be imported ({error}). 'gan doctor' shows what is installed."
    return f"unexpected {type(error).__name__}: {error}"


def _shadow(error: BaseException) -> str:
    """The file of another package than the installed one, in which something was looked for."""
    name = str(getattr(error, "name", None) or "") if isinstance(error, ImportError) else ""
    module = getattr(error, "obj", None) or sys.modules.get(name.partition(".")[0])
    file = getattr(module, "__file__", None)
    if not isinstance(module, ModuleType) or not file or file.startswith(INSTALLED):
        return ""
    top = module.__name__.partition(".")[0]
    taken = [Path(folder, name) for folder in INSTALLED for name in (top, f"{top}.py")]
    return str(file) if any(path.exists() for path in taken) else ""


def seen(word: str) -> str:
    """A word of the user's as an error names it: in quotes where it would not be seen itself."""
    return word if word.strip() else f"'{word}'"


MANY = 20
"""More choices than this are listed only where it is not known which of them was meant."""


def nearest(word: str, choices: Iterable[str], meant: str = "") -> str:
    """Names the valid choice that `word` most resembles, and the others where they are not many.

    Args:
        word: what the user wrote.
        choices: what could have been written.
        meant: what was meant, in words, where that is known.

    Returns:
        A phrase to end an error with, such as "Did you mean 'wgan'? Valid: hinge, wgan."
    """
    names = sorted(choices)
    meant = meant or alike(word, names)
    if meant and not 0 < len(names) <= MANY:
        return meant
    return f"{meant} Valid: {', '.join(names) or 'none'}.".lstrip()


def alike(word: str, choices: Iterable[str]) -> str:
    """Names the valid choice that `word` most resembles: "Did you mean 'wgan'?", or nothing."""
    close = closest(word, sorted(choices))
    return f"Did you mean '{close}'?" if close else ""
