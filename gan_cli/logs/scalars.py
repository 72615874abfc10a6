"""metrics.jsonl: one JSON object a logged step."""

import json
import math
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

Row = dict[str, Any]
"""`step`, `wall_seconds`, and scalars by tag; what is not finite is the text nan, inf or -inf."""


class ScalarFile:
    """Appends rows; each is handed to the operating system as soon as it is written."""

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
    """A number as JSON can hold it: what is not finite becomes a text."""
    return value if math.isfinite(value) else str(value)


def read(path: Path) -> list[Row]:
    """The complete rows of a file; none where there is none. A last row cut short is left out."""
    if not path.exists():
        return []
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    return [json.loads(line) for line in lines if line.endswith("\n")]


def keep(path: Path, wanted: Callable[[int], bool]) -> list[Row]:
    """Drops the rows of unwanted steps, in one atomic replacement, and returns those that stay.

    Args:
        path: the file, which need not exist.
        wanted: tells by its step whether a row stays.
    """
    rows = [row for row in read(path) if wanted(row["step"])]
    if path.exists():
        scratch = path.with_suffix(".tmp")
        scratch.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
        scratch.replace(path)
    return rows
