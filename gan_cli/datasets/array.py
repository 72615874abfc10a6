"""The user's own examples in a .npy or .npz file."""

import zipfile
import zlib
from functools import cached_property
from pathlib import Path

import numpy as np

from gan_cli.component import component
from gan_cli.datasets.base import FiniteDataset, Split, SplitName
from gan_cli.datasets.partition import check_sizes, part
from gan_cli.errors import DataError, UsageError, nearest

ROUNDING = 1e-6  # how far beyond [-1, 1] a pixel may lie
VALUES_AT_ONCE = 1 << 24


@component
class Array(FiniteDataset):
    """Images or points. A .npy file of uint8 or float32 is mapped, so it may exceed the memory.

    uint8 (N, H, W) or (N, H, W, 1 or 3): images, 0 to 255. Floats of those shapes: images in
    [-1, 1]. Floats (N, D): points, as they are.

    path: the file.
    key: the name of the array in an .npz file; None: its only one.
    validation, test: how many examples to set aside; the test examples are the last ones, the
        validation examples those before them.
    """

    name = "array"

    path: str | None = None
    key: str | None = None
    validation: int = 0
    test: int = 0

    def validate(self) -> None:
        if not self.path:
            raise UsageError(
                "path is not set: add dataset.path=FILE, a .npy or .npz file of yours."
            )
        check_sizes(self.validation, self.test)

    @property
    def shape(self) -> tuple[int, ...]:
        return self._examples.shape[1:]

    @property
    def levels(self) -> int | None:
        return 255 if self._examples.dtype == np.uint8 else None

    def split(self, name: SplitName) -> Split:
        rows = part(name, len(self._examples), self.validation, self.test)
        examples = self._examples[rows]
        if examples.dtype != np.uint8:
            with np.errstate(over="ignore"):
                examples = examples.astype(np.float32, copy=False)
            _check_values(examples, rows.start, self.path or "")
        return Split(examples)

    @cached_property
    def _examples(self) -> np.ndarray:
        """The array in the file, with an axis for the channel, its values not yet looked at."""
        path = Path(self.path or "").expanduser()
        if not path.is_file():
            raise DataError(
                f"{path} is not a file. dataset.path must name a .npy or .npz file of yours."
            )
        return _with_channel(_load(path, self.key), path)


def _load(path: Path, key: str | None) -> np.ndarray:
    try:
        loaded = np.load(path, mmap_mode="r", allow_pickle=False)
        if isinstance(loaded, np.ndarray):
            if key is not None:
                raise UsageError(
                    f"dataset.key={key}: {path} is a .npy file, whose array has no name. "
                    "Leave dataset.key out."
                )
            return loaded
        with loaded:
            return np.asarray(loaded[_chosen(loaded.files, key, path)])
    except (OSError, EOFError, ValueError, zipfile.BadZipFile, zlib.error) as error:
        raise DataError(
            f"{path} cannot be read: it is damaged, or no .npy or .npz file of plain numbers."
        ) from error


def _chosen(names: list[str], key: str | None, path: Path) -> str:
    if not names:
        raise DataError(f"{path} holds no arrays.")
    if key is None and len(names) == 1:
        return names[0]
    if key is None:
        raise UsageError(
            f"dataset.key is not set: {path} holds several arrays. {nearest('', names)}"
        )
    if key not in names:
        raise UsageError(f"dataset.key={key}: {path} has no such array. {nearest(key, names)}")
    return key


def _with_channel(array: np.ndarray, path: Path) -> np.ndarray:
    """The array as (N, H, W, C) or (N, D), if it is of a kind that can be trained on."""
    if 0 in array.shape:
        raise DataError(f"{path} is empty: its shape is {array.shape}.")
    known = array.dtype == np.uint8 or array.dtype.kind == "f"
    if known and array.ndim == 3:
        return array[..., None]
    if known and array.ndim == 4 and array.shape[3] in (1, 3):
        return array
    if array.dtype.kind == "f" and array.ndim == 2:
        return array
    raise DataError(
        f"{path} holds {array.dtype} values of shape {array.shape}. It must hold uint8 images "
        "(N, H, W) or (N, H, W, 1 or 3), float images of such a shape, or float points (N, D)."
    )


def _check_values(examples: np.ndarray, first: int, path: str) -> None:
    """Refuses numbers that are not finite, and pixels outside [-1, 1]; `first` counts the rest."""
    size = int(np.prod(examples.shape[1:]))
    step = max(1, VALUES_AT_ONCE // size)
    for start in range(0, len(examples), step):
        rows = examples[start : start + step].reshape(-1, size)
        finite = np.isfinite(rows).all(axis=1)
        if not finite.all():
            raise DataError(
                f"{path}: example {first + start + int(finite.argmin())} (counted from 0) has a "
                "value that is not a finite float32 number. Remove it or mend it."
            )
        inside = (np.abs(rows) <= 1 + ROUNDING).all(axis=1)
        if examples.ndim == 4 and not inside.all():
            outside = int(inside.argmin())
            low, high = rows[outside].min(), rows[outside].max()
            raise DataError(
                f"{path}: example {first + start + outside} (counted from 0) has values from "
                f"{low:g} to {high:g}. Float images must lie in [-1, 1]: scale them or store uint8."
            )
