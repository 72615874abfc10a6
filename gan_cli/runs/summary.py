"""summary.json: what is known of a run, as one typed dictionary."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal, TypedDict, cast, get_args, get_origin, get_type_hints

from gan_cli.errors import DataError
from gan_cli.files import write_atomically

Status = Literal["running", "completed", "interrupted", "diverged", "failed"]
STATUSES: tuple[Status, ...] = get_args(Status)


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
    theory_seconds: the time that the comparison with the known density took.
    evaluation_seconds: the time that the judgement of samples took.
    best: the tag, the value and the step of the state that is kept as the best.
    numerics: what decides the numbers beside the configuration.
    settings: the settings that may not change, by their dotted keys.
    data_sha256: the hash of the training examples; data that is drawn fresh has none.
    data_files: a hash of the names, sizes and times of the files of large data.
    modules: the hash of each module with components of the user's own, by its name.
    accepted: what had changed when the run went on all the same, by the step.
    reason: why the run diverged, failed or was interrupted.
    """

    status: Status
    step: int
    steps: int
    seed: int
    parameters: dict[str, int]
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
    reason: str


def updated(known: Summary, changes: Mapping[str, Any]) -> Summary:
    """The summary with some of its fields replaced."""
    return cast(Summary, {**known, **changes})


def read(path: Path, remedy: str) -> Summary:
    """Reads a summary; the status alone where the file does not exist.

    Args:
        path: the file.
        remedy: the command that writes it anew, for the error.

    Raises:
        DataError: if the file is damaged, or cannot be read.
    """
    try:
        summary = json.loads(path.read_bytes())
    except FileNotFoundError:
        return {"status": "running"}
    except OSError as error:
        raise DataError(f"{path} cannot be read: {error.strerror}.") from error
    except ValueError:
        summary = None
    if not _is_whole(summary):
        raise DataError(f"{path} is damaged. Delete it: {remedy} writes it anew.")
    return cast(Summary, summary)


def write(path: Path, summary: Summary) -> None:
    """Replaces the file in one atomic step.

    Raises:
        ValueError: for a number that JSON does not know.
    """
    write_atomically(path, (json.dumps(summary, indent=2, allow_nan=False) + "\n").encode())


def _is_whole(summary: Any) -> bool:
    """Whether what was read has a status, and a value of the right kind in each known field."""
    if not isinstance(summary, dict) or summary.get("status") not in STATUSES:
        return False
    if not all(isinstance(summary[name], kind) for name, kind in KINDS.items() if name in summary):
        return False
    accepted = summary.get("accepted", [])
    if not all(isinstance(e, dict) and isinstance(e.get("step"), int) for e in accepted):
        return False
    return all(
        isinstance(value, float | int | str) for value in summary.get("metrics", {}).values()
    )


KINDS: dict[str, Any] = {
    name: dict if hint is Best else float | int if hint is float else get_origin(hint) or hint
    for name, hint in get_type_hints(Summary).items()
    if name != "status"
}
"""The kind of value in each field but the status, as `isinstance` takes it."""
