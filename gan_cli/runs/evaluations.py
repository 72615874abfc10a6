"""What was found when a run's samples were judged, as scalars with tags."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple, cast

from gan_cli import commands, reading
from gan_cli.runs.directory import RunDirectory

PERFECT = "_perfect"
"""What is put behind a number's name for what real examples score."""

BESIDE = ("_low", "_high", PERFECT)
"""What stands beside a number in an evaluation and is none of its own."""

WORDS = ("extractor", "protocol")
"""What an evaluation holds beside numbers: how they were found."""


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
    steps = [reading.number(path.stem) for path in place.evaluation.glob("*.json")]
    judged = [step for step in steps if step is not None]
    if not judged:
        return Evaluation({}, {})
    path = place.judgements(max(judged))
    again = commands.evaluate(place.path)
    with reading.naming(path, f"is damaged. Delete it, and judge the run anew: {again}"):
        found = read(path)
    numbers = {
        f"{metric}/{name}": float(value)
        for metric, values in found.items()
        for name, value in values.items()
        if name not in WORDS
    }
    values = {tag: value for tag, value in numbers.items() if not tag.endswith(BESIDE)}
    return Evaluation(values, perfect(numbers))


def read(path: Path) -> dict[str, dict[str, Any]]:
    """What a file holds: the numbers of each metric, and how they were found.

    Raises:
        ValueError: if it is damaged.
        OSError: if it cannot be read.
    """
    found = reading.json_value(reading.content(path))
    if not reading.fits(found, dict[str, dict[str, Any]]):
        raise ValueError("not the numbers of metrics")
    numbers = [
        value for values in found.values() for name, value in values.items() if name not in WORDS
    ]
    if not all(isinstance(value, float) or reading.fits(value, int) for value in numbers):
        raise ValueError("a number that is none")
    return cast(dict[str, dict[str, Any]], found)


def perfect(scalars: Mapping[str, float]) -> dict[str, float]:
    """What real examples score, by the tags of the numbers beside which it stands."""
    return {
        tag.removesuffix(PERFECT): value for tag, value in scalars.items() if tag.endswith(PERFECT)
    }
