"""A directory for a new run or sweep, which nobody else has, held from before it is written to."""

import contextlib
import itertools
import os
import unicodedata
from collections.abc import Iterator
from pathlib import Path

from gan_cli import storage
from gan_cli.errors import UsageError
from gan_cli.locks import lock
from gan_cli.runs import sweep_start
from gan_cli.runs.directory import RunDirectory
from gan_cli.runs.search import find

RUN_KEY, SWEEP_KEY = "hydra.run.dir", "hydra.sweep.dir"
REFERENCE = "${"


@contextlib.contextmanager
def new_run(wanted: Path, *, named: bool) -> Iterator[RunDirectory]:
    """Makes the directory of a new run and holds its lock.

    Args:
        wanted: the directory.
        named: whether the user named it. It is taken as it is then; another one gets a number
            where it is taken already, since two runs may start in one second.

    Raises:
        UsageError: if it cannot be made, holds a run, or is held by another process.
    """
    path = _make(wanted, RUN_KEY, named=named)
    with _refusing_a_second_owner(path, RUN_KEY), contextlib.ExitStack() as stack:
        place = RunDirectory(path)
        place.log.touch()
        stack.enter_context(lock.hold(place.log))
        _check_free(path, RUN_KEY)  # who held it until now may have finished a run
        yield place


@contextlib.contextmanager
def new_sweep(wanted: Path, *, named: bool) -> Iterator[Path]:
    """Makes the directory of a new sweep and holds its lock; see `new_run`."""
    path = _make(wanted, SWEEP_KEY, named=named)
    with _refusing_a_second_owner(path, SWEEP_KEY), lock.hold(path):
        _check_free(path, SWEEP_KEY)
        yield path


def check_place(wanted: Path, key: str, *, named: bool) -> None:
    """Refuses a directory that a new run or sweep could not be written to; see `new_run`."""
    _check_name(wanted, key)
    if named:
        _check_free(wanted, key)
    existing = next(path for path in (wanted, *wanted.absolute().parents) if path.exists())
    if not existing.is_dir() or not os.access(existing, os.W_OK):
        raise UsageError(
            f"cannot write {wanted}: {existing} cannot be written to. "
            f"Choose another place with {key}=DIR."
        )


def _make(wanted: Path, key: str, *, named: bool) -> Path:
    _check_name(wanted, key)
    try:
        if not named:
            return _first_free(wanted)
        _check_free(wanted, key)
        wanted.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise UsageError(
            f"cannot write {wanted}: {storage.why(error, wanted)}. "
            f"Choose another place with {key}=DIR."
        ) from error
    return wanted


def _first_free(wanted: Path) -> Path:
    for number in itertools.count():
        path = wanted.with_name(f"{wanted.name}-{number}") if number else wanted
        with contextlib.suppress(FileExistsError):
            path.mkdir(parents=True)
            return path
    raise AssertionError("the numbers have no end")


def _check_free(path: Path, key: str) -> None:
    """Refuses a directory with results in it; the remains of a start can be written over."""
    held = [run for run in map(RunDirectory, find(path)) if run.holds_results()]
    if held:
        newest = held[-1]
        what = "a run" if newest.path == path else f"runs, such as {newest.path}"
        go_on = newest.resume_command
        if (path / "multirun.yaml").is_file():
            what, go_on = "a sweep", sweep_start.resume_command(path)
        raise UsageError(
            f"{path} already holds {what}. Choose another place with {key}=DIR, or go on with it: "
            f"{go_on}"
        )
    if key == RUN_KEY:
        check_own(RunDirectory(path), key)


def check_own(place: RunDirectory, key: str) -> None:
    """Refuses a directory where a run would write over files that no run left there."""
    place.refuse_links()
    if found := place.in_the_way():
        raise UsageError(
            f"{found} is no run's, and a run in {place.path} would write over it. "
            f"Choose another place with {key}=DIR."
        )


def _check_name(wanted: Path, key: str) -> None:
    """Refuses a path that cannot be written into the files of a run as it is."""
    whole = str(wanted.absolute())
    if REFERENCE in whole:
        raise UsageError(
            f"{whole}: a run's path cannot contain '{REFERENCE}', which Hydra takes for a "
            f"reference. Choose another place with {key}=DIR."
        )
    if _is_beyond_the_locale(whole):
        raise UsageError(
            f"{whole!a}: the locale of this shell knows no such letters. Set LC_ALL=C.UTF-8 or "
            f"PYTHONUTF8=1, or choose another place with {key}=DIR."
        )
    if any(unicodedata.category(character) in ("Cc", "Cs") for character in whole):
        raise UsageError(
            f"{whole!a}: a run's path cannot contain control characters, nor bytes that are "
            f"no UTF-8. Choose another place with {key}=DIR."
        )


def _is_beyond_the_locale(path: str) -> bool:
    """Whether a path is good UTF-8 that Python took apart into bytes, as under LC_ALL=C."""
    try:
        return os.fsencode(path).decode() != path
    except UnicodeError:
        return False


@contextlib.contextmanager
def _refusing_a_second_owner(path: Path, key: str) -> Iterator[None]:
    try:
        yield
    except lock.HeldElsewhere as held:
        raise UsageError(
            f"{path} is being written by {held.who}. Choose another place with {key}=DIR."
        ) from None
