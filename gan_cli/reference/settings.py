"""One setting, such as architecture.latent, as every choice that has it describes it."""

import dataclasses
from collections.abc import Iterable
from typing import NoReturn

from gan_cli.errors import UsageError, alike
from gan_cli.players import OPTIMIZER, PLAYERS, for_both
from gan_cli.reference import entries
from gan_cli.reference.entries import Setting
from gan_cli.reference.files import Choices


@dataclasses.dataclass(frozen=True)
class Described:
    """A setting and the choices that have it with the same default and meaning.

    choices: such as architecture=mlp; empty for a setting outside all groups.
    """

    setting: Setting
    choices: list[str]


def describe(key: str, known: Choices) -> list[Described]:
    """What a dotted key sets, or each key that begins with it.

    Raises:
        UsageError: naming the nearest key where there is no such setting.
    """
    group, _, rest = key.partition(".")
    if group == OPTIMIZER and rest and rest.partition(".")[0] not in PLAYERS:
        names = {for_both(setting.key) for _, setting in _settings(group, known)}
        if not any(name == key or name.startswith(f"{key}.") for name in names):
            _refuse(key, names)
        return [_of_both(each) for each in describe(f"{group}.{PLAYERS[0]}.{rest}", known)]
    found: dict[Setting, list[str]] = {}
    for choice, setting in _settings(key.partition(".")[0], known):
        if setting.key == key or setting.key.startswith(f"{key}."):
            plain = dataclasses.replace(setting, default=entries.override(setting))
            found.setdefault(plain, []).extend(choice)
    if not found:
        names = {setting.key for _, setting in _settings(key.partition(".")[0], known)}
        _refuse(key, names)
    return [Described(setting, choices) for setting, choices in found.items()]


def _refuse(key: str, names: Iterable[str]) -> NoReturn:
    raise UsageError(f"{key}: no such setting. {alike(key, names)}".rstrip())


def _of_both(described: Described) -> Described:
    """The setting of one player's optimizer under the key that sets that of both."""
    one, both = f"{OPTIMIZER}.{PLAYERS[0]}.", f"{OPTIMIZER}."
    setting = described.setting
    key, default = setting.key.replace(one, both), str(setting.default).replace(one, both)
    meaning = f"{setting.meaning.rstrip('.')}, for both players."
    own = dataclasses.replace(setting, key=key, default=default, meaning=meaning)
    return Described(own, described.choices)


def _settings(head: str, known: Choices) -> list[tuple[list[str], Setting]]:
    """The settings of a group's components, each with its choice, or those outside all groups."""
    if head not in known:
        return [([], setting) for setting in entries.describe_root(known).settings]
    told = []
    for name in known[head]:
        entry = entries.describe(head, name, known)
        for prefix in entry.prefixes:
            for setting in entry.settings:
                key = prefix + setting.key.removeprefix(entry.prefixes[0])
                told.append(([entry.name], dataclasses.replace(setting, key=key)))
    return told
