"""Choices in the groups that there are not, and overrides in vain, with what to write instead."""

import itertools
import mimetypes
from pathlib import Path
from typing import Any, cast

from hydra.core.config_loader import ConfigLoader
from hydra.core.override_parser.types import Override
from omegaconf import DictConfig, OmegaConf

from gan_cli.composition import experiments
from gan_cli.composition.experiment_defaults import EXPERIMENT, GROUPS
from gan_cli.composition.file_settings import setting_of
from gan_cli.composition.overrides import quoted
from gan_cli.composition.unknown_keys import choice_named
from gan_cli.errors import nearest
from gan_cli.files import path_of
from gan_cli.keys import NOTHING, SEVERAL
from gan_cli.players import for_each
from gan_cli.synonyms import same

MANY_FILES = 2_000
"""Of a folder with so many files nobody counts those that are images."""

OWN_DATA = "Your own copy: dataset=images dataset.path=FOLDER or dataset=array dataset.path=FILE."


def changes_nothing(override: Override, config: DictConfig, loader: ConfigLoader) -> str | None:
    """Why an override such as checkpoints={} or objective=[] is in vain; None where it is not.

    Args:
        override: what was typed.
        config: what was composed with it.
        loader: knows the groups and their options.
    """
    if override.is_delete() or override.is_sweep_override():
        return None
    line, key = override.input_line, override.key_or_group
    choices = [] if key == "hydra" else loader.get_group_options(key)
    nothing: tuple[Any, ...] = ({},) if key in (*SEVERAL, EXPERIMENT) else ({}, [])
    if override.value() in nothing and choices:
        return f"{line}: no such {key}. {instead(loader, key, {}, choices)}"
    for path in experiments.empty(override.value(), key):
        group, _, name = path.partition(".")
        if group in SEVERAL and name and "name" not in OmegaConf.select(config, path):
            return f"{line}: {group}=[{name}] chooses the {group}."
        if any(OmegaConf.select(config, each) for each in for_each([path])):
            return f"{line}: an empty mapping changes nothing. Leave out {path}."
    return None


def instead(loader: ConfigLoader, group: str, wrong: object, choices: list[str]) -> str:
    """What to choose in a group instead of what there is not."""
    name, valid = str(wrong), nearest(str(wrong), choices)
    if group in SEVERAL and (wrong in (None, {}) or name.lower() in NOTHING):
        return f"For none at all: {group}=[]. {valid}"
    if found := _file(loader, group, name):
        return found
    if not same(name, choices) and (other := choice_named(name, loader)):
        return nearest("", choices, f"Did you mean '{other}'?")
    files: Any = loader.repository
    if not same(name, choices) and (other := setting_of(files, group, name)):
        return nearest("", choices, f"Did you mean '{other}'?")
    choice, slash, value = name.partition("/")
    found = setting_of(files, group, value) if slash else None
    if found and found.startswith(f"{group}={choice} "):
        return nearest("", choices, f"Did you mean '{found}'?")
    if group == "dataset" and name.isidentifier() and wrong is not None and valid[:3] != "Did":
        return f"{OWN_DATA} {valid}"
    if wrong is not None and name.isidentifier() and "/" not in group and valid[:3] != "Did":
        return (
            f"If you have written {group}/{name}.yaml yourself, add --config-dir DIR, where DIR is "
            f"the folder that holds {group}/. {valid}"
        )
    return valid


def _file(loader: ConfigLoader, group: str, name: str) -> str | None:
    """What to do where a choice is the name of a file, or a file that Hydra does not read."""
    path = path_of(name)
    if group == "dataset" and (own := own_data(name, loader)):
        return own
    if path.name and (file := path.with_suffix(".yaml")).is_file():
        return f"A file of your own: --config-dir {file.parent.parent} {group}={file.stem}"
    for source in (each for each in loader.get_sources() if each.scheme() == "file"):
        folder = Path(source.path.removeprefix("file://"))
        if (other := folder / group / f"{path.stem}.yml").is_file():
            return f"{other} is there, but Hydra reads .yaml files alone. Rename it."
        if (other := folder / f"{name}.yaml").is_file():
            return f"{other} is not in a folder {group}/. Name the folder above: --config-dir DIR"
        for beside in sorted(each for each in folder.iterdir() if each.name not in GROUPS):
            if (other := beside / f"{name}.yaml").is_file():
                return f"{other} is not in a folder {group}/. Rename {beside.name}/, or move it."
    return None


def own_data(name: str, loader: ConfigLoader) -> str | None:
    """How a file or a folder of the user's is chosen as the data set; None where it is no data.

    Args:
        name: the file or the folder.
        loader: knows the usual size of a minibatch, which the examples may be too few for.
    """
    path, rows = path_of(name), cast(Any, loader).table
    is_array = path.suffix in (".npy", ".npz")
    if not name or not (is_array or path.is_dir()):
        return None
    kind = "array" if is_array else "images"
    count = _rows(path) if is_array else _pictures(path)
    usual = next((row.settings["batch_size"] for row in rows if "batch_size" in row.settings), 0)
    batch = f" batch_size={count}" if count and count < usual else ""
    return f"Your own data: dataset={kind} {quoted('dataset.path', name)}{batch}"


def _rows(path: Path) -> int | None:
    """How many examples a file of arrays has; None where it cannot be told."""
    from gan_cli import arrays  # completion, which reads this module, does without NumPy

    return arrays.length(path)


def _pictures(folder: Path) -> int | None:
    """How many files below a folder have names of images; None where there are many files."""
    paths = [*itertools.islice(folder.rglob("*"), MANY_FILES)]
    if len(paths) == MANY_FILES:
        return None
    inside = [path.relative_to(folder) for path in paths]
    seen = [path for path in inside if not any(part.startswith(".") for part in path.parts)]
    kinds = [mimetypes.guess_type(path.name, strict=False)[0] or "" for path in seen]
    return sum(kind.startswith("image/") for kind in kinds)
