"""How runs and sweeps are found under a folder."""

import contextlib
import logging
import os
from collections.abc import Iterator
from pathlib import Path

from gan_cli import commands, storage
from gan_cli.errors import UsageError, alike, sentence
from gan_cli.files import path_of
from gan_cli.runs import mark, sweep_start
from gan_cli.runs.directory import RunDirectory
from gan_cli.runs.sweep_start import SWEEP

OUTPUTS = Path("outputs")

log = logging.getLogger(__name__)


def is_run(path: Path) -> bool:
    """Whether a directory holds a run of gan's; the remains of a start that was cut off are none.

    Raises:
        OSError: if its files cannot be read.
    """
    place = RunDirectory(path)
    return place.config.is_file() and place.is_gans() and not place.is_cut_off()


def find(root: Path) -> list[Path]:
    """Every run directory at or below a folder; the one that started last comes last.

    What cannot be read is told of, and hides nothing else.
    """
    found: dict[Path, int] = {}
    for parent, folders, _ in os.walk(root, onerror=_tell):
        folders[:] = [name for name in folders if name != ".hydra"]
        try:
            if is_run(Path(parent)):
                found[Path(parent)] = RunDirectory(Path(parent)).started()
                folders[:] = [name for name in folders if name not in ("checkpoints", "samples")]
        except OSError as error:
            _tell(error)
    return sorted(found, key=lambda run: (found[run], str(run)))


def _tell(error: OSError) -> None:
    if not isinstance(error, FileNotFoundError | NotADirectoryError):  # no folder, or no longer
        log.warning("left out, since it cannot be read: %s", sentence(error))


def resolve(text: str) -> RunDirectory:
    """The run that a RUN argument names: a directory, or `latest` for the newest under outputs/.

    Raises:
        UsageError: if there is none.
    """
    if text == "latest":
        found = find(_outputs())
        if not found:
            raise UsageError(f"there is no run under {OUTPUTS.resolve()} yet. Start one: gan train")
        return RunDirectory(found[-1])
    place = RunDirectory(path_of(text))
    if (file := storage.in_the_way(place.path)) is not None:
        raise UsageError(f"{file} is not a folder, and so no run directory.")
    if not place.path.is_dir() and place.path.name.isdecimal() and is_sweep(place.path.parent):
        go_on = sweep_start.resume_command(place.path.parent)
        raise UsageError(
            f"{text}: this sweep has no such member, or it has not begun. To go on with what is "
            f"missing: {go_on}"
        )
    if not place.path.is_dir():
        raise UsageError(f"{text}: no such run directory. {runs_alike(text)}")
    if not place.config.is_file():
        raise UsageError(_no_run(place.path, text))
    if place.is_cut_off():
        raise UsageError(
            f"{text} holds no run: its start was cut off before anything was trained. "
            "Start it again with the command that made it."
        )
    if not place.is_gans():
        raise UsageError(f"{text} holds no run of gan's: another program wrote its .hydra/.")
    return place


def runs_alike(text: str) -> str:
    """The run beside it that the name of none may have meant, and the command that lists all."""
    beside: list[str] = []
    with contextlib.suppress(OSError, ValueError):  # it may be too long for a name
        found = Path(text).parent.glob("*/.hydra/config.yaml")
        beside += [str(config.parents[1]) for config in found]
    return f"{alike(text, ['latest', *beside])} 'gan runs' lists the runs there are.".lstrip()


def sweeps_alike(directory: Path) -> str:
    """The sweep beside it that the name of none may have meant; nothing where none is alike."""
    found: list[str] = []
    with contextlib.suppress(OSError, ValueError):  # it may be too long for a name
        found += [str(saved.parent) for saved in directory.parent.glob(f"*/{SWEEP}")]
    return alike(str(directory), found)


def _outputs() -> Path:
    """The folder of all runs, which need not exist.

    Raises:
        UsageError: if something else lies in its place.
    """
    if storage.in_the_way(OUTPUTS) is not None:
        raise UsageError(
            f"{OUTPUTS.resolve()} is not a folder. Runs are written into a folder of that name: "
            "move what is there elsewhere."
        )
    return OUTPUTS


def is_sweep(path: Path) -> bool:
    """Whether a directory is that of a sweep of gan's."""
    saved = path / SWEEP
    return saved.is_file() and mark.is_configuration(saved)


def _no_run(path: Path, text: str) -> str:
    """What is told of a directory that is no run: that it is a sweep, or holds runs."""
    if not text:
        return "the name of a run is empty. Name its directory, or latest."
    if is_sweep(path):
        first, go_on = next(_in(path), None), sweep_start.resume_command(path)
        runs = f" Its runs are the folders in it, such as {commands.path(first)}." if first else ""
        return f"{path} is a sweep, and not a run.{runs} To go on with it: {go_on}"
    if any(_in(path)):
        return f"{text} is not a run, but holds some. List them: {commands.runs(path)}"
    return f"{text} is not a run directory: it has no .hydra/config.yaml."


def _in(path: Path) -> Iterator[Path]:
    """The runs in a folder, as deep as those of a sweep lie in outputs/."""
    patterns = ("*", "*/*", "sweeps/*/*/*")
    return (each for pattern in patterns for each in sorted(path.glob(pattern)) if is_run(each))


def newest_sweep() -> Path:
    """The sweep that was started last under outputs/.

    Raises:
        UsageError: if there is none.
    """
    started: dict[int, Path] = {}
    for path in _outputs().rglob(SWEEP):
        try:
            if mark.is_configuration(path):
                started[_started(path)] = path.parent
        except OSError as error:
            _tell(error)
    if not started:
        raise UsageError(
            f"there is no sweep under {OUTPUTS.resolve()} yet. Start one: "
            "gan train -m 'seed=range(3)'"
        )
    return started[max(started)]


def _started(saved: Path) -> int:
    """When a sweep started, in nanoseconds since 1970: when the first of its members did.

    Args:
        saved: its configuration, which is as old as a sweep without members.
    """
    marks = (path for depth in ("*", "*/*") for path in saved.parent.glob(f"{depth}/.hydra"))
    members = (mark.started(path) for path in marks if (path / "config.yaml").is_file())
    return min(members, default=saved.stat().st_mtime_ns)
