"""Why an image file cannot be decoded, in words."""

from collections.abc import Mapping
from pathlib import Path

from PIL import UnidentifiedImageError

from gan_cli import reading
from gan_cli.datasets.image_files import some

HEAD = 512
"""The bytes of a file by which it is seen what it is in place of an image."""

KINDS = 3
"""The most reasons that are told of a folder."""


class Unclear(ValueError):
    """Pixels whose black and white are not known; its text says why."""


def why(path: Path, error: Exception) -> str:
    """What is wrong with a file that is no image, or with its image, such as "empty".

    Args:
        path: the file.
        error: what was raised when it was decoded.
    """
    with reading.opened(path) as file:
        head = file.read(HEAD).lstrip()
    if not head:
        return "empty"
    if head.startswith(b"version https://git-lfs"):
        return "a pointer of Git LFS, which `git lfs pull` replaces by the image"
    if head[:9].lower().startswith((b"<!doctype", b"<html")):
        return "a web page"
    if isinstance(error, UnidentifiedImageError):
        return "damaged, or no image of a known format"
    return " ".join(str(error).split()).rstrip(".") or "damaged"


def complaint(folder: Path, broken: Mapping[str, str], count: int) -> str:
    """Tells which images of a folder cannot be decoded, by the reasons.

    Args:
        folder: the folder.
        broken: the reason of each that cannot, by its name.
        count: how many images there are in all.
    """
    named: dict[str, list[str]] = {}
    for name, reason in sorted(broken.items()):
        named.setdefault(reason, []).append(name)
    told = [f"{reason} ({some(names)})" for reason, names in named.items()]
    more = [f"{len(told) - KINDS} more reasons"] if len(told) > KINDS else []
    return (
        f"{len(broken)} of the {count} images in {folder} cannot be decoded: "
        f"{'; '.join(told[:KINDS] + more)}. Mend them, or move them elsewhere."
    )
