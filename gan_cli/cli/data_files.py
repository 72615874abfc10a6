"""What `gan data` does with the files of data sets."""

import shlex
from typing import Any

import gan_cli.datasets  # noqa: F401  (registers every data set)
from gan_cli.cli.tables import show_table
from gan_cli.component import REGISTRY
from gan_cli.datasets.base import SplitName, SyntheticDataset
from gan_cli.datasets.idx_images import IdxImages
from gan_cli.datasets.mnist import Mnist
from gan_cli.datasets.stacked_mnist import HELD_OUT, StackedMnist
from gan_cli.errors import DataError, GanError, UsageError, nearest, seen

SPLITS: tuple[SplitName, ...] = ("train", "validation", "test")


def list_all(root: str | None) -> None:
    """Prints a table of all data sets."""
    rows = [(name, *_facts(made, root)) for name, made in sorted(REGISTRY["dataset"].items())]
    columns = ("NAME", "SHAPE", "EXAMPLES", "PRESENT", "WHERE")
    show_table(dict.fromkeys(columns, "left"), rows)


def fetch(name: str, root: str | None) -> None:
    """Downloads the files of a data set that are missing or damaged, and says which."""
    dataset = _downloadable(name, root)
    if dataset is None:
        print(f"{name} needs no fetching.")
        return
    fetched = dataset.fetch()
    for path in (dataset.locate(file).path for file in dataset.files):
        print(f"{path}: {'fetched' if path in fetched else 'was there'}")


def verify(name: str | None, root: str | None) -> None:
    """Checks the files of a data set, or of all that have files.

    Raises:
        DataError: if a file is missing or damaged.
    """
    if name is not None and _downloadable(name, root) is None:
        print(f"{name} needs no fetching: it has no files to verify.")
        return
    names = [name] if name is not None else sorted(REGISTRY["dataset"])
    amiss = []
    for dataset in filter(None, (_downloadable(each, root) for each in names)):
        places = [dataset.locate(file) for file in dataset.files]
        for place in places:
            print(f"{place.path}: {place.state}")
        if any(place.state != "ok" for place in places):
            amiss.append(dataset.name)
    if amiss:
        where = f" --root {shlex.quote(root)}" if root else ""
        commands = ", ".join(f"`gan data fetch {each}{where}`" for each in amiss)
        raise DataError(f"Files of {', '.join(amiss)} are missing or damaged. Run {commands}.")


def _downloadable(name: str, root: str | None) -> IdxImages | None:
    """The data set of that name, or None if it has no files to download."""
    known = REGISTRY["dataset"]
    if name not in known:
        raise UsageError(f"{seen(name)}: no such data set. {nearest(name, known)}")
    made = known[name]
    return made(root=root) if issubclass(made, IdxImages) else None


def _facts(made: Any, root: str | None) -> tuple[str, str, str, str]:
    """The shape, the number of examples, whether they are present, and where, as texts."""
    if issubclass(made, IdxImages):
        dataset = made(root=root)
        whole, folder = _presence(dataset)
        return _shape(dataset.shape), f"{dataset.examples:,}", whole, folder
    dataset = made()
    if isinstance(dataset, StackedMnist):
        whole, folder = _presence(Mnist(root=root))
        count = f"{dataset.count + 2 * HELD_OUT:,}"
        return _shape(dataset.shape), count, whole, f"drawn from {folder}"
    if issubclass(made, SyntheticDataset):
        return _shape(dataset.shape), "unlimited", "yes", "drawn from its formula"
    try:
        dataset.validate()
    except GanError:
        return "yours", "yours", "", "your own files: dataset.path"
    count = f"{sum(len(dataset.split(name).examples) for name in SPLITS):,}"
    return _shape(dataset.shape), count, "yes", "in the package"


def _presence(dataset: IdxImages) -> tuple[str, str]:
    """Whether all files of a data set are here, and the folder that they are in, as texts."""
    places = [dataset.locate(file) for file in dataset.files]
    whole = all(place.state == "ok" for place in places)
    return "yes" if whole else "no", str(places[0].path.parent)


def _shape(shape: tuple[int, ...]) -> str:
    return " x ".join(map(str, shape))
