"""Refuses trainings for which there is not enough memory, or not enough space on the disk."""

from collections.abc import Sequence
from pathlib import Path

from gan_cli.errors import UsageError
from gan_cli.logs.terminal import size
from gan_cli.preflight import files, memory, room
from gan_cli.preflight.files import Files
from gan_cli.preflight.memory import Memory
from gan_cli.prepared import Prepared

SURELY = 0.8
"""The share of a checkpoint's estimated size that is needed for certain."""


def refuse_hopeless(prepared: Prepared) -> None:
    """Refuses a training that is sure to lack memory; nothing is traced or compiled.

    Raises:
        UsageError: naming what would need less.
    """
    left = room.share(prepared)
    _refuse(prepared, memory.least(prepared), left, "the training takes at least")


def refuse_memory(prepared: Prepared, needed: Memory, left: int | None, at_once: int = 1) -> None:
    """Refuses trainings that do not fit in the memory that is left.

    Args:
        prepared: the experiment.
        needed: the memory that it takes.
        left: the memory that is free, or None where that is not known.
        at_once: how many such trainings share the memory.

    Raises:
        UsageError: naming what would need less.
    """
    who = f"{at_once} members that train at once take" if at_once > 1 else "the training takes"
    _refuse(prepared, needed, left, f"{who} about", at_once)


def _refuse(
    prepared: Prepared, needed: Memory, left: int | None, takes: str, at_once: int = 1
) -> None:
    if left is None or at_once * needed.total <= left:
        return
    mend = "Set a smaller batch_size, or choose smaller networks."
    if at_once > 1 and needed.total <= left:
        mend = f"Set hydra.launcher.cores={left // needed.total}."
    elif needed.data > needed.total / 2 and not prepared.stays_on_disk:
        below = min(left // 2**21, (needed.data - 1) // 2**20)
        mend = f"Set resident_mib={below}, and the data stays on disk."
    raise UsageError(
        f"{takes} {size(at_once * needed.total)} of memory, and {size(left)} are free. {mend}"
    )


def refuse_first_checkpoints(prepared: Sequence[Prepared], place: Path, key: str) -> None:
    """Refuses a run or a sweep for whose first checkpoints there is no space.

    Args:
        prepared: the run, or the members of the sweep.
        place: the directory that is wanted for it.
        key: the setting that chooses the directory.

    Raises:
        UsageError: naming the file system.
    """
    found = room.space(place)
    needed = sum(files.checkpoint(each) for each in prepared)
    if SURELY * needed > found.free:
        what = "a checkpoint of each member" if len(prepared) > 1 else "a checkpoint"
        raise UsageError(
            f"{what} takes about {size(needed)}, and {size(found.free)} are free on the disk of "
            f"{found.directory}. Choose smaller networks, or another place with {key}=DIR."
        )


def refuse_files(runs: Sequence[Files], place: Path, key: str) -> None:
    """Refuses runs whose files do not all fit on the disk.

    Args:
        runs: the files of each run.
        place, key: see `refuse_first_checkpoints`; no key for a run that has its place already.

    Raises:
        UsageError: naming the file system and what would need less.
    """
    found = room.space(place)
    if (needed := _at_most(runs)) <= found.free:
        return
    saved = needed - _at_most([run._replace(checkpoint=0, passing=0) for run in runs])
    raise UsageError(
        f"the files take about {size(needed)}, {size(saved)} of it for checkpoints, and "
        f"{size(found.free)} are free on the disk of {found.directory}. {_mend(runs, found.free)}"
        + (f", or choose another place with {key}=DIR." if key else ", or make room there.")
    )


def _at_most(runs: Sequence[Files]) -> int:
    """The most bytes that the files of runs take at one time."""
    return sum(run.bytes for run in runs) + max(run.passing for run in runs)


def _mend(runs: Sequence[Files], free: int) -> str:
    """The first of the ways to need less that is enough; smaller networks where none is."""
    ways = {
        "Set checkpoints.keep=1": [run.keeping_one() for run in runs],
        "Set a greater sample_every": [run.drawing_rarely() for run in runs],
        "Set a greater log_every": [run.logging_rarely() for run in runs],
        "Set checkpoints.keep=1 and a greater sample_every and log_every": [
            run.keeping_one().drawing_rarely().logging_rarely() for run in runs
        ],
        "Set checkpoints.every to the number of steps, which saves the last state alone": [
            run.saving_once() for run in runs
        ],
    }
    enough = (way for way, less in ways.items() if _at_most(less) <= free)
    return next(enough, "Choose smaller networks")
