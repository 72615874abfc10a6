"""Data sets in MNIST's form: 60,000 and 10,000 grey 28 x 28 images, in four IDX files."""

import shlex
from pathlib import Path
from typing import ClassVar, Literal

import numpy as np

from gan_cli.component import component
from gan_cli.datasets import downloads, idx
from gan_cli.datasets.base import FiniteDataset, Split, SplitName
from gan_cli.datasets.downloads import PublishedFile
from gan_cli.datasets.folders import data_folder
from gan_cli.datasets.partition import part
from gan_cli.errors import DataError

SIDE = 28
VALIDATION = 10_000
NAMES = ("train-images-idx3", "train-labels-idx1", "t10k-images-idx3", "t10k-labels-idx1")


def published(*facts: tuple[int, str]) -> tuple[PublishedFile, ...]:
    """The four files, given the size in bytes and the SHA-256 of each."""
    named = zip(NAMES, facts, strict=True)
    return tuple(PublishedFile(f"{name}-ubyte.gz", *fact) for name, fact in named)


@component
class IdxImages(FiniteDataset):
    """A data set in MNIST's form; the last 10,000 training images are for validation.

    root: the folder that holds a folder for each data set; without it $GAN_DATA_DIR is used, or
        else the user's cache.
    size: the height and width in pixels: 28, or 32 with a border of two empty pixels.
    """

    files: ClassVar[tuple[PublishedFile, ...]]
    mirrors: ClassVar[tuple[str, ...]]
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
        missing = [file for file in pair if not (self.folder / file.name).exists()]
        downloads.fetch(missing, self.folder, self.mirrors)
        images, labels = (self._read(file) for file in pair)
        if name != "test":
            rows = part(name, len(images), VALIDATION, 0)
            images, labels = images[rows], labels[rows]
        border = (self.size - SIDE) // 2
        images = np.pad(images, ((0, 0), (border, border), (border, border)))
        return Split(images[..., None], labels.astype(np.int32))

    def fetch(self) -> list[Path]:
        """Downloads the files that are missing or damaged, and returns their paths.

        Raises:
            DataError: if no mirror has one of them.
        """
        wanted = [file for file in self.files if downloads.state(file, self.folder) != "ok"]
        downloads.fetch(wanted, self.folder, self.mirrors)
        return [self.folder / file.name for file in wanted]

    def _read(self, file: PublishedFile) -> np.ndarray:
        path = self.folder / file.name
        try:
            content = path.read_bytes()
        except OSError as error:
            raise DataError(f"{path} cannot be read: {error.strerror}.") from error
        wrong = downloads.fault(content, file)
        if wrong:
            where = f" --root {shlex.quote(self.root)}" if self.root else ""
            raise DataError(
                f"{path} is damaged: {wrong}. Delete it or run `gan data fetch {self.name}{where}`."
            )
        return idx.decode(content, path)
