"""`gan runs`: the runs under a folder, what tells them apart, and how they stand."""

import json
from pathlib import Path
from typing import Annotated, Any

import typer

from gan_cli.errors import UsageError, nearest

Row = dict[str, Any]
COLUMNS = ("loss/discriminator", "loss/generator")


def runs(
    root: Annotated[
        Path, typer.Argument(metavar="[ROOT]", help="The folder to look in.", show_default=False)
    ] = Path("outputs"),
    sort: Annotated[
        str | None,
        typer.Option(
            metavar="KEY", help="path, status, step, or a scalar's tag; oldest first by default."
        ),
    ] = None,
    as_json: Annotated[
        bool, typer.Option("--json", help="One JSON document: a list of objects.")
    ] = False,
) -> None:
    """List the runs under a folder."""
    if not root.is_dir():
        raise UsageError(f"{root}: no such folder. Runs are written under outputs/ by gan train.")
    rows = [read(path) for path in _find(root)]
    if sort is not None:
        rows = sort_by(rows, sort)
    if as_json:
        print(json.dumps(rows, indent=2))
    elif rows:
        show(rows, root)
    else:
        print(f"There is no run under {root} yet. Start one: gan train")


def _find(root: Path) -> list[Path]:
    from gan_cli.runs import find

    return find(root)


def read(path: Path) -> Row:
    """What there is to say of one run."""
    from gan_cli.runs import RunDirectory

    place = RunDirectory(path)
    summary = place.read_summary()
    return {
        "path": str(path),
        "status": summary["status"],
        "step": summary.get("step", 0),
        "overrides": place.read_overrides(),
        "metrics": summary.get("metrics", {}),
    }


def sort_by(rows: list[Row], key: str) -> list[Row]:
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


def show(rows: list[Row], root: Path) -> None:
    """A table: status, the overrides that not all runs share, the last metrics."""
    from rich.console import Console
    from rich.table import Table

    shared = set.intersection(*(set(row["overrides"]) for row in rows)) if len(rows) > 1 else set()
    divergences = sorted({t for row in rows for t in row["metrics"] if t.startswith("divergence/")})
    tags = (*COLUMNS, *divergences)
    table = Table(box=None, pad_edge=False, header_style="bold")
    for name in ("run", "status", "step", "configuration"):
        table.add_column(name, justify="right" if name == "step" else "left", overflow="fold")
    for tag in tags:
        table.add_column(tag.replace("/", "/\n"), justify="right")
    for row in rows:
        own = [line for line in row["overrides"] if line not in shared]
        metrics = [_number(row["metrics"].get(tag)) for tag in tags]
        path = Path(row["path"])
        name = str(path.relative_to(root)) if path != root else str(path)
        table.add_row(name, row["status"], f"{row['step']:,}", " ".join(own), *metrics)
    console = Console(highlight=False)
    width = None if console.is_terminal else 200
    Console(highlight=False, width=width).print(table)
    if shared:
        print(f"all: {' '.join(sorted(shared))}")


def _number(value: float | str | None) -> str:
    if value is None:
        return ""
    return value if isinstance(value, str) else f"{value:.4g}"
