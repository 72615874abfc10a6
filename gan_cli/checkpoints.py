"""Checkpoints: a pytree of arrays to a directory and back, atomic, every byte checked."""

import contextlib
import logging
import re
import shutil
import tempfile
import threading
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

import numpy as np

from gan_cli import late_writers, lone_writer, reading, storage, stored_arrays
from gan_cli.checkpoint_faults import Damaged, refuse_no_files, unreadable
from gan_cli.errors import DataError, UsageError

T = TypeVar("T")
Rename = Callable[[dict[str, np.ndarray]], dict[str, np.ndarray]]
"""Makes the arrays of an older version's checkpoint those of the template."""

log = logging.getLogger(__name__)

ORBAX = threading.Lock()
"""Held while Orbax works: its saves from several threads at once get in each other's way."""

DELETED = ".deleted"
"""What is put behind the name of a checkpoint that is being deleted."""


METADATA = "_CHECKPOINT_METADATA"
"""The file of a checkpoint in which Orbax keeps what is saved beside the arrays, as JSON."""

MARGIN = 2**17
"""What a checkpoint takes beside its arrays, in bytes, at most."""

PLAIN = re.compile(r"[\w./=,+-]+", re.ASCII)
"""Paths that Orbax takes as they are, unlike [x], a\\b and gs:."""


class Restored(NamedTuple):
    """A state that was read back, its step, and what was wrong with the newer ones passed over."""

    step: int
    state: Any
    damaged: list[str]


def save(
    directory: Path, step: int, state: Any, keep: int, record: Mapping[str, Any] | None = None
) -> None:
    """Saves a pytree of arrays as `directory/<step>` and deletes all but the newest `keep`.

    The directory is made where it is missing, and the one that it is in is not.

    Those of later steps, which a resumed run passed over as damaged, are deleted before any other.
    The directory appears under its name only once it is whole. A SHA-256 of all arrays is saved
    with them, since a changed byte of the storage format would otherwise go unnoticed.

    Args:
        directory: where checkpoints are.
        step: the step of the state.
        state: the pytree.
        keep: how many checkpoints stay.
        record: values of JSON that are kept with the state, see `read_record`.

    Raises:
        OSError: if it cannot be written.
    """
    from orbax.checkpoint import v1 as ocp

    directory = directory.resolve()  # Orbax takes absolute paths alone
    path, arrays = directory / str(step), stored_arrays.by_name(state)
    with storage.naming(path):
        _check_writable(directory)
        storage.check_room(directory, sum(each.nbytes for each in arrays.values()) + MARGIN)
    try:
        with (
            ORBAX,
            lone_writer.alone(),
            late_writers.silent_if_it_fails(),
            _linked(directory) as plain,
        ):
            ocp.save(
                plain / path.name,
                arrays,
                overwrite=True,
                custom_metadata={"sha256": stored_arrays.digest(arrays), "record": record or {}},
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


def read_record(directory: Path, step: int) -> dict[str, Any]:
    """The values that were kept with a state; none in the checkpoints of older versions.

    Raises:
        DataError: if the file that holds them is missing or damaged.
    """
    path = directory / str(step) / METADATA
    with reading.naming(path, "is damaged."):
        kept = reading.json_value(reading.content(path))["custom_metadata"]
        record: dict[str, Any] = dict(kept.get("record", {}))
    return record


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
        UsageError: if it is whole and is of other networks than the template's, or if no folder
            for temporary files can be written and its path has characters that need one.
    """
    from orbax.checkpoint import v1 as ocp

    path = directory.resolve() / str(step)
    refuse_no_files(path)
    try:
        with ORBAX, lone_writer.alone(), _linked(path.parent) as plain:
            saved = plain / path.name
            described = ocp.metadata(saved)
            stored_arrays.refuse_larger(described.metadata, template, path)
            arrays = {key: np.asarray(value) for key, value in ocp.load(saved).items()}
            expected = described.custom_metadata["sha256"]
    except UsageError:
        raise
    except Exception as error:
        log.info("unreadable checkpoint %s", path, exc_info=True)
        raise unreadable(path, error) from error
    if stored_arrays.digest(arrays) != expected:
        raise Damaged(f"checkpoint {path} is damaged: its contents have changed.")
    return stored_arrays.unflatten(rename(arrays) if rename else arrays, template, path)


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
            _remove(path)


def delete(directory: Path, step: int) -> None:
    """Takes a checkpoint's name away before its files, so that no half of it passes for whole."""
    path = directory / str(step)
    _remove(path.rename(path.with_name(path.name + DELETED)))


def _remove(path: Path) -> None:
    """Deletes a folder; of a link to one, which somebody put there, the link alone."""
    if path.is_symlink():
        path.unlink()
    else:
        shutil.rmtree(path)


@contextlib.contextmanager
def _linked(directory: Path) -> Iterator[Path]:
    """The directory under a name that Orbax takes as it is, by a link in a temporary folder.

    Orbax makes a directory that is missing. Of one that is moved meanwhile, the link leads nowhere,
    and nothing is made in its old place. Where no link can be made, a plain path does without.

    Raises:
        UsageError: if it would not do without.
    """
    with contextlib.ExitStack() as stack:
        try:
            folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="gan-"))
            plain = Path(folder) / "checkpoints"
            plain.symlink_to(directory)
        except OSError as error:
            if not PLAIN.fullmatch(str(directory)):
                raise UsageError(
                    f"no folder for temporary files can be written ({error.strerror or error}). "
                    "Name one by the environment variable TMPDIR."
                ) from error
            plain = directory
        yield plain


def _check_writable(directory: Path) -> None:
    """Makes a directory in it: where that fails, Orbax would hold up the process for minutes."""
    directory.mkdir(exist_ok=True)
    probe = directory / ".probe"
    probe.mkdir(exist_ok=True)
    probe.rmdir()
