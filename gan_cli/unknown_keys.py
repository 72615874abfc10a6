"""Why a key is in no configuration, with the key that was meant."""

from collections.abc import Collection
from typing import Any

from hydra.core.config_loader import ConfigLoader
from hydra.core.object_type import ObjectType
from omegaconf import DictConfig, OmegaConf

from gan_cli.errors import nearest
from gan_cli.file_settings import having
from gan_cli.keys import SEVERAL, namesakes
from gan_cli.players import OPTIMIZER, for_each, of_both
from gan_cli.synonyms import same

EXPERIMENT = "experiment"


def unknown(key: str, config: DictConfig, loader: ConfigLoader) -> str | None:
    """What is wrong with a dotted key, or None where the configuration has it.

    Args:
        key: the key.
        config: what was composed without it.
        loader: knows the files of choices that were not made.
    """
    node: Any = config
    path = ""
    for part in key.split("."):
        if not OmegaConf.is_dict(node):
            return f"{key}: no such setting. {path[:-1]} is a single value."
        names = {str(name) for name in node.keys()}  # noqa: SIM118  (`in` leaves out nulls)
        if part not in names:
            if part in SEVERAL or path[:-1] in SEVERAL:
                group, name = key.split(".")[:2]
                return f"{key}: {group}=[{name}] chooses the {group} first."
            if part == EXPERIMENT:
                return f"{key}: an experiment has no settings of its own; k=5 changes one of its."
            if path == f"{OPTIMIZER}." and (one := _lacking(config, key)):
                own = {str(name) for name in OmegaConf.select(config, one)} - {"name"}
                valid = nearest("", [f"{one}.{name}" for name in own])
                return f"{key}: {one} has no such setting. {valid}"
            known = names - {"name", "hydra"} | (set() if path else {EXPERIMENT, *SEVERAL})
            beside = {f"{path}{name}" for name in known}
            beside |= set(of_both(config)) if path == f"{OPTIMIZER}." else set()
            place = f"{path}{part}"
            hint = _elsewhere(place if path else key, beside, config, loader)
            valid = nearest("" if hint else place, beside)
            return " ".join(filter(None, [f"{place}: no such setting.", hint, valid]))
        node, path = node._get_node(part), f"{path}{part}."
    return None


def _lacking(config: DictConfig, key: str) -> str | None:
    """The only optimizer that lacks a setting which was meant for both."""
    own = for_each([key])
    lacking = [each for each in own if OmegaConf.select(config, each) is None]
    return ".".join(lacking[0].split(".")[:2]) if len(lacking) == 1 < len(own) else None


def _elsewhere(key: str, beside: Collection[str], config: DictConfig, loader: ConfigLoader) -> str:
    """The key of the same name that another choice has, or that stands elsewhere, in words.

    Where there is one, it is likelier than what looks alike; there is none to tell where the key
    that was meant stands beside.
    """
    if same(key, beside):
        return ""
    files: Any = loader.repository
    if owners := having(files, key):
        return f"It is a setting of {_in_words(owners)}."
    if found := namesakes(key, config)[:2]:
        return f"Did you mean {' or '.join(repr(each) for each in found)}?"
    for group in loader.get_group_options("", ObjectType.GROUP):
        if "." not in key and (owners := having(files, f"{group}.{key}")):
            return f"Did you mean '{group}.{key}', a setting of {_in_words(owners)}?"
    return ""


def _in_words(names: list[str]) -> str:
    return " and ".join([", ".join(names[:-1]), names[-1]] if names[1:] else names)
