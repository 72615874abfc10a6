"""Data sets in MNIST's form: 60,000 and 10,000 grey 28 x 28 images, in four IDX files."""

import shlex
from pathlib import Path
from typing import ClassVar, Literal

import numpy as np

from gan_cli.component import component
from gan_cli.datasets import downloads, idx, search
from gan_cli.datasets.base import FiniteDataset, Split, SplitName
from gan_cli.datasets.downloads import PublishedFile
from gan_cli.datasets.folders import data_folder
from gan_cli.datasets.partition import part
from gan_cli.datasets.search import Located
from gan_cli.errors import DataError

SIDE = 28
VALIDATION = 10_000
NAMES = ("train-images-idx3", "train-labels-idx1", "t10k-images-idx3", "t10k-labels-idx1")


def published(*facts: tuple[int, str, str]) -> tuple[PublishedFile, ...]:
    """The four files, given the size, the SHA-256 and that of the unpacked content of each."""
    named = zip(NAMES, facts, strict=True)
    return tuple(PublishedFile(f"{name}-ubyte.gz", *fact) for name, fact in named)


@component
class IdxImages(FiniteDataset):
    """A data set in MNIST's form; the last 10,000 training images are for validation.

    The files may be packed or not, and lie where other programs put them: the content decides.

    root: the folder that holds a folder for each data set; without it $GAN_DATA_DIR is used, or
        else the user's cache.
    size: the height and width in pixels: 28, or 32 with a border of two empty pixels.
    """

    files: ClassVar[tuple[PublishedFile, ...]]
    mirrors: ClassVar[tuple[str, ...]]
    folders: ClassVar[tuple[str, ...]]
    examples: ClassVar[int] = 70_000

    root: str | None = None
    size: Literal[28, 32] = 28

    @property
    def shape(self) -> tuple[int, ...]:
        return (self.size, self.size, 1)

    @property
    def classes(self) -> int:
        return 10

    @property
    def folder(self) -> Path:
        """The folder that the files are in, or would be in."""
        return data_folder(self.root) / self.name

    def split(self, name: SplitName) -> Split:
        pair = self.files[2:] if name == "test" else self.files[:2]
        found = [self.locate(file) for file in pair]
        missing = [f for f, place in zip(pair, found, strict=True) if place.state == "missing"]
        if missing:
            downloads.fetch(missing, self.folder, self.mirrors)
            found = [self.locate(file) for file in pair]
        images, labels = map(self._read, found)
        if name != "test":
            rows = part(name, len(images), VALIDATION, 0)
            images, labels = images[rows], labels[rows]
        border = (self.size - SIDE) // 2
        images = np.pad(images, ((0, 0), (border, border), (border, border)))
        return Split(images[..., None], labels.astype(np.int32))

    def locate(self, file: PublishedFile) -> Located:
        """Where one of the files is, and whether it is whole."""
        root = data_folder(self.root)
        return search.locate(file, [self.folder, *(root / name for name in self.folders)], root)

    def fetch(self) -> list[Path]:
        """Downloads the files that are missing or damaged, and returns their paths.

        Raises:
            DataError: if no mirror has one of them.
        """
        wanted = [file for file in self.files if self.locate(file).state != "ok"]
        downloads.fetch(wanted, self.folder, self.mirrors)
        return [self.folder / file.name for file in wanted]

    def _read(self, found: Located) -> np.ndarray:
        if found.state.startswith("damaged"):
            where = f" --root {shlex.quote(self.root)}" if self.root else ""
            raise DataError(
                f"{found.path} is {found.state}. "
                f"Delete it or run `gan data fetch {self.name}{where}`."
            )
        if found.state != "ok":
            raise DataError(f"{found.path} is {found.state}.")
        return idx.decode(search.unpacked(found.packed, found.path), found.path)
