"""Checkpoints: a pytree of arrays to a directory and back, atomic, every byte checked."""

import contextlib
import hashlib
import logging
import math
import os
import shutil
import tempfile
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

import jax
import numpy as np

from gan_cli import late_writers, reading, storage
from gan_cli.errors import DataError, UsageError, sentence

T = TypeVar("T")
Rename = Callable[[dict[str, np.ndarray]], dict[str, np.ndarray]]
"""Gives the arrays of an older version's checkpoint the names that the template has."""

log = logging.getLogger(__name__)

ORBAX = threading.Lock()
"""Held while Orbax works: its saves from several threads at once get in each other's way."""

DELETED = ".deleted"
"""What is put behind the name of a checkpoint that is being deleted."""


MARGIN = 2**17
"""What a checkpoint takes beside its arrays, in bytes, at most."""

SPARE = 2**26
"""The bytes that the arrays of a checkpoint may take beyond twice those of the template."""

DAMAGE = (ValueError, KeyError, FileNotFoundError, NotADirectoryError)
"""What Orbax raises for files that can be read and are missing, cut off or changed."""


class Damaged(DataError):
    """A checkpoint of which files are missing or changed."""


class Restored(NamedTuple):
    """A state that was read back, its step, and what was wrong with the newer ones passed over."""

    step: int
    state: Any
    damaged: list[str]


def save(directory: Path, step: int, state: Any, keep: int) -> None:
    """Saves a pytree of arrays as `directory/<step>` and deletes all but the newest `keep`.

    The directory is made where it is missing, and the one that it is in is not.

    Those of later steps, which a resumed run passed over as damaged, are deleted before any other.
    The directory appears under its name only once it is whole. A SHA-256 of all arrays is saved
    with them, since a changed byte of the storage format would otherwise go unnoticed.

    Raises:
        OSError: if it cannot be written.
    """
    from orbax.checkpoint import v1 as ocp

    directory = directory.resolve()  # Orbax takes absolute paths alone
    path, arrays = directory / str(step), named_arrays(state)
    with storage.naming(path):
        _check_writable(directory)
        storage.check_room(directory, sum(each.nbytes for each in arrays.values()) + MARGIN)
    try:
        with ORBAX, _alone(), late_writers.silent_if_it_fails(), _linked(directory) as plain:
            ocp.save(
                plain / path.name,
                arrays,
                overwrite=True,
                custom_metadata={"sha256": _digest(arrays)},
            )
    except Exception as error:
        with contextlib.suppress(OSError):
            discard_unfinished(directory)
        if (refused := storage.refusal(error)) is not None:
            raise OSError(refused.errno, refused.strerror, str(path)) from error
        raise OSError(f"checkpoint {path} cannot be written: {error}") from error
    ranked = sorted(steps(directory), key=lambda saved: (saved <= step, saved))
    for old in ranked[:-keep]:
        delete(directory, old)


def steps(directory: Path) -> list[int]:
    """The steps that were saved whole, oldest first."""
    if not directory.is_dir():
        return []
    found = [reading.number(path.name) for path in directory.iterdir()]
    return sorted(step for step in found if step is not None)


def restore(directory: Path, step: int, template: T, rename: Rename | None = None) -> T:
    """Reads one checkpoint back.

    Args:
        directory: where checkpoints are.
        step: which one.
        template: a pytree of the state's shapes and types.
        rename: applied to the arrays once their checksum is verified.

    Raises:
        Damaged: if files of it are missing or changed.
        DataError: if it cannot be read for another reason, which the error says.
        UsageError: if it is whole and is of other networks than the template's.
    """
    from orbax.checkpoint import v1 as ocp

    path = directory.resolve() / str(step)
    try:
        with ORBAX, _alone(), _linked(path.parent) as plain:
            saved = plain / path.name
            described = ocp.metadata(saved)
            _refuse_larger(described.metadata, template, path)
            arrays = {key: np.asarray(value) for key, value in ocp.load(saved).items()}
            expected = described.custom_metadata["sha256"]
    except UsageError:
        raise
    except Exception as error:
        log.info("unreadable checkpoint %s", path, exc_info=True)
        raise _unreadable(path, error) from error
    if _digest(arrays) != expected:
        raise Damaged(f"checkpoint {path} is damaged: its contents have changed.")
    return _unflatten(rename(arrays) if rename else arrays, template, path)


