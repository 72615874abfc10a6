"""The groups of the configuration, their choices, and the YAML files that define them."""

import dataclasses
import itertools
from pathlib import Path
from typing import Any, NamedTuple

import yaml
from omegaconf import OmegaConf

from gan_cli import metrics
from gan_cli.component import REGISTRY
from gan_cli.composition import compose, parsing
from gan_cli.composition.advice import ADVICE
from gan_cli.composition.comments import comments
from gan_cli.composition.compose import conf_directory
from gan_cli.config import Experiment
from gan_cli.errors import UsageError, alike, nearest, seen
from gan_cli.reading import yaml_fault
from gan_cli.synonyms import SYNONYMS

Choices = dict[str, dict[str, Path | None]]
"""The choices of every group, each with its YAML file if there is one."""


class File(NamedTuple):
    """A YAML file: the lines of its header comment, its values, the comment at each dotted key."""

    header: list[str]
    values: dict[str, Any]
    comments: dict[str, str]


def choices(config_dir: Path | None = None) -> Choices:
    """Every group with its choices, from YAML files and from the registered components.

    Args:
        config_dir: the user's own YAML files, none of which has the name of one of the package's.
    """
    metrics.register()
    found: Choices = {group: dict.fromkeys(names) for group, names in REGISTRY.items()}
    for folder in [config_dir, conf_directory()]:
        for path in folder.glob("*/*.yaml") if folder else ():
            if path.parent.name != "hydra":
                found.setdefault(path.parent.name, {})[path.stem] = path
    return {group: dict(sorted(names.items())) for group, names in sorted(found.items())}


def is_own(path: Path | None) -> bool:
    """Whether a choice has a file of the user's own."""
    return path is not None and not path.is_relative_to(conf_directory())


def is_key(target: str, known: Choices) -> bool:
    """Whether a text is a setting's key, such as k or architecture.latent, and no choice."""
    head, dot, _ = target.partition(".")
    outside = {field.name for field in dataclasses.fields(Experiment)} - known.keys()
    return "=" not in target and (head in outside or (bool(dot) and head in known))


def key_meant(target: str, known: Choices) -> str | None:
    """The key that a text which is no choice stands for, such as k=5 or lr; None without one."""
    word, equals, _ = target.partition("=")
    if is_key(word, known) and word not in known:
        return word
    if equals and word in known:
        return None
    with compose.hydra() as program:
        return parsing.setting(program, word) if word else None


def find(target: str, known: Choices) -> tuple[str, str]:
    """The group and the name that `GROUP=NAME`, or a name that one group alone has, stands for.

    Raises:
        UsageError: naming the nearest valid choice, or the command that tells of this name.
    """
    group, equals, name = target.rpartition("=")
    if target.startswith("hydra"):
        raise UsageError(f"{target}: it is Hydra's own. {_where(target, known)}")
    if equals and group not in known:
        if key := key_meant(target, known):
            raise UsageError(f"{target}: {group} is no group. {_where(key, known)}")
        raise UsageError(f"'{group}': no such group. {nearest(group, known)}")
    if not equals and name in known:
        raise UsageError(f"{name} is a group. Its choices: gan list {name}")
    groups = [group] if equals else [each for each, names in known.items() if name in names]
    if len(groups) > 1:
        several = " or ".join(f"{each}={name}" for each in groups)
        raise UsageError(f"{name}: several groups have it. Write {several}.")
    if not groups or name not in known[groups[0]]:
        is_choice = equals or (name not in SYNONYMS and alike(name, names_of(known)))
        if not is_choice and (key := key_meant(target, known)):
            raise UsageError(f"{target}: no such choice. {_where(key, known)}")
        if not is_choice and name in ADVICE:
            raise UsageError(f"{target}: no such choice. {ADVICE[name]}")
        valid = known[group] if equals else names_of(known)
        raise UsageError(f"{seen(target)}: no such {group or 'choice'}. {nearest(name, valid)}")
    return groups[0], name


def _where(key: str, known: Choices) -> str:
    """The command that tells of a key or a group."""
    if key.startswith("hydra"):
        return "Its settings: gan train --cfg hydra"
    return f"Its choices: gan list {key}" if key in known else f"The setting: gan describe {key}"


def names_of(known: Choices) -> set[str]:
    """The names of the choices of all groups."""
    return {each for names in known.values() for each in names}


def read(path: Path | None) -> File:
    """Reads a YAML file with its comments; None stands for an empty one.

    Raises:
        UsageError: if it cannot be read, or is no YAML.
    """
    if path is None:
        return File([], {}, {})
    if (why := yaml_fault(path)) is not None:
        raise UsageError(f"{path} cannot be read: {why}.")
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
        values: Any = OmegaConf.to_container(OmegaConf.load(path))
    except OSError as error:
        raise UsageError(f"{path} cannot be read: {error.strerror}.") from error
    except yaml.YAMLError as error:
        told = " ".join(str(error).split())
        raise UsageError(f"{path} is no valid YAML: {told}") from error
    header = [line.lstrip("# ") for line in itertools.takewhile(lambda s: s[:1] == "#", lines)]
    return File(header, values, comments(lines))


def told(file: File) -> list[str]:
    """The header comment without Hydra's directive and the command that it shows."""
    return [line for line in file.header if not line.startswith(("@package", "gan train "))]
