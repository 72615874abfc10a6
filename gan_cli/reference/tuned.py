"""The rows of the table of settings, written as overrides."""

import dataclasses
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from gan_cli.composition.compose import conf_directory
from gan_cli.keys import SEVERAL
from gan_cli.players import for_both, for_each
from gan_cli.reference.entries import Setting, override
from gan_cli.tuned import table


@dataclasses.dataclass(frozen=True)
class Told:
    """A row of the table.

    place: the file and the number of the row.
    conditions: the values of which a configuration has one, by their keys.
    settings: what the row sets, as overrides.
    left_out: the keys whose values from the rows before do not fit.
    """

    place: str
    conditions: dict[str, list[str]]
    settings: list[str]
    left_out: list[str]


def rows(config_dir: Path | None) -> list[Told]:
    """The rows of the package's table, and then those of the user's own, which win."""
    return [
        Told(
            f"{row.file}, row {row.number}",
            {key: [_shown(value) for value in names] for key, names in row.conditions.items()},
            [line for key, value in _joined(row.settings) for line in _overrides(key, value)],
            list(row.leave_out),
        )
        for row in table.both(conf_directory() / table.FILE, config_dir)
    ]


def _joined(settings: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    """Settings, of which what both players have alike is told once."""
    told = set()
    for key, value in settings.items():
        both = for_both(key)
        own = for_each([both])
        alike = both != key and all(each in settings and settings[each] == value for each in own)
        whole = both if alike else key
        if whole not in told:
            yield whole, value
        told.add(whole)


def _shown(value: Any) -> str:
    return override(Setting("", "", value, "")).removeprefix("=")


def _overrides(key: str, value: Any) -> Iterator[str]:
    """A setting as overrides; that of a group of several chooses them and sets what each has."""
    if not isinstance(value, Mapping):
        yield override(Setting(key, "", value, ""))
        return
    if key in SEVERAL:
        yield f"{key}=[{','.join(map(str, value))}]"
    for name, inner in value.items():
        yield from _overrides(f"{key}.{name}", inner)
