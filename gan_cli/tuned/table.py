"""The rows of a table of settings, read from a YAML file."""

import functools
import io
import os
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from omegaconf import OmegaConf

from gan_cli import reading
from gan_cli.errors import UsageError, nearest
from gan_cli.keys import SEVERAL
from gan_cli.players import for_each

FILE = "tuned.yaml"
SHIPPED = f"conf/{FILE}"
PARTS = ("for", "set", "leave_out")
ARCHITECTURE = "architecture"
"""The group that a row may choose a file of; of the other groups it sets what is in them."""
CONDITIONS = ("dataset", ARCHITECTURE, "objective", "optimizer", "k")
"""What a condition may look at; a setting of one of them is written dataset.side."""


class Row(NamedTuple):
    """What is set where a configuration meets every condition.

    file: the file as the user knows it.
    number: the row's number in the file, from 1.
    conditions: the values that a dotted key may have.
    settings: the value of each dotted key. The value of a group of several components is a mapping
        from their names to their settings.
    leave_out: dotted keys whose values from the rows before do not fit here.
    usual: the keys whose value here is the usual one, whatever else is chosen.
    is_own: whether the file is the user's, and not the package's.
    """

    file: str
    number: int
    conditions: Mapping[str, Sequence[Any]]
    settings: Mapping[str, Any]
    leave_out: Sequence[str] = ()
    usual: Sequence[str] = ()
    is_own: bool = False


def both(shipped: Path, config_dir: Path | None) -> list[Row]:
    """The rows of the package's table and, after them, those of the user's, which win.

    Where the user's file has the name of the package's, that one is said to be gan's.

    Args:
        shipped: the package's file.
        config_dir: the folder of the user's own configuration files, which may hold a table.

    Raises:
        UsageError: naming the row and what is wrong with it.
    """
    own = config_dir / FILE if config_dir else None
    if own and (other := own.with_suffix(".yml")).is_file():
        raise UsageError(f"{other}: only {FILE} is read. Rename it.")
    if own is None or not os.path.lexists(own) or (own.exists() and own.samefile(shipped)):
        return read(shipped, SHIPPED, usual=True)
    rows = read(shipped, f"gan's {SHIPPED}" if str(own) == SHIPPED else SHIPPED, usual=True)
    return [*rows, *(row._replace(is_own=True) for row in read(own, str(own), usual=False))]


def read(path: Path, file: str, *, usual: bool) -> list[Row]:
    """Reads the rows of a file.

    Args:
        path: the file.
        file: how the user knows it.
        usual: whether rows about one component alone say what is usual for it, as those of the
            package do.

    Raises:
        UsageError: naming the row and what is wrong with it.
    """
    try:
        listed = _parsed(reading.yaml_text(reading.content(path, reading.LARGEST_YAML)))
    except MemoryError:
        raise
    except Exception as error:  # there is no end to what YAML raises
        reason = getattr(error, "strerror", None) or " ".join(str(error).split())
        raise UsageError(f"{file} cannot be read: {reason}.") from error
    if not isinstance(listed, list):
        raise UsageError(f"{file}: must be a list of rows, such as `- set: {{batch_size: 64}}`.")
    rows = [_row(each, file, number) for number, each in enumerate(listed, 1)]
    return [row._replace(usual=_within(row)) for row in rows] if usual else rows


@functools.lru_cache(maxsize=4)
def _parsed(text: str) -> Any:
    """What a YAML text holds, which nobody changes; one process may read one table many times."""
    return OmegaConf.to_container(OmegaConf.load(io.StringIO(text)))


def _row(values: Any, file: str, number: int) -> Row:
    place = f"{file}, row {number}"
    if not isinstance(values, dict):
        raise UsageError(f"{place}: must be a group of settings with `for` and `set`.")
    for part in values:
        if part not in PARTS:
            raise UsageError(f"{place}: a row has no part '{part}'. {nearest(str(part), PARTS)}")
    conditions, settings = values.get("for", {}), values.get("set", {})
    left_out = values.get("leave_out", [])
    for part, value in (("for", conditions), ("set", settings)):
        if not isinstance(value, dict):
            raise UsageError(f"{place}: `{part}` must be a group such as {{k: 5}}.")
    if not reading.fits(left_out, list[str]):
        raise UsageError(f"{place}: `leave_out` must be a list of keys.")
    wanted = {key: _wanted(place, key, each) for key, each in _dotted(conditions).items()}
    chosen = _dotted(settings)
    for key in wanted:
        head = key.partition(".")[0]
        if head not in CONDITIONS:
            raise UsageError(f"{place}: '{key}' is no condition. {nearest(head, CONDITIONS)}")
        if head == ARCHITECTURE and ARCHITECTURE in chosen:
            raise UsageError(
                f"{place}: `for` cannot look at the architecture where `set` chooses it."
            )
    return Row(file, number, wanted, chosen, for_each(left_out))


def _wanted(place: str, key: str, value: Any) -> list[Any]:
    """The values that a condition allows."""
    values = value if isinstance(value, list) else [value]
    if any(isinstance(each, dict) for each in values):
        raise UsageError(f"{place}: {key}: a condition is a value or a list of them.")
    return values


def _dotted(values: Mapping[Any, Any]) -> dict[str, Any]:
    """The values by dotted keys, one for both optimizers for each, which may have its own instead.

    A group of several components stays whole, and the name of a component stands for it.
    """
    found = [(for_each([key.removesuffix(".name")]), value) for key, value in _flat(values)]
    found.sort(key=lambda each: len(each[0]), reverse=True)
    return {own: value for keys, value in found for own in keys}


def _flat(values: Mapping[Any, Any], within: str = "") -> Iterator[tuple[str, Any]]:
    """The values of nested settings, each with its dotted key."""
    for key, value in values.items():
        whole = f"{within}{key}"
        if isinstance(value, dict) and value and whole not in SEVERAL:
            yield from _flat(value, f"{whole}.")
        else:
            yield whole, value


def _within(row: Row) -> list[str]:
    """The keys of a row that belong to the component which its conditions are about.

    Such as optimizer.generator.learning_rate in a row for `optimizer.generator: sgd`, and every key
    in a row without conditions.
    """
    return [key for key in row.settings if all(key.startswith(f"{c}.") for c in row.conditions)]
