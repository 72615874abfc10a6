"""Names in a table of settings, checked against the configuration files that there are."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from gan_cli.errors import UsageError, alike, nearest
from gan_cli.tuned.choice import AUTO
from gan_cli.tuned.table import ARCHITECTURE, Row


class Vocabulary(NamedTuple):
    """What a table can speak of.

    names: the names that can be chosen in each group, such as ring for dataset.
    keys: the dotted keys of all settings.
    open_keys: those of them that some file leaves at `auto`.
    """

    names: Mapping[str, Collection[str]]
    keys: Collection[str]
    open_keys: Collection[str]


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
    values: dict[str, set[str]] = {}
    for group, name, path, settings in files:
        if group and name != AUTO:
            names.setdefault(group, set()).update({name, str(settings.get("name", name))})
        for key, value in _flat(settings, path):
            values.setdefault(key, set()).add(str(value))
    return Vocabulary(names, set(values), {key for key, found in values.items() if AUTO in found})


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
            if name not in known.names[group]:
                raise UsageError(
                    f"{place}: {key}: {name}: there is no such {group.partition('/')[0]}. "
                    f"{nearest(str(name), known.names[group])}"
                )
    elif key not in known.keys:
        raise UsageError(f"{place}: there is no setting '{key}'. {alike(key, known.keys)}".rstrip())


def _check_setting(place: str, key: str, value: Any, known: Vocabulary) -> None:
    if isinstance(value, Mapping) and key in known.names:
        for name, settings in value.items():
            _check_component(place, f"{key}.{name}", known)
            for each, _ in _flat(settings, f"{key}.{name}"):
                _check_component(place, each, known)
    elif key == ARCHITECTURE:
        if value not in known.names[key]:
            raise UsageError(
                f"{place}: architecture={value}: no such architecture. "
                f"{nearest(str(value), known.names[key])}"
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


def _check_component(place: str, key: str, known: Vocabulary) -> None:
    """Refuses the key of a setting, or of a component of a group of several, that is unknown."""
    group, _, name = key.partition(".")
    if name in known.names.get(group, ()) or key in known.keys:
        return
    candidates = {f"{group}.{each}" for each in known.names.get(group, ())} | set(known.keys)
    raise UsageError(f"{place}: there is no '{key}'. {alike(key, candidates)}".rstrip())


def _flat(values: Any, path: str) -> Iterable[tuple[str, Any]]:
    """Each dotted key with its value."""
    for key, value in values.items() if isinstance(values, Mapping) else ():
        whole = f"{path}.{key}" if path else str(key)
        if isinstance(value, Mapping):
            yield from _flat(value, whole)
        else:
            yield whole, value
