"""What a table chooses for the settings that a configuration leaves at `auto`."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from gan_cli.errors import UsageError
from gan_cli.tuned.table import ARCHITECTURE, SHIPPED, Row
from gan_cli.tuned.words import in_words

AUTO = "auto"


class NotChosen(UsageError):
    """Settings of a component, such as those of regularizer.r1, that nothing chooses.

    group, name: of the component.
    choice: the components of the group that have to be chosen instead.
    """

    def __init__(self, group: str, name: str, choice: Sequence[str]) -> None:
        self.group, self.name, self.choice = group, name, choice
        super().__init__(f"{group}.{name}: {group}=[{','.join(choice)}] chooses the {group} first.")


class Choice(NamedTuple):
    """What was chosen.

    settings: the value for each dotted key that was `auto` and that a row sets.
    told: what differs from the usual settings, in words; empty where nothing does.
    """

    settings: dict[str, Any]
    told: str


def automatic(values: Mapping[str, Any], path: str = "") -> list[str]:
    """The dotted keys of a configuration that are `auto`.

    A group of several components, such as `regularizer`, is automatic where it has one named auto.
    """
    found = []
    for key, value in values.items():
        whole = f"{path}.{key}" if path else str(key)
        if key == AUTO:
            found.append(path)
        elif isinstance(value, Mapping):
            found += automatic(value, whole)
        elif value == AUTO:
            found.append(whole)
    return found


def choose(
    open_keys: Sequence[str],
    values: Mapping[str, Any],
    files: Mapping[str, str],
    rows: Iterable[Row],
) -> Choice:
    """Chooses a value for every open key that a row sets; the last row that fits wins.

    Args:
        open_keys: the dotted keys that are `auto`. Some of them may have an `auto` of their own.
        values: the configuration as nested plain values.
        files: the file that was chosen for each group, such as ring_pacgan for dataset.
        rows: the table, from general to particular.

    Raises:
        UsageError: if a group is automatic and no row says what is in it.
        NotChosen: if a component of an automatic group is set that nobody chose.
    """
    fitting = list(_fitting(open_keys, values, files, rows))
    last = {key: row for row in fitting for key in row.settings}
    usual = {key: row.settings[key] for row in fitting for key in row.usual}
    unfit = {key for row in fitting for key in row.leave_out}
    wanted = {k: row.settings[k] for k, row in last.items() if row.settings[k] != usual.get(k)}
    tuned = {key: value for key, value in _without(wanted, unfit).items() if key in open_keys}
    settings = {key: value for key, value in (usual | tuned).items() if key in open_keys}
    components = _of_components(open_keys, settings, wanted)
    settings |= components
    for key in open_keys:
        if key not in settings and isinstance(at(values, key), Mapping):
            raise UsageError(f"{key}=[{AUTO}]: no row of {SHIPPED} chooses for it.")
        if isinstance(settings.get(key), Mapping):
            _check_group(key, at(values, key))
    told = {
        key: _unless_given(value, at(values, key))
        for key, value in tuned.items()
        if value != usual.get(key)
    }
    for key, value in components.items():
        group, name, own = key.split(".", 2)
        told.setdefault(group, {}).setdefault(name, {})[own] = value
    left_out = [key for key in wanted if _is_missing(values, key)]
    left_out += [
        key for key in _leaves({k: wanted[k] for k in open_keys if k in wanted}) if key in unfit
    ]
    return Choice(
        {key: _merged(key, value, at(values, key)) for key, value in settings.items()},
        in_words(told, left_out, [last[key] for key in told]),
    )


def _of_components(
    open_keys: Sequence[str], settings: Mapping[str, Any], wanted: Mapping[str, Any]
) -> dict[str, Any]:
    """What the table sets of a component such as r1 that the user chose, where it is `auto`."""
    found = {}
    for key in open_keys:
        group, _, within = key.partition(".")
        if group not in settings and (value := at(wanted, group)) and key not in settings:
            found[key] = at(value, within)
    return {key: value for key, value in found.items() if value is not None}


def _check_group(key: str, given: Any) -> None:
    """Refuses a single value in the place of a component of a group of several."""
    for name, each in given.items() if isinstance(given, Mapping) else ():
        if not isinstance(each, Mapping):
            raise UsageError(
                f"{key}.{name}={each}: must be a group of settings, such as {key}.{name}.weight=1."
            )


def at(values: Mapping[str, Any], key: str) -> Any:
    """What is at a dotted key; None where nothing is."""
    node: Any = values
    for part in key.split("."):
        node = node.get(part) if isinstance(node, Mapping) else None
    return node


def _fitting(
    open_keys: Collection[str],
    values: Mapping[str, Any],
    files: Mapping[str, str],
    rows: Iterable[Row],
) -> Iterator[Row]:
    """The rows that fit; a condition on a setting that is open looks at what the rows before set.

    The architecture is the one that is composed, even where it is a row's choice.
    """
    chosen: dict[str, Any] = {}
    for row in rows:
        if _fits(row, values, files, chosen):
            settings = row.settings.items()
            chosen |= {k: v for k, v in settings if k in open_keys and k != ARCHITECTURE}
            yield row


def _fits(
    row: Row, values: Mapping[str, Any], files: Mapping[str, str], chosen: Mapping[str, Any]
) -> bool:
    """Whether a configuration meets every condition of a row."""
    return all(
        _is_one_of(
            chosen[key] if key in chosen else at(values, key),
            files.get(key.replace(".", "/")),
            wanted,
        )
        for key, wanted in row.conditions.items()
    )


def _is_one_of(value: Any, file: str | None, wanted: Sequence[Any]) -> bool:
    """Whether a value, or the name of a component or of its file, is wanted.

    Of both optimizers each has to be.
    """
    if not isinstance(value, Mapping):
        return value in wanted
    if "name" in value:
        return value["name"] in wanted or file in wanted
    return all(_is_one_of(each, None, wanted) for each in value.values())


def _without(wanted: Mapping[str, Any], unfit: Collection[str]) -> dict[str, Any]:
    """The settings without those that do not fit, and groups without such components."""
    return {
        key: {name: own for name, own in value.items() if f"{key}.{name}" not in unfit}
        if isinstance(value, Mapping)
        else value
        for key, value in wanted.items()
        if key not in unfit
    }


def _leaves(settings: Mapping[str, Any]) -> list[str]:
    """The keys of settings, and for a group those of its components."""
    return [
        whole
        for key, value in settings.items()
        for whole in ([f"{key}.{name}" for name in value] if isinstance(value, Mapping) else [key])
    ]


def _is_missing(values: Mapping[str, Any], key: str) -> bool:
    """Whether a component that was chosen has no such setting, as sgd has no b1."""
    component, _, name = key.rpartition(".")
    parent = at(values, component) if component else None
    return isinstance(parent, Mapping) and name not in parent


def _merged(key: str, value: Any, given: Any) -> Any:
    """A chosen value; in a group of several components what the user gave stays and wins.

    Raises:
        NotChosen: if the user gave a setting of a component that nobody chose.
    """
    if not isinstance(value, Mapping):
        return value
    own = {name: each for name, each in given.items() if name != AUTO}
    chosen = {
        name: {"name": name, **each, **_set(own.get(name, {}))} for name, each in value.items()
    }
    for name, each in own.items():
        if name not in chosen and "name" not in each:
            raise NotChosen(key, name, [AUTO, name])
    return own | chosen


def _set(given: Mapping[str, Any]) -> dict[str, Any]:
    """The settings of a component that are not left to the table."""
    return {key: value for key, value in given.items() if value != AUTO}


def _unless_given(value: Any, given: Any) -> Any:
    """A chosen value; of a group's components only those settings that the user did not give."""
    if not isinstance(value, Mapping):
        return value
    return {
        name: {key: each for key, each in own.items() if key not in _set(given.get(name, {}))}
        for name, own in value.items()
    }
