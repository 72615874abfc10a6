"""`gan train --resume RUN`: the saved experiment, with what may change, goes on."""

from collections.abc import Sequence
from typing import Any

from hydra.core.override_parser.overrides_parser import OverridesParser
from hydra.errors import HydraException
from omegaconf import OmegaConf
from omegaconf.errors import OmegaConfBaseException

from gan_cli import checkpoints, config, job, runs, saved_config
from gan_cli.errors import UsageError
from gan_cli.files import write_atomically
from gan_cli.interrupts import StopRequest
from gan_cli.logs.files import run_log
from gan_cli.logs.terminal import for_standard_output
from gan_cli.overrides import Kind, key_of, literal
from gan_cli.prepared import prepare
from gan_cli.runs import RunDirectory

RESUMABLE = (
    "steps",
    "log_every",
    "sample_every",
    "theory_every",
    "evaluate_every",
    "evaluate_end",
    "checkpoints.every",
    "checkpoints.keep",
    "checkpoints.best",
    "device",
)
"""What may change when a run is resumed: none of it touches the numbers of a step."""
OPEN = ("evaluate_end=auto", "device=auto")
"""Where auto is a choice of its own, which no table replaces."""


def resume_run(text: str, lines: Sequence[str], stop: StopRequest) -> None:
    """Goes on with a run to its last step.

    Args:
        text: the RUN argument.
        lines: overrides of RESUMABLE keys.
        stop: whether the user asked to stop.

    Raises:
        UsageError: if there is no such run, if it is running, or for another key.
    """
    place = runs.resolve(text)
    values = saved_config.saved_values(place.path)
    changed = _changed(values, lines)
    experiment = config.load(changed)
    reached = max([0, *checkpoints.steps(place.checkpoints)])
    if experiment.steps < reached:
        raise UsageError(f"steps={experiment.steps}: the run is already at step {reached}.")
    if place.read_summary()["status"] == "completed" and experiment.steps == reached:
        print(f"{place.path} is completed: step {reached:,}. More steps go on: steps=N")
        return
    with place.lock():
        prepared = prepare(experiment)
        if changed != values:
            _save(place, changed, lines)
        with run_log(place.log, place.path):
            job.train_run(prepared, place, for_standard_output(), stop, resume=True)


def _changed(values: dict[str, Any], lines: Sequence[str]) -> dict[str, Any]:
    """The saved values with the overrides in place."""
    merged: Any = OmegaConf.create(values)

    def kind_of(key: str) -> Kind:
        saved = OmegaConf.select(merged, key)
        return Kind(saved is None or isinstance(saved, str), optional=saved is None)

    for line in lines:
        if "=" not in line or key_of(line) not in RESUMABLE:
            raise UsageError(
                f"{line}: cannot change when a run is resumed. What can: {', '.join(RESUMABLE)}."
            )
        if line == f"{key_of(line)}=auto" and line not in OPEN:
            raise UsageError(
                f"{line}: a run keeps the values that were chosen when it started. Write a number."
            )
        try:
            override = OverridesParser.create().parse_override(literal(line, kind_of))
            OmegaConf.update(merged, key_of(line), override.value(), force_add=True)
        except (HydraException, OmegaConfBaseException) as error:
            raise UsageError(f"{line}: cannot be read as key=value.") from error
    return OmegaConf.to_container(merged)  # type: ignore[return-value]


def _save(place: RunDirectory, changed: dict[str, Any], lines: Sequence[str]) -> None:
    """Saves the changed configuration, and the overrides that changed it."""
    keys = {key_of(line) for line in lines}
    kept = [line for line in place.read_overrides() if key_of(line) not in keys]
    for path, content in ((place.config, changed), (place.overrides, [*kept, *lines])):
        write_atomically(path, OmegaConf.to_yaml(OmegaConf.create(content)).encode())
