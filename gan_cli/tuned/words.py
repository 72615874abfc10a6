"""What a table chose, in one line for the user."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from gan_cli.keys import flat
from gan_cli.tuned.table import Row


def in_words(settings: Mapping[str, Any], left_out: Sequence[str], rows: Sequence[Row]) -> str:
    """Such as "learning rate 0.001, latent 8 (conf/tuned.yaml, rows 1 and 4)".

    Args:
        settings: the values by their dotted keys; a group's value is a mapping.
        left_out: the dotted keys of values that do not fit.
        rows: the rows that the settings are from.
    """
    parts = _settings(settings)
    if rows:
        parts[-1] += f" ({_places(rows)})"
    if left_out:
        parts.append(f"left out {_list(_unique(map(_name, left_out)))}")
    return ", ".join(parts)


def _settings(settings: Mapping[str, Any]) -> list[str]:
    """Each setting with its value; one that both players have alike is named once."""
    players: dict[tuple[str, str], list[str]] = {}
    for key, value in settings.items():
        if isinstance(value, Mapping):
            told = [(name, _components(own)) for name, own in value.items()] or [(f"no {key}", "")]
        else:
            told = [(_name(key), _value(value))]
        player = key.split(".")[1] if key.startswith("optimizer.") else ""
        for each in told:
            players.setdefault(each, []).append(player)
    return [
        " ".join(filter(None, [names[0] if len(names) == 1 else "", *told]))
        for told, names in players.items()
    ]


def _components(settings: Mapping[str, Any]) -> str:
    return " ".join(f"{_name(key)} {_value(value)}" for key, value in flat(settings))


def _name(key: str) -> str:
    """What a setting is called, such as `learning rate`; a schedule's kind is the schedule."""
    group, _, name = key.removesuffix(".kind").rpartition(".")
    within = "schedule " if group.endswith("schedule") else ""
    return within + name.replace("_", " ")


def _value(value: Any) -> str:
    """A value as YAML writes it, a number as short as it can be."""
    if isinstance(value, bool):
        return str(value).lower()
    return f"{value:g}" if isinstance(value, float) else str(value)


def _places(rows: Sequence[Row]) -> str:
    """The files, each with the numbers of its rows."""
    numbers: dict[str, set[int]] = {}
    for row in rows:
        numbers.setdefault(row.file, set()).add(row.number)
    return "; ".join(
        f"{file}, {'row' if len(found) == 1 else 'rows'} {_list(map(str, sorted(found)))}"
        for file, found in numbers.items()
    )


def _unique(names: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(names))


def _list(words: Iterable[str]) -> str:
    *most, last = words
    return f"{', '.join(most)} and {last}" if most else last
