"""Names in a table of settings, checked against the configuration files that there are."""

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from gan_cli.errors import UsageError, alike, nearest
from gan_cli.keys import SEVERAL
from gan_cli.tuned.choice import AUTO
from gan_cli.tuned.table import ARCHITECTURE, Row


class Vocabulary(NamedTuple):
    """What a table can speak of.

    names: the names that can be chosen in each group, such as ring for dataset.
    keys: the dotted keys of all settings.
    open_keys: those of them that some file leaves at `auto`, and groups with a choice `auto`.
    numbers: those of them that are a number in every file.
    """

    names: Mapping[str, Collection[str]]
    keys: Collection[str]
    open_keys: Collection[str]
    numbers: Collection[str]


class File(NamedTuple):
    """A configuration file.

    group: the group that it is a choice of; empty for the file of all settings outside the groups.
    name: its name without the suffix.
    path: what stands before its keys.
    values: its values.
    """

    group: str
    name: str
    path: str
    values: Any


def vocabulary(files: Iterable[File]) -> Vocabulary:
    """What configuration files speak of."""
    names: dict[str, set[str]] = {}
    values: dict[str, list[Any]] = {}
    listed = list(files)
    for group, name, path, settings in listed:
        if group and name != AUTO:
            names.setdefault(group, set()).update({name, str(settings.get("name", name))})
        for key, value in _flat(settings, path):
            if not key.endswith(".name"):
                values.setdefault(key, []).append(value)
    open_keys = {key for key, found in values.items() if AUTO in found}
    open_keys |= {file.group for file in listed if file.name == AUTO}
    numbers = {key for key, found in values.items() if all(map(_is_number, found))}
    return Vocabulary(names, set(values), open_keys, numbers)


def check(rows: Sequence[Row], known: Vocabulary) -> None:
    """Refuses a row that speaks of what there is not.

    Raises:
        UsageError: naming the row, the word and the nearest one that there is.
    """
    for row in rows:
        place = f"{row.file}, row {row.number}"
        for key, wanted in row.conditions.items():
            _check_condition(place, key, wanted, known)
        for key, value in row.settings.items():
            _check_setting(place, key, value, known)
        for key in row.leave_out:
            _check_component(place, str(key), known)


def _check_condition(place: str, key: str, wanted: Sequence[Any], known: Vocabulary) -> None:
    group = key.replace(".", "/")
    if group in known.names:
        for name in wanted:
            if str(name) not in known.names[group]:
                raise UsageError(
                    f"{place}: {key}: {name}: there is no such {group.partition('/')[0]}. "
                    f"{nearest(str(name), known.names[group])}"
                )
    elif key not in known.keys:
        raise UsageError(f"{place}: there is no setting '{key}'. {alike(key, known.keys)}".rstrip())
    elif key in known.numbers and not all(map(_is_number, wanted)):
        wrong = json.dumps(next(each for each in wanted if not _is_number(each)), default=str)
        raise UsageError(
            f"{place}: {key}: {wrong}: must be a number, or a list of numbers such as [1, 2, 5]."
        )


def _check_setting(place: str, key: str, value: Any, known: Vocabulary) -> None:
    _check_value(place, key, value)
    if key in SEVERAL and key in known.open_keys:
        _check_components(place, key, value, known)
    elif key == ARCHITECTURE:
        if str(value) not in known.names[key]:
            raise UsageError(
                f"{place}: architecture={value}: no such architecture. "
                f"{nearest(str(value), known.names[key])}"
            )
    elif key.replace(".", "/") in known.names:
        raise UsageError(
            f"{place}: a row cannot choose the {key}. Choose it in an experiment or on the "
            f"command line."
        )
    elif key not in known.keys:
        raise UsageError(
            f"{place}: there is no setting '{key}'. {alike(key, known.open_keys)}".rstrip()
        )
    elif key not in known.open_keys:
        raise UsageError(
            f"{place}: {key} cannot be set here, since no file leaves it at `auto`. Set it in an "
            f"experiment or on the command line."
        )


def _check_value(place: str, key: str, value: Any) -> None:
    if value == AUTO:
        raise UsageError(f"{place}: {key}: `auto` is what a row replaces. Set a value.")


def _check_components(place: str, group: str, value: Any, known: Vocabulary) -> None:
    """Refuses what is no group of components of a group of several, each with its settings."""
    if not isinstance(value, Mapping):
        raise UsageError(
            f"{place}: {group}: must be a group such as {{NAME: {{}}}}, or {{}} for none at all."
        )
    for name, settings in value.items():
        key = f"{group}.{name}"
        _check_component(place, key, known)
        if not isinstance(settings, Mapping):
            raise UsageError(
                f"{place}: {key}: must be a group of settings, of which {{}} changes none."
            )
        for each, own in _flat(settings, key):
            _check_component(place, each, known)
            _check_value(place, each, own)


def _check_component(place: str, key: str, known: Vocabulary) -> None:
    """Refuses the key of a setting, or of a component of a group of several, that is unknown."""
    group, _, name = key.partition(".")
    if name in known.names.get(group, ()) or key in known.keys:
        return
    candidates = {f"{group}.{each}" for each in known.names.get(group, ())} | set(known.keys)
    raise UsageError(f"{place}: there is no '{key}'. {alike(key, candidates)}".rstrip())


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _flat(values: Any, path: str) -> Iterable[tuple[str, Any]]:
    """Each dotted key with its value."""
    for key, value in values.items() if isinstance(values, Mapping) else ():
        whole = f"{path}.{key}" if path else str(key)
        if isinstance(value, Mapping):
            yield from _flat(value, whole)
        else:
            yield whole, value
