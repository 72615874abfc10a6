"""How an experiment of the theory is told: lines for people or one JSON document, and a picture."""

import json
import math
from pathlib import Path
from typing import Annotated, Any

import typer

from gan_cli.errors import UsageError

Out = Annotated[
    Path, typer.Option("--out", metavar="DIR", help="The folder that pictures are written to.")
]
AsJson = Annotated[
    bool, typer.Option("--json", help="One JSON document with the numbers, and nothing else.")
]
Seed = Annotated[int, typer.Option("--seed", min=0, max=2**31 - 1, help="Of all that is drawn.")]
PLACE = Path("outputs/theory")
"""Where pictures go unless --out says otherwise."""


def save(folder: Path, name: str, picture: bytes) -> Path:
    """Writes a picture.

    Raises:
        UsageError: if the folder cannot be written.
    """
    path = folder / name
    try:
        folder.mkdir(parents=True, exist_ok=True)
        path.write_bytes(picture)
    except OSError as error:
        raise UsageError(
            f"cannot write {path}: {error.strerror}. Choose another folder with --out DIR."
        ) from error
    return path


def tell(numbers: dict[str, Any], lines: list[str], pictures: list[Path], *, as_json: bool) -> None:
    """Prints what was found.

    Args:
        numbers: by name; infinity is written as the string "inf".
        lines: the same for people.
        pictures: the files that were written.
        as_json: one JSON document on standard output instead.
    """
    if as_json:
        found = plain(numbers) | {"pictures": [str(path) for path in pictures]}
        print(json.dumps(found, indent=2, allow_nan=False))
        return
    for line in lines:
        print(line)
    for path in pictures:
        print(f"picture  {path}")


def plain(value: Any) -> Any:
    """Numbers as JSON can hold them."""
    if isinstance(value, dict):
        return {str(key): plain(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [plain(each) for each in value]
    if hasattr(value, "tolist"):
        return plain(value.tolist())
    if isinstance(value, float) and not math.isfinite(value):
        return "nan" if math.isnan(value) else "inf" if value > 0 else "-inf"
    return value
