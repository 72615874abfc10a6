"""The scalars of a run in metrics.jsonl, one JSON object on a line for each logged step."""

import json
import logging
import math
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Literal

from gan_cli import reading
from gan_cli.files import write_atomically

log = logging.getLogger(__name__)

Row = dict[str, Any]
"""`step`, `wall_seconds`, and each scalar by its tag; nan, inf and -inf are texts."""

SHOWN = 5
"""The most damaged lines of a file that are told one by one."""


class ScalarFile:
    """Appends rows to the file, and hands each to the operating system at once."""

    def __init__(self, path: Path) -> None:
        self._file = path.open("a", encoding="utf-8")

    def write(self, step: int, wall_seconds: float, values: Mapping[str, float]) -> None:
        scalars = {tag: plain(value) for tag, value in values.items()}
        row = {"step": step, "wall_seconds": round(wall_seconds, 3)} | scalars
        self._file.write(json.dumps(row, allow_nan=False) + "\n")
        self._file.flush()

    def close(self) -> None:
        self._file.close()


def plain(value: float) -> float | str:
    """The value as JSON can hold it; nan, inf and -inf become texts."""
    return value if math.isfinite(value) else str(value)


def read(path: Path) -> list[Row]:
    """The rows of a file; none if there is no file.

    A last one that is cut short is left out, as a process that was killed leaves one. So is any
    other line that is no row, such as the zeros that a loss of power leaves, with a warning.

    Raises:
        DataError: if it cannot be read.
    """
    with reading.naming(path, "is damaged."):
        try:
            *whole, _ = reading.content(path, largest=None).split(b"\n")
        except FileNotFoundError:
            return []
    rows = [_row(line) for line in whole]
    damaged = [str(number) for number, row in enumerate(rows, 1) if row is None]
    if damaged:
        lines, more = ", ".join(damaged[:SHOWN]), len(damaged) - SHOWN
        log.warning(
            "%s: left out as damaged: line%s %s%s.",
            *(path, "s" * (len(damaged) > 1), lines, f" and {more:,} more" * (more > 0)),
        )
    return [row for row in rows if row is not None]


def _row(line: bytes) -> Row | None:
    """The row that a line holds, with a step and with a number or nan, inf or -inf by each tag."""
    try:
        row = reading.json_value(line)
    except ValueError:
        return None
    is_row = reading.fits(row, dict[str, float | Literal["nan", "inf", "-inf"]])
    return row if is_row and reading.fits(row.get("step"), int) and row["step"] >= 0 else None


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
