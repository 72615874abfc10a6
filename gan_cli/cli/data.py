"""`gan data`: what data sets there are, and fetching and checking their files."""

from typing import Annotated

import typer

from gan_cli.cli.completion import complete_download

app = typer.Typer(no_args_is_help=True, help="List, fetch and verify data sets.")

Root = Annotated[
    str | None,
    typer.Option(
        help="The folder with one sub-folder for each data set.",
        show_default="$GAN_DATA_DIR, else the user's cache folder",
    ),
]


@app.command("list")
def list_datasets(root: Root = None) -> None:
    """List every data set: its shape, how many examples it has, and whether it is here."""
    from gan_cli.cli import data_files

    data_files.list_all(root)


@app.command()
def fetch(
    name: Annotated[
        str,
        typer.Argument(help="The data set, such as mnist.", autocompletion=complete_download),
    ],
    root: Root = None,
) -> None:
    """Download the files of a data set that are missing or damaged."""
    from gan_cli.cli import data_files

    data_files.fetch(name, root)


@app.command()
def verify(
    name: Annotated[
        str | None,
        typer.Argument(
            help="The data set.", show_default="all with files", autocompletion=complete_download
        ),
    ] = None,
    root: Root = None,
) -> None:
    """Check the files of data sets by size and SHA-256; exit with 4 if one is amiss."""
    from gan_cli.cli import data_files

    data_files.verify(name, root)
