"""What a run was started with, as its summary says it, or else its newest checkpoint."""

from typing import cast

from gan_cli import checkpoints, reading
from gan_cli.errors import DataError
from gan_cli.runs import RunDirectory, Summary, updated

FIELDS = ("settings", "modules", "data_files", "data_sha256", "accepted")
"""The fields of a summary by which a run is known again; each checkpoint holds them too."""


def of(summary: Summary) -> Summary:
    """What a summary says of what the run was started with."""
    return cast(Summary, {key: value for key, value in summary.items() if key in FIELDS})


def recorded(place: RunDirectory) -> Summary:
    """What is known of a run.

    Returns:
        Its summary. Where that is gone, what the newest readable checkpoint holds stands in for it;
        the settings are empty if there are checkpoints and none of them tells any. A summary of an
        older version has no settings, and none are added.

    Raises:
        DataError: if the summary is damaged.
    """
    known = place.read_summary()
    if "settings" in known:
        return known
    saved = checkpoints.steps(place.checkpoints)
    for step in reversed(saved):
        if "settings" in (held := _held(place, step)):
            return updated(known, held)
    is_gone = "versions" not in known
    return updated(known, {"settings": {}}) if saved and is_gone else known


def _held(place: RunDirectory, step: int) -> Summary:
    """What a checkpoint holds of the fields; none of them where it is damaged or an older one."""
    try:
        held = checkpoints.read_record(place.checkpoints, step)
    except DataError:  # which is told of when the state itself is read
        return {}
    return of(updated(Summary(), held)) if reading.fits(held, Summary) else {}
