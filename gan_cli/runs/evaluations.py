"""What was found when a run's samples were judged, as scalars with tags."""

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, NamedTuple, cast

from gan_cli import commands, reading
from gan_cli.runs.directory import RunDirectory

PERFECT = "_perfect"
"""What is put behind a number's name for what real examples score."""

BESIDE = ("_low", "_high", PERFECT)
"""What stands beside a number in an evaluation and is none of its own."""

STEP = "evaluation/step"
"""The tag of the step whose samples were judged, beside the numbers of an evaluation."""

SHOWN = 3
"""The most runs that a sentence names."""

WORDS = ("extractor", "protocol")
"""What an evaluation holds beside numbers: how they were found."""


class Evaluation(NamedTuple):
    """What metrics say of samples, by tags such as modes/captured.

    values: all of their numbers.
    perfect: what real examples score, for the numbers that say how good samples are.
    step: the step of the samples, by the tag STEP; empty where none were judged.
    """

    values: dict[str, float]
    perfect: dict[str, float]
    step: dict[str, float]


def newest(place: RunDirectory) -> Evaluation:
    """The newest evaluation of a run; it is empty where there is none.

    Raises:
        DataError: if the file is damaged, or cannot be read.
    """
    steps = [reading.number(path.stem) for path in place.evaluation.glob("*.json")]
    judged = [step for step in steps if step is not None]
    if not judged:
        return Evaluation({}, {}, {})
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
    return Evaluation(values, perfect(numbers), {STEP: max(judged)})


def behind(runs: Iterable[tuple[Path, Mapping[str, Any], int]]) -> str:
    """Which runs were judged at an earlier step than the one they have reached, as sentences.

    Args:
        runs: for each its directory, its numbers by tag, and the step that it has reached.

    Returns:
        An empty text where there are none.
    """
    told = [
        f"{path} (step {numbers[STEP]:,.0f} of {step:,})"
        for path, numbers, step in runs
        if STEP in numbers and numbers[STEP] != step
    ]
    if not told:
        return ""
    more = [f"{len(told) - SHOWN} more"] if len(told) > SHOWN else []
    return (
        f"Judged at another step than the last: {', '.join([*told[:SHOWN], *more])}. "
        "'gan evaluate RUN' judges the samples of the last."
    )


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
