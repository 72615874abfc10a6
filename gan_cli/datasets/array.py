"""The user's own examples in a .npy or .npz file."""

from functools import cached_property
from pathlib import Path
from typing import Annotated

import numpy as np
from annotated_types import Ge

from gan_cli import arrays, reading
from gan_cli.component import component
from gan_cli.datasets import formats, manifest, values
from gan_cli.datasets.base import FiniteDataset, Split, SplitName
from gan_cli.datasets.partition import part
from gan_cli.errors import DataError, UsageError, nearest
from gan_cli.files import link_to_nothing, path_of


@component
class Array(FiniteDataset):
    """Your own images or points in a .npy or .npz file.

    An array of uint8 (N, H, W) or (N, H, W, 1 or 3) holds images from 0 to 255; floats of such a
    shape are images in [-1, 1], and floats (N, D) are points, taken as they are. A .npy file of
    uint8 or float32 is mapped, so it may be larger than the memory.

    path: the file.
    key: the name of the array in an .npz file; not needed where it holds only one.
    validation: how many examples before those for the test to set aside for validation.
    test: how many of the last examples to set aside for the test.
    """

    name = "array"

    path: str | None = None
    key: str | None = None
    validation: Annotated[int, Ge(0)] = 0
    test: Annotated[int, Ge(0)] = 0

    def validate(self) -> None:
        if not self.path:
            raise UsageError(
                "path is not set: add dataset.path=FILE, a .npy or .npz file of yours."
            )

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
            values.check(examples, f"{self.path}: example", rows.start)
        return Split(examples)

    def manifest(self) -> str:
        path = path_of(self.path or "").absolute()
        files = manifest.of(path.parent, [path.name])
        return f"{self.key} {files}" if self.key else files

    @cached_property
    def _examples(self) -> np.ndarray:
        """The array in the file, with an axis for the channel; its values are not yet checked."""
        path = path_of(self.path or "")
        hint = "" if path.suffix.lower() in formats.ARRAYS else formats.advice(path)
        if hint or not path.is_file():
            hint = hint or "dataset.path must name a .npy or .npz file of yours."
            what = "no .npy or .npz file" if path.exists() else "not a file"
            raise DataError(f"{path} is {link_to_nothing(path) or what}. {hint}")
        return _with_channel(_load(path, self.key), path)


def _load(path: Path, key: str | None) -> np.ndarray:
    fault = "cannot be read: it is damaged, or no .npy or .npz file of plain numbers."
    with reading.naming(path, fault):
        held = arrays.names(path)
        if held is not None:
            return arrays.unpacked(path, _chosen(held, key, path))
        if key is not None:
            raise UsageError(
                f"dataset.key={key}: {path} is a .npy file, whose array has no name. "
                "Leave dataset.key out, or write dataset.key=null."
            )
        return arrays.mapped(path)


def _chosen(names: list[str], key: str | None, path: Path) -> str:
    """The name of the array that `key` asks for, or of the only one."""
    if not names:
        raise DataError(f"{path} holds no arrays.")
    if key in names or (key is None and len(names) == 1):
        return key or names[0]
    choices = nearest(key or "", names)
    if key is None:
        raise UsageError(f"dataset.key is not set: {path} holds several arrays. {choices}")
    raise UsageError(f"dataset.key={key}: {path} has no such array. {choices}")


def _with_channel(array: np.ndarray, path: Path) -> np.ndarray:
    """The array as (N, H, W, C) or (N, D), if it is one that can be trained on."""
    if 0 in array.shape:
        raise DataError(f"{path} is empty: its shape is {array.shape}.")
    is_float = array.dtype.kind == "f"
    if is_float or array.dtype == np.uint8:
        if array.ndim == 3:
            return array[..., None]
        if (array.ndim == 2 and is_float) or (array.ndim == 4 and array.shape[3] in (1, 3)):
            return array
    raise DataError(
        f"{path} holds {array.dtype} values of shape {array.shape}. It must hold uint8 images "
        "(N, H, W) or (N, H, W, 1 or 3), float images of such a shape, or float points (N, D). "
        f"{_conversion(array)}".rstrip()
    )


def _conversion(array: np.ndarray) -> str:
    """How an array becomes one that can be trained on; nothing where no array of NumPy's does."""
    if array.dtype.kind == "V" and array.dtype.names is None:  # as NumPy saves bfloat16
        return "A type that NumPy does not know, such as bfloat16, is saved as float32."
    is_float, is_level = array.dtype.kind == "f", array.dtype == np.uint8
    if array.dtype.kind not in "biuf":
        return ""
    cast = "" if is_float else ".astype('float32')"
    if array.ndim == 1:
        return f"array[:, None]{cast} holds each number as a point on the line."
    if array.ndim == 2:
        images = "array.reshape(-1, H, W) holds images of H x W pixels, and " if is_level else ""
        return f"{images}array{cast} holds points."
    last = array.ndim == 3 or (array.ndim == 4 and array.shape[3] in (1, 3))
    first = array.ndim == 4 and array.shape[1] in (1, 3) and not last
    told = ["np.moveaxis(array, 1, -1) puts the channels last."] if first else []
    if (first or last) and not is_float and not is_level:
        told.append("array.astype('uint8') holds whole numbers from 0 to 255 as images.")
    return " ".join(told)
