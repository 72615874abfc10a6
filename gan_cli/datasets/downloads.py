"""Published files: known by size and SHA-256, fetched from the first mirror that has them."""

import hashlib
import http.client
import sys
import urllib.error
import urllib.request
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import NamedTuple

from rich.progress import wrap_file

from gan_cli.console import console
from gan_cli.datasets.folders import new_file
from gan_cli.errors import DataError

TIMEOUT = 15.0  # seconds without an answer after which a mirror counts as dead
CHUNK = 1 << 16

ONLY_READ: set[Path] = set()
"""Data folders that saved runs name, to which nothing is downloaded."""

TYPED: set[Path] = set()
"""Those that the user has typed again."""


class PublishedFile(NamedTuple):
    """A file that is the same wherever it is found.

    name: its name.
    size: its size in bytes.
    sha256: its SHA-256.
    unpacked: the SHA-256 of its unpacked content, by which it is known under other names.
    """

    name: str
    size: int
    sha256: str
    unpacked: str


def fault(content: bytes, file: PublishedFile) -> str | None:
    """How `content` differs from the published file; None if it does not."""
    if len(content) != file.size:
        return f"it has {len(content)} bytes, not {file.size}"
    digest = hashlib.sha256(content).hexdigest()
    if digest != file.sha256:
        return f"its SHA-256 begins with {digest[:12]}, not {file.sha256[:12]}"
    return None


def fetch(files: Iterable[PublishedFile], folder: Path, mirrors: Sequence[str]) -> None:
    """Downloads files into a folder, each from the first mirror that gives the published bytes.

    Args:
        files: what to download; a file with the same name in the folder is replaced.
        folder: where to put the files; it is made if it is not there.
        mirrors: the URLs of folders, which are tried in this order.

    Raises:
        DataError: if only a saved run names the folder, or if no mirror has one of the files; it
            names the files, the folder, and the URL of each mirror that did not answer and of each
            file that was wrong.
    """
    left = list(files)
    if left:
        _refuse_a_strangers(folder, left)
    while left:
        content = _download(left, folder, mirrors)
        with new_file(folder / left.pop(0).name) as out:
            out.write(content)


def only_read(root: Path) -> None:
    """Lets nothing be downloaded below a data folder that a saved run names.

    A run may be anybody's. What `may_write` was told of is the user's own.
    """
    ONLY_READ.add(root.absolute())


def may_write(root: Path) -> None:
    """Says that the user has typed this data folder."""
    TYPED.add(root.absolute())


def _refuse_a_strangers(folder: Path, files: Sequence[PublishedFile]) -> None:
    """Refuses to download into a folder that only a saved run names."""
    for root in (ONLY_READ - TYPED) & {folder.absolute(), *folder.absolute().parents}:
        raise DataError(
            f"{', '.join(file.name for file in files)} cannot be found in {folder}, and nothing is "
            "downloaded to a folder that only a saved run names. dataset.root=DIR says where the "
            f"files are now, or downloads them: dataset.root={root}"
        )


def _download(left: Sequence[PublishedFile], folder: Path, mirrors: Sequence[str]) -> bytes:
    """The content of the first file that is left to fetch."""
    file = left[0]
    failures: dict[str, list[str]] = {}  # by reason, so that a common reason is told once
    for mirror in mirrors:
        url = f"{mirror.rstrip('/')}/{file.name}"
        try:
            content = _read(url, file)
            if (wrong := fault(content, file)) is None:
                return content
            reason, place = wrong, url
        except urllib.error.HTTPError as error:
            reason, place = error.reason, url
        except (OSError, http.client.HTTPException) as error:
            reason, place = str(getattr(error, "reason", None) or error), mirror
        failures.setdefault(reason, []).append(place)
    names = ", ".join(file.name for file in left)
    tried = "; ".join(f"{', '.join(urls)}: {reason}" for reason, urls in failures.items())
    raise DataError(
        f"{names} cannot be fetched into {folder} ({tried}). Check the network, put the files "
        "there yourself, or let dataset.root or GAN_DATA_DIR name the folder that holds "
        f"{folder.name}/."
    )


def _read(url: str, file: PublishedFile) -> bytes:
    """Reads a URL with progress on standard error, and stops once it exceeds the known size."""
    content = bytearray()
    with (
        urllib.request.urlopen(url, timeout=TIMEOUT) as answer,
        wrap_file(answer, file.size, description=file.name, console=console(sys.stderr)) as watched,
    ):
        while len(content) <= file.size and (chunk := watched.read(CHUNK)):
            content += chunk
    return bytes(content)
