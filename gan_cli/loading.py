"""The strict load of plain values into a typed dataclass, with errors that name the setting."""

import dataclasses
import re
import types
import typing
from collections.abc import Mapping
from typing import Annotated, Any, Literal, TypeVar

from gan_cli import bounds, own_code, several
from gan_cli.component import REGISTRY, Component
from gan_cli.errors import UsageError, nearest

T = TypeVar("T")

MAX_FLOAT = 3.4028234e38

_NOUNS = {int: "a whole number", float: "a number", bool: "true or false", str: "a text"}
_HINTS = {(int, float): ", without point or exponent", (str, bool): " in quotes"}
_EXAMPLES = {int: "128,128", float: "0.5,0.5", str: "a,b"}

IMPORT = "--import MODULE"
"""What names a module with components of the user's own, on the command line."""


def construct(cls: type[T], values: Any, path: str = "") -> T:
    """Builds a dataclass from plain values and checks every one of them.

    Args:
        cls: the dataclass. For a component without a name, such as Objective, the value of `name`
            chooses the class among the registered ones of its group.
        values: a mapping from the names of the fields to plain values, nested as the fields are.
        path: where the values stand in the configuration, such as "optimizer.generator".

    Returns:
        The instance: lists have become tuples, and whole numbers are floats where the field is one.

    Raises:
        UsageError: for an unknown key, a missing key, a wrong type or a value out of its bounds;
            it names the key by its whole path.
    """
    if not isinstance(values, Mapping):
        place = f"{path}={_shown(values)}" if path else "the configuration"
        raise UsageError(f"{place}: must be a group of settings, not a single value.")
    rest = dict(values)
    if getattr(cls, "group", None) is not None and "name" not in vars(cls):
        cls = _chosen(cls, rest.pop("name", None), path)
    fields = {field.name: field for field in dataclasses.fields(cls)}  # type: ignore[arg-type]
    for key in rest:
        if key not in fields:
            owner = f" of {cls.group} '{cls.name}'" if issubclass(cls, Component) else ""
            hint = nearest(str(key), fields)
            raise UsageError(f"{_join(path, key)}: no such setting{owner}. {hint}")
    kinds = typing.get_type_hints(cls, include_extras=True)
    plain_first = sorted(rest, key=lambda key: isinstance(rest[key], Mapping))
    arguments = {key: _field(kinds[key], rest[key], _join(path, key)) for key in plain_first}
    for key, field in fields.items():
        if key not in arguments and field.default is field.default_factory is dataclasses.MISSING:
            raise UsageError(f"{_join(path, key)}: missing from the configuration.")
    made = cls(**arguments)
    if hasattr(made, "validate"):
        try:
            made.validate()
        except UsageError as error:
            raise UsageError(_join(path, str(error))) from error
        except ValueError as error:
            why = f"{own_code.reason(error)}{own_code.place(error)}"
            raise UsageError(f"{path or 'the configuration'}: {why}.") from error
    return made


def _chosen(base: Any, name: Any, path: str) -> Any:
    """The registered component of that name in the group of `base`."""
    known = REGISTRY.get(base.group, {})
    if not isinstance(name, str) or name not in known:
        raise UsageError(
            f"{_join(path, 'name')}={_shown(name)}: no such {base.group} is known. "
            f"{nearest(str(name), known)} If the {base.group} is your own code, name its Python "
            f"module: {IMPORT}."
        )
    return known[name]


def _field(kind: Any, value: Any, path: str) -> Any:
    """A field's value; where there can be one alone, a list's error says how each is trained."""
    try:
        return _value(kind, value, path)
    except UsageError as error:
        found = _several(value)
        is_own = str(error).startswith(f"{path}=")
        if len(found) < 2 or not is_own or not all(_fits(kind, each, path) for each in found):
            raise
        sweep = several.sweep(path, [*map(_shown, found)])
        raise UsageError(f"{error} For a run with each: {sweep}") from error


def _several(value: Any) -> list[Any]:
    """The values of a list, which may be given as a text; none where it is no list."""
    if isinstance(value, str):
        return several.values(value)
    return [*value] if isinstance(value, list | tuple) else []


def _fits(kind: Any, value: Any, path: str) -> bool:
    """Whether a field may have a value."""
    try:
        _value(kind, value, path)
    except UsageError:
        return False
    return True


