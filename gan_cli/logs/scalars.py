"""The scalars of a run in metrics.jsonl, one JSON object on a line for each logged step."""

import json
import logging
import math
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from gan_cli import storage
from gan_cli.files import write_atomically

log = logging.getLogger(__name__)

Row = dict[str, Any]
"""`step`, `wall_seconds`, and each scalar by its tag; nan, inf and -inf are texts."""


class ScalarFile:
    """Appends rows to the file, and hands each to the operating system at once."""

    def __init__(self, path: Path) -> None:
        self._path, self._file = path, path.open("a", encoding="utf-8")

    def write(self, step: int, wall_seconds: float, values: Mapping[str, float]) -> None:
        scalars = {tag: plain(value) for tag, value in values.items()}
        row = {"step": step, "wall_seconds": round(wall_seconds, 3)} | scalars
        with storage.naming(self._path):
            self._file.write(json.dumps(row, allow_nan=False) + "\n")
            self._file.flush()

    def close(self) -> None:
        with storage.naming(self._path):
            self._file.close()


def plain(value: float) -> float | str:
    """The value as JSON can hold it; nan, inf and -inf become texts."""
    return value if math.isfinite(value) else str(value)


def read(path: Path) -> list[Row]:
    """The rows of a file; none if there is no file.

    A last one that is cut short is left out, as a process that was killed leaves one. So is any
    other line that is no row, such as the zeros that a loss of power leaves, with a warning.
    """
    content = path.read_bytes() if path.exists() else b""
    whole = [line for line in content.splitlines(keepends=True) if line.endswith(b"\n")]
    rows = [row for line in whole if (row := _row(line)) is not None]
    if damaged := len(whole) - len(rows):
        log.warning("%s: %d damaged lines are left out.", path, damaged)
    return rows


def _row(line: bytes) -> Row | None:
    try:
        row = json.loads(line)
    except ValueError:
        return None
    return row if isinstance(row, dict) and isinstance(row.get("step"), int) else None


def keep(path: Path, wanted: Callable[[int], bool]) -> list[Row]:
    """Drops the rows of unwanted steps in one atomic replacement.

    Args:
        path: the file, which need not exist.
        wanted: tells from a row's step whether the row stays.

    Returns:
        The rows that stay.
    """
    rows = [row for row in read(path) if wanted(row["step"])]
    if path.exists():
        lines = "".join(json.dumps(row) + "\n" for row in rows)
        write_atomically(path, lines.encode())
    return rows
