"""summary.json: what is known of a run, as one typed dictionary."""

import json
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal, TypedDict, cast, get_args

from gan_cli import reading
from gan_cli.files import write_atomically

Status = Literal["running", "completed", "interrupted", "diverged", "failed"]
STATUSES: tuple[Status, ...] = get_args(Status)

NOT_FINITE = {"nan", "inf", "-inf"}
"""How a scalar is written that is no number of JSON's."""

LONGEST = 2**24
"""The most values along an axis of an example."""


class Best(TypedDict):
    """The state that did best by a metric."""

    tag: str
    value: float
    step: int


class Accepted(TypedDict):
    """What had changed in a run when it went on from a step, in words."""

    step: int
    changes: list[str]


class Summary(TypedDict, total=False):
    """The content of summary.json. It is replaced as a whole and never changed in place.

    parameters: the number of parameters by network.
    metrics: the last value of every scalar by tag.
    gradient_evaluations: the gradients of each player's loss that a step takes.
    wall_seconds: the time of the training, all its stretches together.
    compile_seconds: the part of it that was waited for the compiler; of a program that several runs
        of a sweep share, each has all of it.
    steps_per_second: the speed of the last stretch in which steps were taken.
    theory_seconds: the time that the comparison with the known density took.
    evaluation_seconds: the time that the judgement of samples took.
    best: the tag, the value and the step of the state that is kept as the best.
    numerics: what decides the numbers beside the configuration.
    settings: the settings that may not change, by their dotted keys.
    data_sha256: the hash of the training examples; data that is drawn fresh has none.
    data_files: a hash of the names, sizes, times and inodes of the files of large data.
    modules: the hash of each module with components of the user's own, by its name.
    accepted: what had changed when the run went on all the same, by the step.
    warnings: the signs of collapse that were noticed, each with its step and a text.
    rollbacks: from which step to which the run was rolled back, and why.
    ended: when the run ended, as a date and a time of day with their distance from UTC.
    reason: why the run diverged, failed or was interrupted.
    diagnosis: which tensor of a diverged run was not finite first, and what to try.
    """

    status: Status
    step: int
    steps: int
    seed: int
    parameters: dict[str, int]
    gradient_evaluations: dict[str, int]
    metrics: dict[str, float | str]
    wall_seconds: float
    theory_seconds: float
    evaluation_seconds: float
    best: Best
    compile_seconds: float
    steps_per_second: float
    device: str
    versions: dict[str, str]
    numerics: dict[str, Any]
    data_shape: list[int]
    settings: dict[str, Any]
    data_sha256: str
    data_files: str
    modules: dict[str, str]
    accepted: list[Accepted]
    warnings: list[dict[str, Any]]
    rollbacks: list[dict[str, Any]]
    ended: str
    reason: str
    diagnosis: dict[str, Any]


def updated(known: Summary, changes: Mapping[str, Any]) -> Summary:
    """The summary with some of its fields replaced."""
    return cast(Summary, {**known, **changes})


def ended_now(known: Summary) -> Summary:
    """The summary of a run that ends now."""
    return updated(known, {"ended": datetime.now(UTC).isoformat(timespec="milliseconds")})


def read(path: Path, remedy: Callable[[], str]) -> Summary:
    """Reads a summary; the status alone where the file does not exist.

    Args:
        path: the file.
        remedy: gives the command that writes it anew, for the error.

    Raises:
        DataError: if the file is damaged, or cannot be read.
    """

    def damage(_: Exception) -> str:
        return f"is damaged. Delete it: {remedy()} writes it anew."

    with reading.naming(path, damage):
        try:
            found = reading.content(path)
        except FileNotFoundError:
            return {"status": "running"}
        return _checked(reading.json_value(found))


def write(path: Path, summary: Summary) -> None:
    """Replaces the file in one atomic step.

    Raises:
        ValueError: for a number that JSON does not know.
    """
    write_atomically(path, (json.dumps(summary, indent=2, allow_nan=False) + "\n").encode())


def _checked(summary: Any) -> Summary:
    """The same value, if it has a status, and a value of the right type in each known field.

    Raises:
        ValueError: if it has not.
    """
    if not (reading.fits(summary, Summary) and "status" in summary):
        raise ValueError("a field of another type")
    texts = {value for value in summary.get("metrics", {}).values() if isinstance(value, str)}
    axes = summary.get("data_shape", [1])
    if not (texts <= NOT_FINITE and 0 < len(axes) <= 3 and all(0 < n <= LONGEST for n in axes)):
        raise ValueError("a value that no run has")
    return cast(Summary, summary)
