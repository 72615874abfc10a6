"""Hydra's record of a configuration: the overrides that it is composed of, and what they chose."""

from collections.abc import Sequence
from typing import cast

from omegaconf import DictConfig, OmegaConf

from gan_cli.composition.overrides import SUFFIX, key_of, quoted, typed


def record_overrides(config: DictConfig, overrides: Sequence[str]) -> None:
    """Records the overrides as they were typed, without those of Hydra's own settings."""
    own = OmegaConf.to_container(config.hydra.overrides.hydra, resolve=False)
    config.hydra.overrides.task = [line for line in overrides if line not in cast(list[str], own)]


def resolved(member: DictConfig) -> list[str]:
    """The overrides of a sweep's member, with what each ${...} stands for there."""
    lines = []
    for line in typed(member):
        found = OmegaConf.select(member, key_of(line)) if "{" in line and "$" in line else None
        if isinstance(found, str):
            line = quoted(line.partition("=")[0], found)
        elif isinstance(found, bool | int | float):
            line = f"{line.partition('=')[0]}={str(found).lower()}"
        lines.append(line)
    return lines


def name_choices(config: DictConfig) -> None:
    """Tells each choice that a file writes as a file, such as ring.yaml, by its name."""
    choices = config.hydra.runtime.choices
    for group, name in choices.items():
        if isinstance(name, str):
            choices[group] = SUFFIX.sub("", name)
