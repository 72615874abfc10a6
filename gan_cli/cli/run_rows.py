"""What there is to say of each run under a folder, and which of them are meant."""

import contextlib
import re
import sys
import time
from collections.abc import Iterable, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from gan_cli import runs
from gan_cli.errors import DataError, UsageError, nearest
from gan_cli.players import OPTIMIZER, PLAYERS, for_each
from gan_cli.runs.deletion import size
from gan_cli.runs.evaluations import newest
from gan_cli.runs.selection import DAMAGED, Condition, number, seconds
from gan_cli.runs.settings import TYPES, named, read_settings, written
from gan_cli.synonyms import closest, same

Row = dict[str, Any]
CHOICE_OF_A_FILE = re.compile(r"^([\w/]+=\w+)\.yaml$")
"""Such as experiment=mine.yaml, which chooses the same as experiment=mine."""
COLUMNS = ("path", "status", "step", "bytes", "ended")


def read(path: Path) -> Row:
    """What there is to say of one run; what is damaged is told of on standard error."""
    place = runs.RunDirectory(path)
    row: Row = {
        "path": str(path),
        "status": DAMAGED,
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
        found = newest(place)
        judged = found.values | found.step
    except DataError as error:
        print(f"gan: {error}", file=sys.stderr)
    return row | {
        "status": summary["status"],
        "ended": _ended(place, summary.get("ended", "")),
        "step": summary.get("step", 0),
        "overrides": [CHOICE_OF_A_FILE.sub(r"\1", line) for line in _latest(overrides)],
        "metrics": {**summary.get("metrics", {}), **judged},
    }


def _ended(place: runs.RunDirectory, told: str = "") -> float:
    """When the run ended, or else last wrote its summary or was configured, in seconds since 1970.

    Args:
        place: the run.
        told: the time that its summary tells, which a copy of it tells too; empty where it has not
            ended, was killed, or is from before that was told.
    """
    with contextlib.suppress(ValueError, OverflowError):
        return datetime.fromisoformat(told).timestamp()
    last = place.summary if place.summary.exists() else place.config
    return last.stat().st_mtime


def settings(row: Row) -> dict[str, Any]:
    """The settings of a run as the command line writes their keys; none where they are damaged."""
    place = runs.RunDirectory(Path(row["path"]))
    try:
        return named(read_settings(place.config, resolve=True, types=TYPES))
    except DataError:
        return {}


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
    keys = {key for values in known for key in values}
    for each in conditions:
        if rows and not keys.issuperset(_own(each.key)):
            raise UsageError(
                f"--where {each.key}: no run has it. {_meant(each.key, keys)}".rstrip()
            )
    before = time.time() - seconds(older_than) if older_than is not None else float("inf")
    return [
        row
        for row, values in zip(rows, known, strict=True)
        if row["ended"] <= before and all(_meets(values, each) for each in conditions)
    ]


def nearest_value(rows: Sequence[Row], conditions: Iterable[Condition]) -> str:
    """Which value of a run's may have been meant where no run has the one of a condition."""
    known = [_known(row) for row in rows]
    for each in conditions:
        texts = {written(v[own]) for v in known for own in _own(each.key) if own in v}
        is_text = each.sign == "=" and number(each.value) is None
        close = closest(each.value, texts) if is_text else None
        if close and close != each.value:
            return f"Did you mean '{each.key}={close}'?"
    return ""


def _known(row: Row) -> dict[str, Any]:
    """What a condition can look at: the columns, the scalars and the whole configuration."""
    return {**settings(row), **row["metrics"], **{key: row[key] for key in COLUMNS}}


def keys_of(override: str) -> list[str]:
    """The settings that an override such as k=5 or optimizer/generator=sgd gives."""
    return _own(override.lstrip("+~").partition("=")[0].replace("/", "."))


def _latest(overrides: Sequence[str]) -> list[str]:
    """The overrides that count: of an older run that was given a setting twice, the last one."""
    last = {tuple(keys_of(line)): line for line in overrides}
    return [line for line in overrides if last[tuple(keys_of(line))] == line]


def _own(key: str) -> list[str]:
    """The keys that one of a condition stands for: those of both players for optimizer.b1."""
    whole = f"{OPTIMIZER}.name" if key == OPTIMIZER else key
    return [own.removesuffix(".name") for own in for_each([whole])]


def _meets(values: dict[str, Any], condition: Condition) -> bool:
    """Whether a run meets a condition; of one on both players, whether both do."""
    found = [condition._replace(key=own).holds(values) for own in _own(condition.key)]
    return any(found) if condition.sign == "!=" else all(found)


def _meant(key: str, keys: Iterable[str]) -> str:
    """The key that may have been meant, by the whole of it, its beginning or its last part."""
    both = re.compile(rf"{OPTIMIZER}\.(?:{'|'.join(PLAYERS)})\.")
    known = sorted({*keys, *(both.sub(f"{OPTIMIZER}.", each) for each in keys)})
    begun = next((each for each in known if each.startswith((f"{key}/", f"{key}."))), None)
    shortest_last = sorted(known, key=lambda each: -each.count("."))
    ends = {re.split("[./]", each)[-1]: each for each in shortest_last}
    named = None if begun or "." in key else ends.get(same(key, ends) or "")
    last = ends.get(closest(key.rpartition(".")[2], ends) or "")
    found = named or closest(key, known) or begun or last
    return f"Did you mean '{found}'?" if found else ""
