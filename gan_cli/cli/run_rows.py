"""What there is to say of each run under a folder, and which of them are meant."""

import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from gan_cli import runs
from gan_cli.errors import DataError, UsageError, alike, nearest
from gan_cli.runs.deletion import size
from gan_cli.runs.evaluations import newest
from gan_cli.runs.selection import Condition, seconds
from gan_cli.runs.settings import flat, read_settings

Row = dict[str, Any]
COLUMNS = ("path", "status", "step", "bytes", "ended")


def read(path: Path) -> Row:
    """What there is to say of one run; what is damaged is told of on standard error."""
    place = runs.RunDirectory(path)
    row: Row = {
        "path": str(path),
        "status": "damaged",
        "step": 0,
        "bytes": size(path),
        "ended": _ended(place),
        "overrides": [],
        "metrics": {},
    }
    try:
        summary, overrides = place.read_summary(), place.read_overrides()
    except DataError as error:
        print(f"gan: {error}", file=sys.stderr)
        return row
    judged: dict[str, float] = {}
    try:
        judged = newest(place).values
    except DataError as error:
        print(f"gan: {error}", file=sys.stderr)
    return row | {
        "status": summary["status"],
        "step": summary.get("step", 0),
        "overrides": overrides,
        "metrics": {**summary.get("metrics", {}), **judged},
    }


def _ended(place: runs.RunDirectory) -> float:
    """When the run last wrote its summary, or was configured, in seconds since 1970."""
    last = place.summary if place.summary.exists() else place.config
    return last.stat().st_mtime


def sort_by(rows: Sequence[Row], key: str) -> list[Row]:
    """The rows by a column or a scalar's last value, smallest first; those without it come last.

    Raises:
        UsageError: if no run has it.
    """
    known = set(COLUMNS) | {tag for row in rows for tag in row["metrics"]}
    if key not in known:
        raise UsageError(f"--sort {key}: no run has it. {nearest(key, known)}")

    def value(row: Row) -> tuple[bool, Any]:
        found = row.get(key, row["metrics"].get(key))
        missing = found is None or (key in row["metrics"] and not isinstance(found, float | int))
        return missing, 0 if missing else found

    return sorted(rows, key=value)


def select(
    rows: Sequence[Row], conditions: Sequence[Condition], older_than: str | None
) -> list[Row]:
    """The runs that meet all conditions and ended so long ago.

    Raises:
        UsageError: if no run has the key of a condition.
    """
    known = [_known(row) if conditions else {} for row in rows]
    for each in conditions:
        keys = {key for values in known for key in values}
        if rows and each.key not in keys:
            told = alike(each.key, keys)
            raise UsageError(f"--where {each.key}: no run has it. {told}".rstrip())
    before = time.time() - seconds(older_than) if older_than is not None else float("inf")
    return [
        row
        for row, values in zip(rows, known, strict=True)
        if row["ended"] <= before and all(each.holds(values) for each in conditions)
    ]


def _known(row: Row) -> dict[str, Any]:
    """What a condition can look at: the columns, the scalars and the whole configuration."""
    place = runs.RunDirectory(Path(row["path"]))
    try:
        values = dict(flat(read_settings(place.config, resolve=True)))
    except DataError:
        values = {}
    settings = {key.removesuffix(".name"): value for key, value in values.items()}
    return {**settings, **row["metrics"], **{key: row[key] for key in COLUMNS}}
