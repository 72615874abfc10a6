"""What a run was started with, as its summary says it, or else its newest checkpoint."""

from gan_cli import checkpoints
from gan_cli.runs import RunDirectory, Summary, kept, updated


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
    if held := kept.newest(place.checkpoints):
        return updated(known, held)
    is_gone = "versions" not in known
    saved = checkpoints.steps(place.checkpoints)
    return updated(known, {"settings": {}}) if saved and is_gone else known
