"""`gan runs`: the runs under a folder, what tells them apart, and how they stand."""

import os
import shlex
from pathlib import Path
from typing import Annotated

import typer

from gan_cli import storage
from gan_cli.cli.options import AsJson
from gan_cli.errors import DataError, UsageError
from gan_cli.files import path_of

TABLES = (".csv", ".json", ".tsv", ".txt")
"""How files are called that hold tables."""


def runs(
    root: Annotated[
        Path,
        typer.Argument(
            metavar="[ROOT]",
            help="The folder to look in, a run, or latest.",
            show_default=False,
            parser=path_of,
        ),
    ] = Path("outputs"),
    where: Annotated[
        list[str] | None,
        typer.Option(
            metavar="CONDITION",
            help="Only runs that meet it, such as dataset=ring, status!=completed or "
            "'fid/value<50'; repeatable.",
        ),
    ] = None,
    older_than: Annotated[
        str | None,
        typer.Option(metavar="AGE", help="Only runs that ended so long ago, such as 12h or 30d."),
    ] = None,
    sort: Annotated[
        str | None,
        typer.Option(
            metavar="KEY",
            help="path, status, step, bytes, ended, or a scalar's tag; oldest first by default.",
        ),
    ] = None,
    as_json: AsJson = False,
    as_csv: Annotated[bool, typer.Option("--csv", help="Print comma-separated values.")] = False,
    delete: Annotated[
        bool, typer.Option("--delete", help="Delete the runs that are listed, after asking.")
    ] = False,
    yes: Annotated[bool, typer.Option("--yes", help="Delete without asking.")] = False,
) -> None:
    """List the runs under a folder, or delete some of them.

    A condition looks at path, status, step, bytes or ended, at a scalar's last
    value, or at a setting of the configuration, such as k or architecture.latent.
    One on optimizer.learning_rate looks at both players'.
    """
    from gan_cli.runs.selection import CONDITION, DAMAGED

    if str(root) == "latest" and not root.exists():
        from gan_cli.runs import resolve

        root = resolve("latest").path
    if (found := storage.in_the_way(root)) is not None:
        raise UsageError(f"{found} is not a folder. Runs are written under outputs/ by gan train.")
    if not root.exists() and root.suffix in TABLES:
        form = "--json" if root.suffix == ".json" else "--csv"
        told = f"Printed, it is written by the shell: gan runs {form} > {shlex.quote(str(root))}"
        raise UsageError(f"{root}: no such folder. {told}")
    if not root.is_dir() and CONDITION.fullmatch(str(root)):
        told = shlex.join(["--where", str(root)])
        raise UsageError(f"{root}: no such folder. A condition is an option of its own: {told}")
    if not root.is_dir():
        raise UsageError(f"{root}: no such folder. Runs are written under outputs/ by gan train.")
    if not os.access(root, os.R_OK | os.X_OK):
        raise UsageError(f"{root} cannot be read: Permission denied.")
    if as_csv + as_json + delete > 1:
        raise UsageError("--csv, --json and --delete do not go together.")
    if yes and not delete:
        raise UsageError("--yes goes with --delete.")
    from gan_cli.cli.run_table import delete_runs, list_runs

    form = "csv" if as_csv else "json" if as_json else "table"
    rows = list_runs(root, where or [], older_than, sort, form)  # type: ignore[arg-type]
    if delete:
        delete_runs(rows, root, sure=yes)
    elif any(row["status"] == DAMAGED for row in rows):
        raise typer.Exit(DataError.status)
