"""What a run is known by, its settings and its data, and what of that has changed since."""

import dataclasses
import hashlib
import json
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from gan_cli.config import Experiment
from gan_cli.datasets import content
from gan_cli.datasets.base import FiniteDataset
from gan_cli.errors import UsageError
from gan_cli.job.started_with import recorded
from gan_cli.prepared import Prepared
from gan_cli.runs import RunDirectory, Summary, updated
from gan_cli.runs.summary import Accepted

RESUMABLE = (
    "steps",
    "log_every",
    "sample_every",
    "theory_every",
    "theory_distances",
    "evaluate_every",
    "evaluate_end",
    "checkpoints.every",
    "checkpoints.keep",
    "checkpoints.best",
    "on_divergence",
    "rollbacks",
    "compile_cache",
    "device",
    "devices",
    "distributed.processes",
    "distributed.process",
    "distributed.coordinator",
    "distributed.timeout",
)
"""What may change when a run is resumed: none of it touches the numbers of a step."""

PLACES = ("dataset.path", "dataset.root")
"""The paths of the data."""

MOVABLE = (*PLACES, "dataset.key")
"""Where the data is, which may change too if the data is the same."""

CHANGEABLE = (*RESUMABLE, *MOVABLE)

OF_THE_MACHINE = ("resident_mib", "optimized_metric", "members_per_job")
"""What may be edited in a run's configuration, since it says nothing about the run's numbers."""

GO_ON = ", start a new run, or go on with it as it is now: --accept-changes"
"""What can be done instead of putting back what has changed."""

UNKNOWN = "summary.json, which told what it was started with, is gone, and no checkpoint tells it"
"""What is said where no record of a run is left."""

SHOWN = 4
"""The most changes that an error names."""


def identity(prepared: Prepared, before: Summary) -> Summary:
    """The fields of a summary that a run is known by: its settings, its examples, its modules.

    Args:
        prepared: the run's experiment as it is now.
        before: what is known of the run. Large data is not hashed again where its files are the
            ones that they were, by their manifest.
    """
    found: Summary = {"settings": settings(prepared.experiment)}
    if own := {name: _source(name) for name in sorted(prepared.own_modules)}:
        found["modules"] = own
    dataset, split = prepared.experiment.dataset, prepared.split
    if split is None or not isinstance(dataset, FiniteDataset):
        return found
    files = dataset.manifest() if split.examples.nbytes > content.QUICK else None
    if files is None:
        return updated(found, {"data_sha256": content.sha256(split)})
    found["data_files"] = files
    known = before.get("data_sha256") if found.items() <= before.items() else None
    found["data_sha256"] = known or content.kept(split, _key(found, dataset))
    return found


def _key(found: Summary, dataset: FiniteDataset) -> str:
    """A hash of all that decides the content of a data set: its files, settings and code."""
    parts = [found["data_files"], found.get("modules"), sorted(_flat(dataset))]
    return hashlib.sha256(json.dumps(parts, default=str).encode()).hexdigest()


def _source(module: str) -> str:
    """The hash of a module's file; empty where it has none, as in a notebook."""
    file = getattr(sys.modules[module], "__file__", None)
    return hashlib.sha256(Path(file).read_bytes()).hexdigest() if file else ""


def settings(experiment: Experiment) -> dict[str, Any]:
    """What may not change in a run, by its dotted keys, in the values that JSON has."""
    free = {*CHANGEABLE, *OF_THE_MACHINE}
    kept = {key: value for key, value in _flat(experiment) if key not in free}
    plain: dict[str, Any] = json.loads(json.dumps(kept))
    return plain


def _flat(value: Any, key: str = "") -> Iterator[tuple[str, Any]]:
    """The single values in a dataclass or a mapping, each with its dotted key."""
    if isinstance(value, Mapping):
        parts = dict(value)
    elif dataclasses.is_dataclass(value):
        names = [*["name"] * hasattr(value, "name"), *(f.name for f in dataclasses.fields(value))]
        parts = {name: getattr(value, name) for name in names}
    else:
        yield key, value
        return
    for name, part in parts.items():
        yield from _flat(part, f"{key}.{name}" if key else name)


def found(before: Summary, now: Summary) -> list[str]:
    """What of a run's identity has changed, in words.

    A setting that only one of them has is one of another version of gan, and no change, unless a
    whole component was added or taken away. Settings that are empty are those of `recorded`.
    """
    if before.get("settings") == {}:
        return [UNKNOWN]
    then, today = before.get("settings", now["settings"]), now["settings"]
    told = []
    for key in sorted({*then, *today}):
        name = key.removesuffix(".name")
        if key in then and key in today:
            if then[key] != today[key]:
                told.append(f"{name} was {_shown(then[key])} and is now {_shown(today[key])}")
        elif name != key:
            told.append(f"{name} was {'added' if key in today else 'removed'}")
    name = today["dataset.name"]
    is_same_set = "settings" in before and then.get("dataset.name") == name
    is_known = "data_sha256" in before or is_same_set
    if is_known and before.get("data_sha256") != now.get("data_sha256"):
        told.append(f"the examples of dataset={name} are not those that it was trained on")
    return told


def _shown(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value)


def refuse(place: RunDirectory, prepared: Prepared, otherwise: str = GO_ON) -> None:
    """Refuses a run that is not what it was.

    Args:
        place: its directory.
        prepared: its experiment as it is now.
        otherwise: what can be done but to put back what has changed.

    Raises:
        UsageError: saying what has changed and what can be done.
    """
    before = recorded(place)
    told = found(before, identity(prepared, before))
    if told:
        more = [f"{len(told) - SHOWN} more changes"] if len(told) > SHOWN else []
        raise UsageError(
            f"{place.path}: {'; '.join([*told[:SHOWN], *more])}. "
            f"Put back what it was started with{otherwise}"
        )


def go_on(summary: Summary, now: Summary, step: int) -> tuple[Summary, list[str]]:
    """Lets a run go on with the settings and the data that it has now.

    Args:
        summary: what is known of the run.
        now: see `identity`.
        step: the step that it goes on from. What was accepted at a later one holds from here on.

    Returns:
        The summary, in which what has changed is recorded; and what to tell the user.
    """
    told = found(summary, now)
    accepted: list[Accepted] = [
        {**each, "step": min(step, each["step"])} for each in summary.get("accepted", [])
    ]
    if told:
        accepted.append({"step": step, "changes": told})
    noted: Summary = {"accepted": accepted} if accepted else {}
    before, after = (each.get("modules", {}) for each in (summary, now))
    others = [name for name in before if after.get(name, before[name]) != before[name]]
    notes = [f"{name} has changed since this run was started." for name in others]
    return summary | now | noted, [*(f"accepted: {each}" for each in told), *notes]
