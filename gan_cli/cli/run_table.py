"""The table of runs that `gan runs` prints."""

import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import typer

from gan_cli import runs
from gan_cli.cli.tables import show_table
from gan_cli.errors import DataError, UsageError, nearest
from gan_cli.runs.evaluations import newest

Row = dict[str, Any]
LOSSES = ("loss/discriminator", "loss/generator")
TRUSTED = (
    "modes/captured_fairly",
    "modes/high_quality",
    "fid/value",
    "parzen/log_likelihood",
    "truth/jensen_shannon",
    "truth/wasserstein_1",
)
"""What compares samples with the data, and so can be trusted more than what D says."""


def list_runs(root: Path, sort: str | None, *, as_json: bool) -> None:
    """Prints the runs under a folder as a table or as JSON; exits with 4 if one is damaged.

    Raises:
        UsageError: if no run has the key to sort by.
    """
    rows = [read(path) for path in runs.find(root)]
    if sort is not None:
        rows = sort_by(rows, sort)
    if as_json:
        print(json.dumps(rows, indent=2))
    elif rows:
        _show(rows, root)
    else:
        print(f"There is no run under {root} yet. Start one: gan train")
    if any(row["status"] == "damaged" for row in rows):
        raise typer.Exit(DataError.status)


def read(path: Path) -> Row:
    """What there is to say of one run; what is damaged is told of on standard error."""
    place = runs.RunDirectory(path)
    row: Row = {"path": str(path), "status": "damaged", "step": 0, "overrides": [], "metrics": {}}
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


def sort_by(rows: Sequence[Row], key: str) -> list[Row]:
    """The rows by a column or a scalar's last value, smallest first; those without it come last.

    Raises:
        UsageError: if no run has it.
    """
    known = {"path", "status", "step"} | {tag for row in rows for tag in row["metrics"]}
    if key not in known:
        raise UsageError(f"--sort {key}: no run has it. {nearest(key, known)}")

    def value(row: Row) -> tuple[bool, Any]:
        found = row.get(key, row["metrics"].get(key))
        missing = found is None or (key in row["metrics"] and not isinstance(found, float | int))
        return missing, 0 if missing else found

    return sorted(rows, key=value)


def _show(rows: Sequence[Row], root: Path) -> None:
    """A table of the status, the overrides that not all runs share, and the last metrics."""
    known = [set(row["overrides"]) for row in rows if row["status"] != "damaged"]
    shared = set.intersection(*known) if len(known) > 1 else set()
    divergences = sorted({t for row in rows for t in row["metrics"] if t.startswith("divergence/")})
    trusted = [tag for tag in TRUSTED if any(tag in row["metrics"] for row in rows)]
    tags = (*trusted, *LOSSES, *divergences)
    cells = []
    for row in rows:
        path = Path(row["path"])
        name = path.relative_to(root) if path != root else path
        own = " ".join(line for line in row["overrides"] if line not in shared)
        metrics = [_number(row["metrics"].get(tag)) for tag in tags]
        cells.append((str(name), row["status"], f"{row['step']:,}", own, *metrics))
    columns = {"run": "left", "status": "left", "step": "right", "configuration": "left"}
    show_table(columns | {tag.replace("/", "/\n"): "right" for tag in tags}, cells)  # type: ignore[arg-type]
    if shared:
        print(f"all: {' '.join(sorted(shared))}")


def _number(value: float | str | None) -> str:
    if value is None:
        return ""
    return value if isinstance(value, str) else f"{value:.4g}"
