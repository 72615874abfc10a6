"""A lock file with a heartbeat, for file systems on which the system itself holds no lock.

Such are Lustre without `flock`, EFS and some FUSE mounts. The file tells who holds the lock: the
host, its boot, the process, and when that process last gave a sign of life.
"""

import contextlib
import json
import logging
import os
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple, get_type_hints

from gan_cli import reading
from gan_cli.locks.owner import Owner, has_ended, is_here, this_process

log = logging.getLogger(__name__)

SUFFIX = ".gan-lock"

BEAT = 15.0
"""Seconds from one sign of life to the next."""

STALE = 120.0
"""Seconds without one after which an owner on another machine may have ended."""


class Held(NamedTuple):
    """What a lock file says: who holds the lock, and the time of the last sign of life."""

    owner: Owner
    beat: float


FIELDS = get_type_hints(Owner) | {"beat": float}
"""What is written into a lock file, with the types."""


class HeldElsewhere(Exception):
    """Another process holds the lock, or another part of this one.

    who: a name for it, such as "process 7 on node3".
    silent: for how many seconds an owner on another machine has given no sign of life, where that
        is so long that it may have ended; else 0.
    process: its number, where it can be reached from here by it; else 0.
    """

    def __init__(self, who: str = "another process", silent: float = 0.0, process: int = 0) -> None:
        super().__init__(who)
        self.who, self.silent, self.process = who, silent, process


@contextlib.contextmanager
def hold(path: Path) -> Iterator[None]:
    """Holds the lock on a file or directory by a file beside or in it.

    Raises:
        HeldElsewhere: if it is held. An owner on this machine that has ended holds nothing.
        OSError: if the file cannot be written.
    """
    file, own, done = _file_of(path), this_process(), threading.Event()
    _take(file, own)
    beating = threading.Thread(target=_beat, args=(file, own, done), daemon=True)
    beating.start()
    try:
        yield
    finally:
        done.set()
        beating.join()
        held = _read(file)
        if held is not None and held.owner == own:
            file.unlink(missing_ok=True)


def is_held(path: Path) -> bool:
    """Whether a lock file says that somebody holds the lock, who may still be alive."""
    held = _read(_file_of(path))
    return held is not None and not has_ended(held.owner) and not _silent(held)


def holder(path: Path) -> HeldElsewhere | None:
    """Who holds the lock on a file or directory by a lock file; None where there is none."""
    held = _read(_file_of(path))
    return None if held is None else _elsewhere(held)


def release(root: Path) -> None:
    """Takes away the locks at or below a folder whose owners may have ended.

    Raises:
        HeldElsewhere: if an owner is alive.
    """
    for file in root.rglob(f"*{SUFFIX}"):
        held = _read(file)
        if held is None:
            continue
        if not (has_ended(held.owner) or _silent(held)):
            raise HeldElsewhere(held.owner.name)
        _remove(file, held)


def _file_of(path: Path) -> Path:
    return path / SUFFIX if path.is_dir() else path.with_name(f".{path.name}{SUFFIX}")


def _take(file: Path, own: Owner) -> None:
    """Makes the lock file, in the place of one whose owner has ended."""
    for _ in range(3):
        with contextlib.suppress(FileExistsError):
            _make(file, _content(own))
            return
        held = _read(file)
        if held is None:
            continue
        if not has_ended(held.owner):
            raise _elsewhere(held)
        _remove(file, held)
    raise HeldElsewhere


def _make(file: Path, content: bytes) -> None:
    """Makes a file that must not be there yet, and leaves none that could not be written."""
    with file.open("xb") as made:
        try:
            made.write(content)
            made.flush()
        except OSError:
            file.unlink()
            raise


def _remove(file: Path, held: Held) -> None:
    """Takes a lock file away, unless somebody else has taken the lock by now.

    Raises:
        HeldElsewhere: if somebody has.
    """
    aside = file.with_name(f"{file.name}.{os.getpid()}.{threading.get_ident()}")
    with contextlib.suppress(FileNotFoundError):
        file.rename(aside)
        now = _read(aside)
        if now is not None and now.owner != held.owner:
            aside.rename(file)
            raise HeldElsewhere(now.owner.name)
        aside.unlink()


def _beat(file: Path, own: Owner, done: threading.Event) -> None:
    """Gives a sign of life again and again, until it is done or another process has the lock.

    It writes into the file that it has read, so that it can never replace another owner's.
    """
    while not done.wait(BEAT):
        with contextlib.suppress(OSError), file.open("r+b") as opened:  # it may be away for a while
            held = _parsed(opened.read(), time.time())
            if held.owner != own:
                log.warning("%s: another process has taken the lock over.", file)
                return
            opened.seek(0)
            opened.write(_content(own))
            opened.truncate()


def _content(own: Owner) -> bytes:
    """As many bytes each time, so that who reads it meanwhile finds no end of the last one."""
    told = json.dumps(own._asdict()).removesuffix("}")
    return f'{told}, "beat": {time.time():.6f}}}'.encode()


def _read(file: Path) -> Held | None:
    """What a lock file says; None if there is none."""
    try:
        return _parsed(reading.content(file), file.stat().st_mtime)
    except FileNotFoundError:
        return None


def _parsed(content: bytes, written: float) -> Held:
    """What a lock file of that content says, which was written at that time.

    Of one that is just being written the owner is not known yet.
    """
    with contextlib.suppress(ValueError, TypeError, KeyError):
        told = reading.json_value(content)
        if all(reading.fits(told[name], hint) for name, hint in FIELDS.items()):
            return Held(Owner(*(told[name] for name in Owner._fields)), told["beat"])
    return Held(Owner("another machine", "", "", 0, ""), written)


def _silent(held: Held) -> float:
    """For how long an owner that cannot be asked gave no sign of life; 0 while that is short."""
    if is_here(held.owner):
        return 0.0
    silent = time.time() - held.beat
    return silent if silent > STALE else 0.0


def _elsewhere(held: Held) -> HeldElsewhere:
    process = held.owner.process if is_here(held.owner) else 0
    return HeldElsewhere(held.owner.name, _silent(held), process)
