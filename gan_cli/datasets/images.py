"""A folder of the user's own image files, decoded once into an array on disk."""

import hashlib
import os
from collections import Counter
from functools import cached_property
from pathlib import Path
from typing import Annotated, Literal

import numpy as np
from annotated_types import Ge

from gan_cli import arrays, reading
from gan_cli.bounds import Size
from gan_cli.component import component
from gan_cli.datasets import image_files, manifest
from gan_cli.datasets.base import FiniteDataset, Split, SplitName
from gan_cli.datasets.folders import new_file
from gan_cli.datasets.partition import part
from gan_cli.errors import DataError, UsageError
from gan_cli.files import cache_folder, path_of

RECIPE = "2"  # raised when decoding gives other pixels, so that old caches are no longer used


@component
class Images(FiniteDataset):
    """Your own folder of image files (PNG, JPEG, WebP and 20 other formats), made square.

    Each image is scaled until its short side fits, and its middle is cut out. The order of the
    examples is fixed and independent of their names, so every sub-folder has its share in each
    split. Of a file with several pictures the first is taken.

    path: the folder; its sub-folders are searched too, but for hidden ones, @eaDir and __MACOSX.
    size: the height and width of the examples in pixels.
    colour: grey, rgb, or auto, which is whichever of the two all files have.
    validation: how many examples to set aside for validation.
    test: how many examples to set aside for the test.
    """

    name = "images"

    path: str | None = None
    size: Size = 32
    colour: Literal["auto", "grey", "rgb"] = "auto"
    validation: Annotated[int, Ge(0)] = 0
    test: Annotated[int, Ge(0)] = 0

    def validate(self) -> None:
        if not self.path:
            raise UsageError("path is not set: add dataset.path=FOLDER, a folder of your images.")

    @property
    def shape(self) -> tuple[int, ...]:
        return self._examples.shape[1:]

    def split(self, name: SplitName) -> Split:
        rows = part(name, len(self._examples), self.validation, self.test)
        return Split(self._examples[rows])

    @property
    def left_out(self) -> str:
        _ = self._examples  # while they are decoded it is seen which files hold several pictures
        note = self._cache.with_suffix(".txt")
        with reading.naming(note, "is damaged. Delete it, and the file beside it."):
            several = [reading.content(note).decode()] if note.exists() else []
        return "; ".join([*self._found.left_out, *several])

    def manifest(self) -> str:
        return f"{RECIPE} {manifest.of(self._folder, self._found.names)}"

    @cached_property
    def _found(self) -> image_files.Found:
        return image_files.find(self._folder)

    @property
    def _folder(self) -> Path:
        return path_of(self.path or "").absolute()

    @cached_property
    def _examples(self) -> np.ndarray:
        """All images, (N, size, size, channels) uint8, mapped from the cache."""
        from gan_cli import decoding  # it needs Pillow, which other data sets need not wait for

        folder, names, cache = self._folder, self._found.names, self._cache
        if not cache.exists():
            channels = self._channels(folder, names)
            self._note([name for name in names if decoding.holds_several(folder / name)])
            decoding.write(folder, names, (self.size, self.size, channels), cache)
        with reading.naming(cache, "is damaged. Delete it: it is made again when needed."):
            examples = arrays.mapped(cache)
            if examples.dtype != np.uint8 or examples.shape[:-1] != (len(names), *[self.size] * 2):
                raise ValueError("it is not what was decoded")
        return examples

    @cached_property
    def _cache(self) -> Path:
        """The file of the decoded images; beside it a text says which files hold several."""
        return cache_folder() / "images" / f"{self._key(self._folder, self._found.names)}.npy"

    def _note(self, several: list[str]) -> None:
        """Keeps in words which files hold several pictures."""
        if several:
            told = f"all but the first picture in {image_files.some(sorted(several))}"
            with new_file(self._cache.with_suffix(".txt")) as file:
                file.write(told.encode(errors="backslashreplace"))

    def _key(self, folder: Path, names: list[str]) -> str:
        """A hash of the folder, the settings, and every file's name, size and time of change."""
        key = hashlib.sha256(f"{RECIPE}\0{self.size}\0{self.colour}\0".encode())
        key.update(os.fsencode(folder))
        for name in names:
            try:
                facts = (folder / name).stat()
            except OSError as error:
                raise DataError(f"{folder / name} cannot be read: {error.strerror}.") from error
            key.update(b"\0%b\0%d\0%d" % (os.fsencode(name), facts.st_size, facts.st_mtime_ns))
        return key.hexdigest()[:32]

    def _channels(self, folder: Path, names: list[str]) -> int:
        """The number of channels that the examples get."""
        from gan_cli import decoding

        if self.colour != "auto":
            return {"grey": 1, "rgb": 3}[self.colour]
        counts = Counter(decoding.channels(folder / name) for name in names)
        if counts[1] and counts[3]:
            raise DataError(
                f"{folder} holds {counts[1]} grey and {counts[3]} colour images. "
                "Set dataset.colour=grey or dataset.colour=rgb."
            )
        return 3 if counts[3] else 1
