"""The table of runs that `gan runs` prints."""

import csv
import json
import sys
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any, Literal

from gan_cli import estimates, runs
from gan_cli.cli.run_rows import (
    COLUMNS,
    Row,
    keys_of,
    nearest_value,
    read,
    select,
    settings,
    sort_by,
)
from gan_cli.cli.tables import count, show_table
from gan_cli.errors import UsageError
from gan_cli.logs.terminal import size
from gan_cli.narrow import sentences
from gan_cli.runs import evaluations
from gan_cli.runs.deletion import delete
from gan_cli.runs.selection import condition
from gan_cli.runs.settings import written

Form = Literal["table", "json", "csv"]
SIZE = "size"
ANSWERS = {"y": True, "yes": True, "n": False, "no": False, "": False}
"""What can be typed where it is asked whether runs are to be deleted."""

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


def list_runs(
    root: Path, where: Sequence[str], older_than: str | None, sort: str | None, form: Form
) -> list[Row]:
    """Prints the runs under a folder that are meant, and returns them.

    Args:
        root: the folder.
        where: conditions, such as dataset=ring.
        older_than: how long ago a run ended at least, such as 30d.
        sort: a column or a scalar to sort by.
        form: how they are printed.

    Raises:
        UsageError: if no run has the key of a condition, or the one to sort by.
    """
    every = [read(path) for path in runs.find(root)]
    conditions = [condition(text) for text in where]
    rows = select(every, conditions, older_than)
    if sort is not None:
        rows = sort_by(rows, sort)
    if form == "json":
        print(json.dumps(rows, indent=2))
    elif form == "csv":
        _write_csv(rows)
    elif rows:
        _show(rows, root)
        print(f"{count(len(rows), 'run')}, {size(sum(row['bytes'] for row in rows))}")
    elif every:
        none = "The only run" if len(every) == 1 else f"None of the {len(every):,} runs"
        fits = "does not fit" if len(every) == 1 else "fits"
        print(f"{none} under {root} {fits}. {nearest_value(every, conditions)}".rstrip())
    else:
        print(f"There is no run under {root} yet. Start one: gan train")
    return rows


def _write_csv(rows: Sequence[Row]) -> None:
    """One line for each run: the columns, settings, and every scalar that some run has.

    The settings are those that were given for some run, and those in which runs differ.
    """
    tags = sorted({tag for row in rows for tag in row["metrics"]})
    every = [settings(row) for row in rows]
    given = {own for row in rows for line in row["overrides"] for own in keys_of(line)}
    keys = [
        key
        for key in dict.fromkeys(key for each in every for key in each)
        if key in given or len({_cell(each, key) for each in every}) > 1
    ]
    table = csv.writer(sys.stdout, lineterminator="\n")
    table.writerow([*COLUMNS, *keys, *tags])
    for row, each in zip(rows, every, strict=True):
        ended = datetime.fromtimestamp(row["ended"]).astimezone().isoformat(timespec="seconds")
        own = [(row | {"ended": ended})[key] for key in COLUMNS]
        values = [_without_sign_of_0(row["metrics"].get(tag, "")) for tag in tags]
        table.writerow([*own, *(_cell(each, key) for key in keys), *values])


def _cell(known: Mapping[str, Any], key: str) -> str:
    """A setting as the command line writes it; empty for a run that has no such setting."""
    return written(known[key]) if key in known else ""


def delete_runs(rows: Sequence[Row], root: Path, *, sure: bool) -> None:
    """Deletes runs once the user has said so; a run that a process holds stays.

    Raises:
        UsageError: if nobody can be asked.
    """
    idle = [row for row in rows if row["status"] != "running"]
    if kept := len(rows) - len(idle):
        print(f"{count(kept, 'run')} still running: not deleted.")
    if not idle:
        return
    taken = size(sum(row["bytes"] for row in idle))
    if not sure:
        if not sys.stdin.isatty():
            raise UsageError("--delete asks first, and nobody can answer here; --yes does not ask.")
        if not _agreed(f"Delete {count(len(idle), 'run')}, {taken}, for good?"):
            print("Nothing was deleted.")
            return
    gone = [row for row in idle if not runs.RunDirectory(Path(row["path"])).is_running()]
    for row in gone:
        delete(Path(row["path"]), root)
    if begun := len(idle) - len(gone):
        print(f"{count(begun, 'run')} running by now: not deleted.")
    print(f"Deleted {count(len(gone), 'run')}, {size(sum(row['bytes'] for row in gone))}.")


def _agreed(question: str) -> bool:
    """Whether the user says yes. No answer, as after Ctrl-D, is a no; Ctrl-C ends the program."""
    try:
        answer = input(f"{question} [y/N]: ").strip().lower()
        while answer not in ANSWERS:
            answer = input("Please answer y or n: ").strip().lower()
    except (EOFError, KeyboardInterrupt) as none:
        print()
        if isinstance(none, KeyboardInterrupt):
            print("Nothing was deleted.")
            raise
        return False
    return ANSWERS[answer]


def _show(rows: Sequence[Row], root: Path) -> None:
    """A table of the status, the overrides that not all runs share, and the last metrics."""
    given = [set(row["overrides"]) for row in rows if row["status"] != "damaged"]
    shared = set.intersection(*given) if len(given) > 1 else set()
    known = {tag for row in rows for tag in row["metrics"]}
    divergences = sorted(tag for tag in known if tag.startswith(estimates.TAG))
    truths = (f"truth/{tag.removeprefix(estimates.TAG)}" for tag in divergences)
    trusted = [tag for tag in dict.fromkeys((*TRUSTED, *truths)) if tag in known]
    tags = (*trusted, *LOSSES, *divergences)
    cells = []
    for row in rows:
        path = Path(row["path"])
        name = path.relative_to(root) if path != root else path
        own = " ".join(line for line in row["overrides"] if line not in shared)
        values = row["metrics"]
        metrics = [estimates.marked(_number(values.get(tag)), tag, values) for tag in tags]
        begin = (str(name), row["status"], f"{row['step']:,}", size(row["bytes"]))
        cells.append((*begin, own, *metrics))
    columns = {"run": "left", "status": "left", "step": "right", SIZE: "right"}
    columns |= {"configuration": "left"} | {tag.replace("/", "/\n"): "right" for tag in tags}
    show_table(columns, cells, spare=SIZE)  # type: ignore[arg-type]
    for line in estimates.explained(cell for row in cells for cell in row[-len(tags) :]):
        print(sentences(line))
    judged = {tag for tag in trusted if not tag.startswith("truth/")}
    reached = [(Path(row["path"]), row["metrics"], row["step"]) for row in rows]
    if judged and (told := evaluations.behind(reached)):
        print(sentences(told))
    if shared:
        print(f"all: {' '.join(sorted(shared))}")


def _number(value: float | str | None) -> str:
    if value is None:
        return ""
    return value if isinstance(value, str) else f"{_without_sign_of_0(value):.4g}"


def _without_sign_of_0(value: Any) -> Any:
    """A value, and 0 for -0, in which nobody sees a loss of 0."""
    return 0.0 if value == 0 and isinstance(value, float) else value
