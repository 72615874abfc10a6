"""What was found when a run's samples were judged, as scalars with tags."""

import json
from collections.abc import Mapping
from typing import NamedTuple

from gan_cli import commands
from gan_cli.errors import DataError
from gan_cli.runs.directory import RunDirectory

PERFECT = "_perfect"
"""What is put behind a number's name for what real examples score."""

BESIDE = ("_low", "_high", PERFECT)
"""What stands beside a number in an evaluation and is none of its own."""


class Evaluation(NamedTuple):
    """What metrics say of samples, by tags such as modes/captured.

    values: all of their numbers.
    perfect: what real examples score, for the numbers that say how good samples are.
    """

    values: dict[str, float]
    perfect: dict[str, float]


def newest(place: RunDirectory) -> Evaluation:
    """The newest evaluation of a run; it is empty where there is none.

    Raises:
        DataError: if the file is damaged, or cannot be read.
    """
    files = [path for path in place.evaluation.glob("*.json") if path.stem.isdecimal()]
    if not files:
        return Evaluation({}, {})
    path = max(files, key=lambda path: int(path.stem))
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
        numbers = {
            f"{metric}/{name}": float(value)
            for metric, values in found.items()
            for name, value in values.items()
            if isinstance(value, float | int)
        }
    except OSError as error:
        raise DataError(f"{path} cannot be read: {error.strerror}.") from error
    except (ValueError, AttributeError) as error:
        again = commands.evaluate(place.path)
        raise DataError(f"{path} is damaged. Delete it, and judge the run anew: {again}") from error
    values = {tag: value for tag, value in numbers.items() if not tag.endswith(BESIDE)}
    return Evaluation(values, perfect(numbers))


def perfect(scalars: Mapping[str, float]) -> dict[str, float]:
    """What real examples score, by the tags of the numbers beside which it stands."""
    return {
        tag.removesuffix(PERFECT): value for tag, value in scalars.items() if tag.endswith(PERFECT)
    }
