"""Which files below a folder are images, and what else lies there and is left out."""

import hashlib
import heapq
import os
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from gan_cli.datasets import formats
from gan_cli.errors import DataError
from gan_cli.files import link_to_nothing

FORMATS = (
    *("AVIF", "BMP", "DDS", "DIB", "GIF", "ICNS", "ICO", "JPEG", "JPEG2000", "MPO", "MSP", "PCX"),
    *("PNG", "PPM", "PSD", "QOI", "SGI", "SUN", "TGA", "TIFF", "WEBP", "XBM", "XPM"),
)
"""Formats that Pillow decodes by itself. For others it starts a program (EPS), or reads a file
within the file as whatever that is (IPTC)."""

UNREAD = (
    *(".avif", ".heic", ".heif", ".hif", ".jxl", ".svg", ".eps", ".wmf", ".emf", ".pdf", ".raw"),
    *(".dng", ".cr2", ".cr3", ".nef", ".arw", ".orf", ".rw2", ".raf", ".mp4", ".mov"),
)
"""The endings of pictures and films that Pillow does not read by itself."""

OF_SYSTEMS = ("@eaDir", "__MACOSX")
"""Folders in which a Synology device keeps thumbnails, and a Mac's archives what is no image."""

SHOWN = 3
"""The most names that are told of one kind."""


class Found(NamedTuple):
    """The content of a folder.

    names: the images, relative to the folder and sorted by a hash of their names.
    left_out: what is no example, in words, such as "hidden: .ipynb_checkpoints".
    """

    names: list[str]
    left_out: list[str]


class Folder(NamedTuple):
    """A folder by its path relative to the one that is searched, in the order of the search.

    A folder that can be reached by a link and without one is read without.
    """

    by_link: bool
    name: str


def find(folder: Path) -> Found:
    """Searches a folder and those below it, also where they are links.

    Raises:
        DataError: if the folder cannot be read or holds no image.
    """
    if not folder.is_dir():
        hint = formats.advice(folder) if folder.is_file() else ""
        hint = hint or "dataset.path must name one with images in it."
        raise DataError(f"{folder} is {link_to_nothing(folder) or 'not a folder'}. {hint}")
    images: list[str] = []
    others: list[str] = []
    problems: dict[str, list[str]] = defaultdict(list)
    suffixes = _suffixes()
    for name, problem in _walk(folder):
        is_image = name.lower().endswith(suffixes)
        if problem is not None:
            problems[problem].append(name)
        elif is_image and not _is_hidden(name):
            images.append(name)
        elif is_image:
            problems["hidden"].append(name)
        elif not _is_hidden(name):
            others.append(name)
    told = [f"{problem}: {some(names)}" for problem, names in sorted(problems.items())]
    unread = [name for name in others if name.lower().endswith(UNREAD)]
    if others := [name for name in others if name not in unread]:
        told.insert(0, f"{len(others)} other file{'s' * (len(others) > 1)} ({_kinds(others)})")
    if unread:
        told.insert(0, f"in formats that are not read: {_numbers(unread)}")
    if not images:
        found = f"no images, only {'; '.join(told)}" if told else "no files"
        raise DataError(f"{folder} holds {found}. Images such as PNG, JPEG or WebP are needed.")
    return Found(sorted(images, key=lambda name: hashlib.sha256(os.fsencode(name)).digest()), told)


def _walk(root: Path) -> Iterator[tuple[str, str | None]]:
    """Every file below a folder, and every folder that is not entered, with the reason why not."""
    waiting = [Folder(False, "")]
    seen: set[tuple[int, int]] = set()
    while waiting:
        folder = heapq.heappop(waiting)
        try:
            status = (root / folder.name).stat()
            entries = sorted(os.scandir(root / folder.name), key=lambda entry: entry.name)
        except OSError as error:
            if not folder.name:
                raise DataError(f"{root} cannot be read: {error.strerror}.") from error
            yield folder.name, f"cannot be read ({error.strerror})"
            continue
        if (status.st_dev, status.st_ino) in seen:
            yield folder.name, "read already by another name"
            continue
        seen.add((status.st_dev, status.st_ino))
        for entry in entries:
            name = f"{folder.name}/{entry.name}" if folder.name else entry.name
            if not os.path.isdir(entry.path):  # noqa: PTH112  (a Path costs 10 times)
                yield name, _problem(entry)
            elif _is_hidden(name):
                yield f"{name}/", "hidden"
            else:
                heapq.heappush(waiting, Folder(folder.by_link or entry.is_symlink(), name))


def _problem(entry: os.DirEntry[str]) -> str | None:
    """Why something that is no folder cannot be read as a file, or None."""
    if os.path.isfile(entry.path):  # noqa: PTH113
        return None
    if entry.is_symlink() and not os.path.exists(entry.path):  # noqa: PTH110
        return "a link to nothing"
    return "neither a file nor a folder"


def _is_hidden(name: str) -> bool:
    last = name.rpartition("/")[2]
    return last.startswith(".") or last in OF_SYSTEMS


def _suffixes() -> tuple[str, ...]:
    """The endings of the names of files of these formats."""
    from PIL import Image  # those who train on other data need not wait for it

    Image.init()
    known = Image.registered_extensions().items()
    return tuple(end for end, kind in known if kind in Image.OPEN and kind in FORMATS)


def _kinds(names: Sequence[str]) -> str:
    """The endings of names, or whole names without one, the most frequent ones first."""
    counts = Counter(Path(name).suffix.lower() or Path(name).name for name in names)
    return some([kind for kind, _ in counts.most_common()])


def _numbers(names: Sequence[str]) -> str:
    """The number of names with each ending, such as "12 .heic and 3 .dng"."""
    counts = Counter(Path(name).suffix.lower() for name in names)
    *most, last = (f"{count} {kind}" for kind, count in counts.most_common())
    return f"{', '.join(most)} and {last}" if most else last


def some(names: Sequence[str]) -> str:
    shown = ", ".join(names[:SHOWN])
    return f"{shown} and {len(names) - SHOWN} more" if len(names) > SHOWN else shown
