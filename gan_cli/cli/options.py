"""Options and arguments that several commands share."""

from pathlib import Path
from typing import Annotated

import typer

from gan_cli.cli.completion import complete_checkpoint, complete_run, complete_tag
from gan_cli.files import path_of

Imports = Annotated[
    list[str] | None,
    typer.Option(
        "--import", metavar="MODULE", help="A module with components of your own; repeatable."
    ),
]
ConfigDir = Annotated[
    Path | None,
    typer.Option(
        "--config-dir",
        metavar="DIR",
        parser=path_of,
        help="A directory of your own configuration files.",
    ),
]
AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON document and nothing else.")]
Run = Annotated[
    str,
    typer.Argument(
        metavar="RUN",
        help="A run directory, or latest.",
        show_default=False,
        autocompletion=complete_run,
    ),
]
Moved = Annotated[
    list[str] | None,
    typer.Argument(
        metavar="DATA",
        help="Where data that was moved is now: dataset.path=PLACE or dataset.root=DIR.",
        show_default=False,
    ),
]
Checkpoint = Annotated[
    str | None,
    typer.Option(
        metavar="STEP|best",
        help="Which checkpoint; the newest by default.",
        autocompletion=complete_checkpoint,
    ),
]
Seed = Annotated[int, typer.Option(min=0, max=2**31 - 1, help="The seed of the latents.")]
Runs = Annotated[
    list[str],
    typer.Argument(
        metavar="RUN...",
        help="Runs, sweeps, folders or patterns of them, or latest.",
        autocompletion=complete_run,
        show_default=False,
    ),
]
Tags = Annotated[
    list[str] | None,
    typer.Option(
        metavar="TAG",
        help="A scalar such as truth/jensen_shannon; repeatable.",
        autocompletion=complete_tag,
    ),
]
Folder = Annotated[
    Path,
    typer.Option("--out", metavar="DIR", parser=path_of, help="The folder for the pictures."),
]
