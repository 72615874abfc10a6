"""What the checkpoints of a run keep of its summary, in case that is deleted."""

from pathlib import Path
from typing import cast

from gan_cli import checkpoints, reading
from gan_cli.errors import DataError
from gan_cli.runs.summary import Summary, updated

FIELDS = ("settings", "modules", "data_files", "data_sha256", "accepted")
"""The fields of a summary by which a run is known again."""


def of(summary: Summary) -> Summary:
    """What a summary says of what the run was started with."""
    return cast(Summary, {key: value for key, value in summary.items() if key in FIELDS})


def newest(directory: Path) -> Summary:
    """What the newest readable checkpoint that tells a run's settings keeps; nothing without one.

    Args:
        directory: where the run's checkpoints are.
    """
    for step in reversed(checkpoints.steps(directory)):
        if "settings" in (held := _held(directory, step)):
            return held
    return {}


def _held(directory: Path, step: int) -> Summary:
    """What a checkpoint holds of the fields; none of them where it is damaged or an older one."""
    try:
        held = checkpoints.read_record(directory, step)
    except DataError:  # which is told of when the state itself is read
        return {}
    return of(updated(Summary(), held)) if reading.fits(held, Summary) else {}
