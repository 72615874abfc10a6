"""What the file of a choice lacks: whose settings it holds, or where they are to stand."""

import re
from collections.abc import Iterator
from pathlib import Path

import yaml
from omegaconf import DictConfig

from gan_cli.composition.comments import line_numbers
from gan_cli.keys import SEVERAL

NAMELESS = re.compile(r"([\w.]+)\.name=null: no such \w+ is known\.")
OUTSIDE = re.compile(rf"({'|'.join(SEVERAL)})\.(\w+)=.*: must be a group of settings")
PACKAGE = re.compile(r"# *@package +(\S+)")


def lacking(config: DictConfig, told: str) -> str | None:
    """What is wrong with a chosen file, where that is why a configuration does not load.

    Args:
        config: composed, Hydra's part included.
        told: why it does not load, such as "objective.name=null: no such objective is known".

    Returns:
        The file and what to write in it; None where another reason is meant.
    """
    if found := NAMELESS.match(told):
        return _without_name(config, found[1], told[found.end() :].strip())
    if found := OUTSIDE.match(told):
        return _without_package(config, found[1], found[2])
    return None


def _without_name(config: DictConfig, key: str, valid: str) -> str | None:
    path = next(_files(config, key), None)
    if path is None:
        return None
    return f"{path} has no line 'name: NAME', which says whose settings it holds. {valid}"


def _files(config: DictConfig, key: str) -> Iterator[Path]:
    """The files that may have given the settings at a dotted key, the likeliest first."""
    head, _, last = key.rpartition(".")
    chosen = [(head, last)] if head in SEVERAL else []
    for choice, name in config.hydra.runtime.choices.items():
        group, _, package = str(choice).partition("@")
        if (package or group.replace("/", ".")) in (key, head):
            chosen.append((group, name))
    for group, name in sorted(chosen, key=lambda each: -each[0].count("/")):
        paths = (folder / group / f"{name}.yaml" for folder in _folders(config))
        yield from (path for path in paths if path.is_file())


def _without_package(config: DictConfig, group: str, key: str) -> str | None:
    """Of a group of which a run may have several choices, each file says where it belongs."""
    for folder in _folders(config):
        for path in sorted((folder / group).glob("*.yaml")):
            if _holds_at_top(path, key):
                return (
                    f"{path}: the first line of a {group} must be "
                    f"'# @package {group}.{path.stem}', since a run may have several."
                )
    return None


def _holds_at_top(path: Path, key: str) -> bool:
    """Whether a file without a package has a key; one that cannot be read was not chosen."""
    try:
        text = path.read_text("utf-8")
        return key in line_numbers(text) and not any(map(PACKAGE.match, text.splitlines()))
    except (OSError, ValueError, yaml.YAMLError):
        return False


def _folders(config: DictConfig) -> list[Path]:
    """The folders of configuration files, the user's before the package's."""
    sources = config.hydra.runtime.config_sources
    return [Path(each.path) for each in sources if each.schema == "file"]