def restore_latest(
    directory: Path, template: T, remedy: str = "", rename: Rename | None = None
) -> Restored | None:
    """Reads back the newest checkpoint that is whole; None where none was ever saved.

    Args:
        directory: where checkpoints are.
        template: a pytree of the state's shapes and types.
        remedy: the sentences that end the error where every one is damaged.
        rename: see `restore`.

    Raises:
        DataError: if there are checkpoints and every one is damaged, or if one cannot be read
            although it may be whole: to pass it over would lose what was trained up to it.
    """
    damaged: list[str] = []
    for step in reversed(steps(directory)):
        try:
            return Restored(step, restore(directory, step, template, rename), damaged)
        except Damaged as error:
            damaged.append(str(error))
    if damaged:
        raise DataError(" ".join([*damaged, remedy]).rstrip())
    return None


def discard_unfinished(directory: Path) -> None:
    """Deletes what a killed process left half-written or half-deleted."""
    for pattern in ("*.orbax-checkpoint-tmp*", f"*{DELETED}"):
        for path in directory.glob(pattern):
            shutil.rmtree(path)


def delete(directory: Path, step: int) -> None:
    """Takes a checkpoint's name away before its files, so that no half of it passes for whole."""
    path = directory / str(step)
    shutil.rmtree(path.rename(path.with_name(path.name + DELETED)))


def _unreadable(path: Path, error: Exception) -> DataError:
    """Why a checkpoint could not be read: damage, a file that is closed to us, or what was raised.

    Args:
        path: the checkpoint.
        error: what Orbax raised.
    """
    try:
        for parent, _, names in os.walk(path, onerror=_raise):
            for name in names:
                (Path(parent) / name).read_bytes()
    except OSError as closed:
        return DataError(f"checkpoint {path} cannot be read. {sentence(closed)}")
    if isinstance(error, DAMAGE):
        return Damaged(f"checkpoint {path} is damaged: it cannot be read.")
    return DataError(f"checkpoint {path} cannot be read: {sentence(error)}")


def _raise(error: OSError) -> None:
    if not isinstance(error, NotADirectoryError):  # a file in the place of a checkpoint
        raise error


@contextlib.contextmanager
def _linked(directory: Path) -> Iterator[Path]:
    """The directory under a name that Orbax takes as it is, unlike [x], a\\b and gs:.

    Orbax makes a directory that is missing. Of one that is moved meanwhile, the link leads nowhere,
    and nothing is made in its old place.
    """
    with tempfile.TemporaryDirectory(prefix="gan-") as folder:
        plain = Path(folder) / "checkpoints"
        plain.symlink_to(directory)
        yield plain


@contextlib.contextmanager
def _alone() -> Iterator[None]:
    """Lets Orbax wait for no other process: one of several saves the state, which each has."""
    if not jax.distributed.is_initialized():
        yield
        return
    from orbax.checkpoint import v1 as ocp

    own = jax.process_index()
    options = ocp.options.MultiprocessingOptions(
        primary_host=own, active_processes={own}, barrier_sync_key_prefix=f"process_{own}"
    )
    with ocp.Context(multiprocessing_options=options):
        yield


def _check_writable(directory: Path) -> None:
    """Makes a directory in it: where that fails, Orbax would hold up the process for minutes."""
    directory.mkdir(exist_ok=True)
    probe = directory / ".probe"
    probe.mkdir(exist_ok=True)
    probe.rmdir()


def named_arrays(state: Any) -> dict[str, np.ndarray]:
    """The arrays of a state on the host, by names such as `generator/parameters/out/kernel`."""
    leaves, _ = jax.tree_util.tree_flatten_with_path(state)
    return {_name(path): np.asarray(leaf) for path, leaf in leaves}


def _name(path: tuple[Any, ...]) -> str:
    return jax.tree_util.keystr(path, simple=True, separator="/")


def _refuse_larger(described: Any, template: Any, path: Path) -> None:
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


def _unflatten(arrays: dict[str, np.ndarray], template: T, path: Path) -> T:
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


def _digest(arrays: dict[str, np.ndarray]) -> str:
    digest = hashlib.sha256()
    for name in sorted(arrays):
        array = arrays[name]
        digest.update(f"{name} {array.shape} {array.dtype};".encode())
        digest.update(array.tobytes())
    return digest.hexdigest()
