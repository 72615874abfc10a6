"""`gan data`: what data sets there are, and fetching and checking their files."""

import shlex
from typing import TYPE_CHECKING, Annotated, Any

import typer

from gan_cli.errors import DataError, GanError, UsageError, nearest

if TYPE_CHECKING:
    from gan_cli.datasets.base import FiniteDataset, SplitName
    from gan_cli.datasets.idx_images import IdxImages

app = typer.Typer(no_args_is_help=True, help="List, fetch and verify data sets.")

Root = Annotated[
    str | None,
    typer.Option(
        help="The folder with one sub-folder a data set.",
        show_default="$GAN_DATA_DIR, else the user's cache folder",
    ),
]


@app.command("list")
def list_datasets(root: Root = None) -> None:
    """List every data set: its shape, how many examples it has, and whether it is here."""
    rows = [("NAME", "SHAPE", "EXAMPLES", "PRESENT", "WHERE")]
    rows += [(name, *_row(made, root)) for name, made in sorted(_known().items())]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        cells = (cell.ljust(width) for cell, width in zip(row, widths, strict=True))
        typer.echo("  ".join(cells).rstrip())


@app.command()
def fetch(
    name: Annotated[str, typer.Argument(help="The data set, such as mnist.")], root: Root = None
) -> None:
    """Download the files of a data set that are missing or damaged."""
    dataset = _downloadable(name, root)
    if dataset is None:
        typer.echo(f"{name} needs no fetching.")
        return
    fetched = dataset.fetch()
    for file in dataset.files:
        path = dataset.folder / file.name
        typer.echo(f"{path}: {'fetched' if path in fetched else 'was there'}")


@app.command()
def verify(
    name: Annotated[
        str | None, typer.Argument(help="The data set.", show_default="all with files")
    ] = None,
    root: Root = None,
) -> None:
    """Check the files of data sets by size and SHA-256; exit with 4 if one is amiss."""
    from gan_cli.datasets import downloads

    if name is not None and _downloadable(name, root) is None:
        typer.echo(f"{name} needs no fetching: it has no files to verify.")
        return
    chosen = [_downloadable(each, root) for each in sorted(_known()) if name in (None, each)]
    amiss = []
    for dataset in filter(None, chosen):
        states = [downloads.state(file, dataset.folder) for file in dataset.files]
        for file, state in zip(dataset.files, states, strict=True):
            typer.echo(f"{dataset.folder / file.name}: {state}")
        if set(states) != {"ok"}:
            amiss.append(dataset.name)
    if amiss:
        where = f" --root {shlex.quote(root)}" if root else ""
        commands = ", ".join(f"`gan data fetch {each}{where}`" for each in amiss)
        raise DataError(f"Files of {', '.join(amiss)} are missing or damaged. Run {commands}.")


def _known() -> dict[str, Any]:
    import gan_cli.datasets  # noqa: F401  (registers every data set)
    from gan_cli.component import REGISTRY

    return dict(REGISTRY["dataset"])


def _downloadable(name: str, root: str | None) -> "IdxImages | None":
    """The data set of that name, or None if it has no files to download."""
    from gan_cli.datasets.idx_images import IdxImages

    known = _known()
    if name not in known:
        raise UsageError(f"{name}: no such data set. {nearest(name, known)}")
    made = known[name]
    return made(root=root) if issubclass(made, IdxImages) else None


def _row(made: Any, root: str | None) -> tuple[str, str, str, str]:
    """Shape, examples, present and where, as text."""
    from gan_cli.datasets import downloads
    from gan_cli.datasets.base import SyntheticDataset
    from gan_cli.datasets.idx_images import IdxImages

    if issubclass(made, IdxImages):
        dataset = made(root=root)
        whole = all(downloads.state(file, dataset.folder) == "ok" for file in dataset.files)
        count = f"{dataset.examples:,}"
        return _text(dataset.shape), count, "yes" if whole else "no", str(dataset.folder)
    if issubclass(made, SyntheticDataset):
        return _text(made().shape), "unlimited", "yes", "drawn from its formula"
    dataset = made()
    try:
        dataset.validate()
        return *_finite(dataset), "yes", "in the package"
    except GanError:
        return "yours", "yours", "", "your own files: dataset.path"


def _finite(dataset: "FiniteDataset") -> tuple[str, str]:
    parts: tuple[SplitName, ...] = ("train", "validation", "test")
    count = sum(len(dataset.split(name).examples) for name in parts)
    return _text(dataset.shape), f"{count:,}"


def _text(shape: tuple[int, ...]) -> str:
    return " x ".join(map(str, shape))
