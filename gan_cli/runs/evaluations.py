"""What was found when a run's samples were judged, as scalars with tags."""

import json

from gan_cli.errors import DataError
from gan_cli.runs.directory import RunDirectory

BESIDE = ("_low", "_high", "_perfect")
"""What stands beside a number in an evaluation and is none of its own."""


def evaluated(place: RunDirectory) -> dict[str, float]:
    """What the newest evaluation of a run found, by tags such as modes/captured; else nothing.

    Raises:
        DataError: if the file is damaged.
    """
    files = [path for path in place.evaluation.glob("*.json") if path.stem.isdecimal()]
    if not files:
        return {}
    newest = max(files, key=lambda path: int(path.stem))
    try:
        found = json.loads(newest.read_text(encoding="utf-8"))
        return {
            f"{metric}/{name}": float(value)
            for metric, values in found.items()
            for name, value in values.items()
            if isinstance(value, float | int) and not name.endswith(BESIDE)
        }
    except (ValueError, AttributeError) as error:
        raise DataError(f"{newest} is damaged. gan evaluate writes it anew.") from error
