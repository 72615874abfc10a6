"""The settings that tell a run from others, for TensorBoard's table of hyper-parameters."""

from collections.abc import Mapping
from typing import Any

from gan_cli.component import Component
from gan_cli.composition.overrides import key_of
from gan_cli.config import Experiment
from gan_cli.runs import RunDirectory


def hyperparameters(experiment: Experiment, place: RunDirectory) -> dict[str, Any]:
    """What tells a run from others: what was overridden, its choices, and its main numbers."""
    found: dict[str, Any] = {}
    for group in ("dataset", "architecture", "objective"):
        found[group] = getattr(experiment, group).name
    for player in ("generator", "discriminator"):
        optimizer = getattr(experiment.optimizer, player)
        found[f"optimizer/{player}"] = optimizer.name
        found[f"optimizer.{player}.learning_rate"] = optimizer.learning_rate
    for key in ("k", "batch_size", "seed", "steps", "update", "unroll", "ema", "precision"):
        found[key] = getattr(experiment, key)
    overridden = (key_of(line).replace("/", ".") for line in place.read_overrides())
    return found | {key: _loaded(experiment, key) for key in overridden}


def _loaded(experiment: Experiment, key: str) -> str | float | bool:
    """The value of a setting as the experiment has it, of one type however it was written."""
    value: Any = experiment
    for name in key.split("."):
        value = value.get(name) if isinstance(value, Mapping) else getattr(value, name, None)
    if isinstance(value, Component):
        return getattr(value, "name", str(value))
    if isinstance(value, Mapping | tuple):  # of several components their names
        return f"[{','.join(map(str, value))}]"
    return value if isinstance(value, str | float | int) else str(value)
