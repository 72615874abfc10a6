"""`gan train --resume RUN`: the saved experiment, with what may change, goes on."""

import logging
from typing import TYPE_CHECKING, Any

from gan_cli.errors import UsageError

if TYPE_CHECKING:
    from gan_cli.runs import RunDirectory

RESUMABLE = (
    "steps",
    "log_every",
    "sample_every",
    "theory_every",
    "checkpoints.every",
    "checkpoints.keep",
    "device",
)
"""What may change when a run is resumed: none of it touches the numbers of a step."""


def resume_run(text: str, lines: list[str]) -> None:
    """Goes on with a run to its last step.

    Args:
        text: the RUN argument.
        lines: overrides of RESUMABLE keys.

    Raises:
        UsageError: if there is no such run, if it is running, or for another key.
    """
    from omegaconf import OmegaConf

    from gan_cli import checkpoints, config, job, runs
    from gan_cli.logs.terminal import for_standard_output
    from gan_cli.problem import prepare

    place = runs.resolve(text)
    values = config.saved_values(place.path)
    changed = _changed(values, lines)
    experiment = config.load(changed)
    reached = max([0, *checkpoints.steps(place.checkpoints)])
    if experiment.steps < reached:
        raise UsageError(f"steps={experiment.steps}: the run is already at step {reached}.")
    if place.read_summary().get("status") == "completed" and experiment.steps == reached:
        print(f"{place.path} is completed: step {reached:,}. More steps go on: steps=N")
        return
    with place.lock():
        prepare(experiment)
        if changed != values:
            runs.write(place.config, OmegaConf.to_yaml(OmegaConf.create(changed)).encode())
            overrides = [o for o in place.read_overrides() if o.split("=")[0] not in _keys(lines)]
            kept = OmegaConf.to_yaml(OmegaConf.create([*overrides, *lines]))
            runs.write(place.overrides, kept.encode())
        _log_to(place)
        job.run(experiment, place.path, for_standard_output(), resume=True)


def _keys(lines: list[str]) -> set[str]:
    return {line.split("=")[0] for line in lines}


def _changed(values: dict[str, Any], lines: list[str]) -> dict[str, Any]:
    """The saved values with the overrides in place."""
    from omegaconf import OmegaConf
    from omegaconf.errors import OmegaConfBaseException
    from yaml import YAMLError

    for line in lines:
        key, equals, _ = line.partition("=")
        if not equals or key not in RESUMABLE:
            raise UsageError(
                f"{line}: cannot change when a run is resumed. What can: {', '.join(RESUMABLE)}."
            )
    merged: Any = OmegaConf.create(values)
    for line in lines:
        try:
            merged = OmegaConf.merge(merged, OmegaConf.from_dotlist([line]))
        except (YAMLError, OmegaConfBaseException) as error:
            raise UsageError(f"{line}: cannot be read as key=value.") from error
    return OmegaConf.to_container(merged)  # type: ignore[return-value]


def _log_to(place: "RunDirectory") -> None:
    """Appends to the run's log, as the process before did."""
    handler = logging.FileHandler(place.log)
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s: %(message)s"))
    logging.getLogger().addHandler(handler)
    logging.getLogger().setLevel(logging.INFO)
    for chatty in ("jax", "absl", "orbax"):
        logging.getLogger(chatty).setLevel(logging.WARNING)
