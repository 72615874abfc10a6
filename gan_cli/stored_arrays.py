"""The arrays of a state by their names, and whether arrays read back are those of a template."""

import hashlib
import math
from pathlib import Path
from typing import Any, TypeVar

import jax
import numpy as np

from gan_cli import storage
from gan_cli.errors import UsageError

T = TypeVar("T")

SPARE = 2**26
"""The bytes that the arrays of a checkpoint may take beyond twice those of the template."""


def by_name(state: Any) -> dict[str, np.ndarray]:
    """The arrays of a state on the host, by names such as `generator/parameters/out/kernel`."""
    leaves, _ = jax.tree_util.tree_flatten_with_path(state)
    return {_name(path): np.asarray(leaf) for path, leaf in leaves}


def _name(path: tuple[Any, ...]) -> str:
    return jax.tree_util.keystr(path, simple=True, separator="/")


def refuse_larger(described: Any, template: Any, path: Path) -> None:
    """Refuses arrays that would take far more memory than the template's, before any is read.

    A few bytes on the disk can stand for gigabytes of zeros. Arrays of another shape that fit in
    the memory are left to the checksum, which tells other networks from damage.

    Args:
        described: the shape, type and pieces of each array, in any tree; None where it is damaged.
        template: a pytree of the state's shapes and types.
        path: the checkpoint.
    """
    expected = sum(leaf.size * leaf.dtype.itemsize for leaf in jax.tree.leaves(template))
    taken = sum(_unpacked(each) for each in jax.tree.leaves(described) if hasattr(each, "shape"))
    if taken > 2 * expected + SPARE:
        raise UsageError(
            f"checkpoint {path} is of other networks or optimizers than the configuration's: "
            f"its arrays take {storage.size(taken)}, and those of the configuration "
            f"{storage.size(expected)}."
        )


def _unpacked(array: Any) -> int:
    """The bytes of an array, or of one of its pieces, each of which is unpacked whole."""
    stored = array.storage_metadata
    pieces = (stored.chunk_shape, stored.write_shape) if stored is not None else ()
    shapes = [array.shape, *(shape for shape in pieces if shape is not None)]
    return int(max(map(math.prod, shapes)) * np.dtype(array.dtype).itemsize)


def unflatten(arrays: dict[str, np.ndarray], template: T, path: Path) -> T:
    """A state like the template of the arrays that were read back.

    Raises:
        UsageError: if they are not those of the template, naming the first that differs.
    """
    leaves, structure = jax.tree_util.tree_flatten_with_path(template)
    expected = {_name(where): leaf for where, leaf in leaves}
    different = sorted(set(arrays) ^ set(expected)) or [
        name
        for name, leaf in expected.items()
        if (arrays[name].shape, arrays[name].dtype) != (leaf.shape, leaf.dtype)
    ]
    if different:
        raise UsageError(
            f"checkpoint {path} is of other networks or optimizers than the configuration's: "
            f"they differ in {different[0]}."
        )
    state: T = jax.tree.unflatten(structure, [arrays[name] for name in expected])
    return state


def digest(arrays: dict[str, np.ndarray]) -> str:
    """The SHA-256 of all arrays with their names, shapes and types, in hexadecimal digits."""
    found = hashlib.sha256()
    for name in sorted(arrays):
        array = arrays[name]
        found.update(f"{name} {array.shape} {array.dtype};".encode())
        found.update(array.tobytes())
    return found.hexdigest()