def _value(kind: Any, value: Any, path: str) -> Any:
    """`value` as the annotated type `kind`, or an error that says what it must be."""
    origin, options = typing.get_origin(kind), typing.get_args(kind)
    if origin is Annotated:
        return _within(options[1:], _value(options[0], value, path), path)
    if origin is Literal:
        if any(type(value) is type(option) and value == option for option in options):
            return value
        words = value.split(",") if isinstance(value, str) else []
        if len(words) > 1 and all(word.strip() in options for word in words):
            raise UsageError(f"{path}={value}: only one can be chosen.")
        hint = nearest(value if isinstance(value, str) else "", map(str, options))
        raise UsageError(f"{path}={_shown(value)}: not a choice. {hint}")
    if origin in (typing.Union, types.UnionType):
        return _either(options, value, path)
    if origin is tuple:
        if isinstance(value, str) and re.fullmatch(r"\[.*\]", value):
            value = [word.strip() for word in value[1:-1].split(",")]
        if isinstance(value, list | tuple):
            return tuple(_value(options[0], item, f"{path}[{i}]") for i, item in enumerate(value))
        example = _EXAMPLES[_without_bounds(options[0])]
        raise UsageError(
            f"{path}={_shown(value)}: must be a list such as [{example}]{_unchosen(value)}."
        )
    if origin is Mapping:
        if isinstance(value, Mapping):
            return {key: _value(options[1], each, _join(path, key)) for key, each in value.items()}
        raise UsageError(f"{path}={_shown(value)}: must be a group of settings.")
    if dataclasses.is_dataclass(kind) or getattr(kind, "is_component", False):
        return construct(kind, value, path)
    return _scalar(kind, value, path)


def _either(options: tuple[Any, ...], value: Any, path: str) -> Any:
    """`value` as one of several kinds: null or a word where they are among them, else the first."""
    literals = [option for option in options if typing.get_origin(option) is Literal]
    words = [word for literal in literals for word in typing.get_args(literal)]
    if value in words or (value is None and type(None) in options):
        return value
    kind = next(o for o in options if o is not type(None) and o not in literals)
    try:
        return _value(kind, value, path)
    except UsageError as error:
        if not words:
            raise
        raise UsageError(f"{str(error).removesuffix('.')}, or {' or '.join(words)}.") from error


def _scalar(kind: type, value: Any, path: str) -> Any:
    """A single number, truth value or text of the type `kind`."""
    if kind is not str and isinstance(value, str):
        value = _read(kind, value)
    is_number = type(value) in (int, float)
    if kind is float and is_number:
        if abs(value) <= MAX_FLOAT:
            return float(value)
        raise UsageError(f"{path}={value}: must be a finite number of single precision.")
    if kind is str and is_number:
        return str(value)
    if type(value) is kind:
        return value
    hint = _HINTS.get((kind, type(value)), "") + _unchosen(value)
    if kind is int and isinstance(value, float) and value.is_integer():
        hint += f": {int(value)}"
    raise UsageError(f"{path}={_shown(value)}: must be {_NOUNS[kind]}{hint}.")


def _read(kind: type, text: str) -> Any:
    """A number or a truth value that was given as a text; the text where it is none.

    What a file leaves at null, as a text may be, is composed as it was typed.
    """
    if kind is bool:
        return {"true": True, "false": False}.get(text.lower(), text)
    for number in (int, float):
        try:
            return number(text)
        except ValueError:
            continue
    return text


def _unchosen(value: Any) -> str:
    """The end of an error where no row of the table of settings chose a value."""
    return "; conf/tuned.yaml chooses none for it" if value == "auto" else ""


def _within(annotations: tuple[Any, ...], value: Any, path: str) -> Any:
    """The same value, if it lies within every bound."""
    for bound in annotations:
        if not bounds.holds(bound, value):
            required = bounds.requirement(bound)
            raise UsageError(f"{path}={_shown(value)}: must be {required}.")
    return value


def _without_bounds(kind: Any) -> Any:
    return typing.get_args(kind)[0] if typing.get_origin(kind) is Annotated else kind


def _shown(value: Any) -> str:
    """A value as YAML writes it."""
    if value is None:
        return "null"
    return str(value).lower() if isinstance(value, bool) else str(value)


def _join(path: str, key: str) -> str:
    return f"{path}.{key}" if path else key
