"""Why a key is in no configuration, with the key that was meant."""

import itertools
from collections.abc import Collection, Sequence
from typing import Any

from hydra.core.config_loader import ConfigLoader
from hydra.core.object_type import ObjectType
from omegaconf import DictConfig, OmegaConf

from gan_cli.composition.advice import ADVICE
from gan_cli.composition.experiment_defaults import EXPERIMENT, GROUPS
from gan_cli.composition.file_settings import having
from gan_cli.errors import nearest
from gan_cli.keys import OF_EVERY, SEVERAL, ending_with, namesakes
from gan_cli.players import OPTIMIZER, PLAYERS, for_each, of_both
from gan_cli.synonyms import SYNONYMS, same


def unknown(key: str, config: DictConfig, loader: ConfigLoader) -> str | None:
    """What is wrong with a dotted key, or None where the configuration has it.

    Args:
        key: the key.
        config: what was composed without it.
        loader: knows the files of choices that were not made.
    """
    players = for_each([key])
    both_have = all(isinstance(OmegaConf.select(config, each), DictConfig) for each in players)
    if key in of_both(config) or (players != [key] and both_have):
        return None
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
            beside |= {f"{path}{name}" for name in OF_EVERY.get(path[:-1], ())}
            beside |= set(of_both(config)) if path == f"{OPTIMIZER}." else set()
            place = f"{path}{part}"
            hint = _elsewhere(place if path else key, beside, config, loader)
            none = f"What is chosen as {path[:-1]} has none."
            valid = nearest(place, beside, hint) if beside else hint or none
            return f"{place}: no such setting. {valid}"
        node, path = node._get_node(part), f"{path}{part}."
    return None


def choice_named(word: str, loader: ConfigLoader) -> str | None:
    """The choice, such as regularizer=[r1], that a word is the name of; None where it is none."""
    for group in _groups(loader):
        if name := same(word, loader.get_group_options(group, ObjectType.CONFIG)):
            return f"{group}=[{name}]" if group in SEVERAL else f"{group}={name}"
    return None


def _groups(loader: ConfigLoader) -> list[str]:
    """The groups of the configuration, without Hydra's own and those of the user's."""
    found = loader.get_group_options("", ObjectType.GROUP)
    return [name for name in found if name in GROUPS and name != "hydra"]


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
    head, dot, last = key.rpartition(".")
    if meant := _within_choice(key, loader):
        return meant
    if advice := ADVICE.get(last.casefold().replace("-", "_")):
        return advice
    files: Any = loader.repository
    names = [last, *(name for name in SYNONYMS.get(last, ()) if "." not in name)]
    words = [f"{head}{dot}{name}" for name in names]
    for word in words:
        if owners := _owners(files, word):
            here = "It" if word == key else f"'{word}'"
            return f"{here} is a setting of {_in_words(owners)}."
    if found := _either(namesakes(key, config)):
        return found
    for group, word in itertools.product(_groups(loader), [] if dot else words):
        if owners := _owners(files, f"{group}.{word}"):
            return f"Did you mean '{group}.{word}', a setting of {_in_words(owners)}?"
    if choice := None if dot else choice_named(key, loader):
        return f"Did you mean '{choice}'?"
    return _either(ending_with(key, config))


def _within_choice(key: str, loader: ConfigLoader) -> str:
    """What was meant by a choice in the place of a group, as in wgan.clip, or by objective.wgan."""
    first, _, rest = key.partition(".")
    files: Any = loader.repository
    for group in _groups(loader):
        choices = loader.get_group_options(group, ObjectType.CONFIG)
        if first == group and rest in choices and group not in SEVERAL:
            return f"Did you mean '{group}={rest}'?"
        owners = _owners(files, f"{group}.{rest}") if first in choices and rest else []
        if f"{group}={first}" in owners:
            return f"Did you mean '{group}={first} {group}.{rest}=VALUE'?"
    return ""


def _owners(files: Any, key: str) -> list[str]:
    """The choices that have a setting; for one of both players, the optimizers that have it."""
    own = for_each([key])
    owners = having(files, own[0])
    if len(own) == 1:
        return owners
    return [owner.replace(f"{OPTIMIZER}/{PLAYERS[0]}=", f"{OPTIMIZER}=") for owner in owners]


def _either(found: Sequence[str]) -> str:
    """The likeliest two of the keys that may have been meant, in words."""
    return f"Did you mean {' or '.join(repr(each) for each in found[:2])}?" if found else ""


def _in_words(names: list[str]) -> str:
    return " and ".join([", ".join(names[:-1]), names[-1]] if names[1:] else names)
