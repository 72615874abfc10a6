"""Published files: known by size and SHA-256, fetched from the first mirror that has them."""

import hashlib
import http.client
import urllib.error
import urllib.request
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from gan_cli.datasets.atomic import atomic_file
from gan_cli.errors import DataError

TIMEOUT = 15.0  # seconds without an answer after which a mirror counts as dead
CHUNK = 1 << 16


class PublishedFile(NamedTuple):
    """A file that is the same wherever it is found: its name, size in bytes and SHA-256."""

    name: str
    size: int
    sha256: str


def fault(content: bytes, file: PublishedFile) -> str | None:
    """What shows that `content` is not the published file; None if it is."""
    if len(content) != file.size:
        return f"it has {len(content)} bytes, not {file.size}"
    digest = hashlib.sha256(content).hexdigest()
    if digest != file.sha256:
        return f"its SHA-256 begins with {digest[:12]}, not {file.sha256[:12]}"
    return None


def state(file: PublishedFile, folder: Path) -> str:
    """Says of a file in a folder whether it is `ok`, `missing`, or damaged and how."""
    try:
        wrong = fault((folder / file.name).read_bytes(), file)
    except FileNotFoundError:
        return "missing"
    except OSError as error:
        return f"unreadable: {error.strerror}"
    return f"damaged: {wrong}" if wrong else "ok"


def fetch(files: Iterable[PublishedFile], folder: Path, mirrors: Sequence[str]) -> None:
    """Downloads files into a folder, each from the first mirror that gives the published bytes.

    Args:
        files: what to download; a file of that name in the folder is replaced.
        folder: made if it is not there.
        mirrors: URLs of folders, tried in this order.

    Raises:
        DataError: if no mirror has one of them; it names the files, the folder, and the URLs
            of the mirrors that did not answer or of the file that was wrong.
    """
    left = list(files)
    while left:
        content = _download(left, folder, mirrors)
        with atomic_file(folder / left.pop(0).name) as out:
            out.write(content)


def _download(left: Sequence[PublishedFile], folder: Path, mirrors: Sequence[str]) -> bytes:
    """The content of the first of the files that are left to fetch."""
    file = left[0]
    failures: dict[str, list[str]] = {}  # by reason, so that one that is everybody's is said once
    for mirror in mirrors:
        url = f"{mirror.rstrip('/')}/{file.name}"
        try:
            content = b"".join(_chunks(url, file))
        except urllib.error.HTTPError as error:
            failures.setdefault(error.reason, []).append(url)
            continue
        except (OSError, http.client.HTTPException) as error:
            reason = str(getattr(error, "reason", None) or error)
            failures.setdefault(reason, []).append(mirror)
            continue
        wrong = fault(content, file)
        if wrong is None:
            return content
        failures.setdefault(wrong, []).append(url)
    names = ", ".join(file.name for file in left)
    tried = "; ".join(f"{', '.join(urls)}: {reason}" for reason, urls in failures.items())
    raise DataError(
        f"{names} cannot be fetched into {folder} ({tried}). Check the network, put the files "
        "there yourself, or let dataset.root or GAN_DATA_DIR name the folder that holds "
        f"{folder.name}/."
    )


def _chunks(url: str, file: PublishedFile) -> Iterator[bytes]:
    """Reads a URL piece by piece, with progress on standard error; stops past the known size."""
    from rich.console import Console
    from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TransferSpeedColumn

    columns = (TextColumn("{task.description}"), BarColumn(), DownloadColumn())
    with (
        urllib.request.urlopen(url, timeout=TIMEOUT) as answer,
        Progress(*columns, TransferSpeedColumn(), console=Console(stderr=True)) as progress,
    ):
        task = progress.add_task(file.name, total=file.size)
        read = 0
        while read <= file.size and (chunk := answer.read(CHUNK)):
            read += len(chunk)
            progress.update(task, completed=read)
            yield chunk
