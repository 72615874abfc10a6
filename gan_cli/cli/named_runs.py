"""The runs that the arguments of a command name, read for a comparison."""

import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from gan_cli import runs, storage
from gan_cli.cli.tables import count
from gan_cli.comparison import groups
from gan_cli.comparison.run import Run, read
from gan_cli.errors import DataError, UsageError, seen
from gan_cli.files import path_of


def find(targets: Sequence[str]) -> list[Path]:
    """The runs that arguments name: runs, sweeps, folders, patterns, or latest.

    Raises:
        UsageError: if one of them names no run.
    """
    found: dict[Path, None] = {}
    for target in targets:
        if target == "latest":
            places = [runs.resolve(target).path]
        else:
            folders = _matching(path_of(target))
            places = sorted(path for folder in folders for path in runs.find(folder))
        if not places and (file := storage.in_the_way(path_of(target))) is not None:
            raise UsageError(f"{file} is not a folder, and so holds no runs.")
        if not places:
            raise UsageError(f"{seen(target)}: there is no run. {runs.runs_alike(target)}")
        found |= dict.fromkeys(places)
    return sorted(found, key=lambda path: [_number(part) for part in path.parts])


def _matching(path: Path) -> list[Path]:
    """A folder, or those that a pattern such as ~/outputs/*/* matches."""
    if path.is_dir():
        return [path]
    return sorted(Path(path.anchor).glob(str(path.relative_to(path.anchor))))


def read_runs(targets: Sequence[str]) -> list[Run]:
    """The runs that arguments name; a damaged one beside others is told of and left out.

    Raises:
        UsageError: if one of them names no run.
        DataError: if all are damaged.
    """
    found, problems = [], []
    for path in find(targets):
        try:
            found.append(read(path))
        except DataError as error:
            problems.append(error)
    if not found:
        raise problems[0]
    for problem in problems:
        print(f"gan: {problem} Its run is left out.", file=sys.stderr)
    return found


def _number(part: str) -> tuple[int, str]:
    """Sorts members 2 and 10 as numbers."""
    return (int(part), "") if part.isdecimal() else (-1, part)


def those_with(found: Sequence[Run], has: Callable[[Run], bool]) -> list[Run]:
    """The runs that have something to show; the others are told of and left out.

    Raises:
        UsageError: if none has.
    """
    kept, empty = ([run for run in found if has(run) is wanted] for wanted in (True, False))
    if not kept:
        raise UsageError("Nothing was logged yet by these runs.")
    if empty:
        told = (
            "has logged nothing of this yet, and is"
            if len(empty) == 1
            else "have logged nothing of this yet, and are"
        )
        paths = ", ".join(str(run.path) for run in empty)
        print(f"gan: {count(len(empty), 'run')} {told} left out: {paths}.", file=sys.stderr)
    return kept


def once(found: Sequence[Run]) -> list[Run]:
    """The runs without those that are another one again, which are told of."""
    again = groups.repeated(found)
    for path, earlier in again.items():
        print(
            f"gan: {path} is {earlier} once more, with its seed and losses, and is left out.",
            file=sys.stderr,
        )
    return [run for run in found if run.path not in again]
