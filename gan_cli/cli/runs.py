"""`gan runs`: the runs under a folder, what tells them apart, and how they stand."""

from pathlib import Path
from typing import Annotated

import typer

from gan_cli.cli.options import AsJson
from gan_cli.errors import UsageError


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
    as_json: AsJson = False,
) -> None:
    """List the runs under a folder."""
    if not root.is_dir():
        raise UsageError(f"{root}: no such folder. Runs are written under outputs/ by gan train.")
    from gan_cli.cli.run_table import list_runs

    list_runs(root, sort, as_json=as_json)
