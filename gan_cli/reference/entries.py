"""Everything about one choice, read from docstrings, dataclass fields and YAML files."""

import dataclasses
import inspect
import itertools
import re
import types
import typing
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from gan_cli.bounds import requirement
from gan_cli.component import REGISTRY
from gan_cli.composition.compose import conf_directory
from gan_cli.config import Experiment
from gan_cli.errors import UsageError
from gan_cli.keys import SEVERAL
from gan_cli.reference import docstrings
from gan_cli.reference.files import Choices, File, read, told

EXAMPLES = {"metric": "gan evaluate latest --metric {}"}
"""The example for a choice, by its group, where it is not a training."""

NOUNS = {int: "whole number", float: "number", bool: "true or false", str: "text"}


@dataclasses.dataclass(frozen=True)
class Setting:
    """One key of the configuration."""

    key: str
    type: str
    default: Any
    meaning: str


@dataclasses.dataclass(frozen=True)
class Entry:
    """Everything that is known about a choice, or about the root of the configuration.

    component: the full name of its class.
    formulas: what the class's methods say of themselves.
    settings: its settings, with the keys of the first player where each player has its own.
    prefixes: what stands before the keys, for each player.
    example: a command that uses it, or None where none can choose it.
    fault: why the YAML file of it cannot be chosen, where it cannot.
    """

    name: str
    purpose: str
    component: str | None = None
    explanation: Sequence[str] = ()
    formulas: Mapping[str, str] = dataclasses.field(default_factory=dict)
    settings: Sequence[Setting] = ()
    prefixes: Sequence[str] = ()
    source: str = ""
    example: str | None = None
    fault: str = ""


def purpose(group: str, name: str, known: Choices) -> str:
    """What a choice is for, in one sentence: a component's own, or the first of its YAML file.

    Of a file that cannot be read it is why, so that all others are listed.
    """
    if name in REGISTRY.get(group, {}):
        return docstrings.read(REGISTRY[group][name]).purpose
    try:
        comment = "\n".join(told(read(known[group][name])))
    except UsageError as error:
        return str(error)
    first = re.split(r"(?<=\.)(?:\n| (?=[A-Z]))", comment)[0].replace("\n", " ")
    return f"{first}." if first and not first.endswith(".") else first


def describe(group: str, name: str, known: Choices) -> Entry:
    """Everything about one choice: a component, preset values of one, or an overlay."""
    choice, path = f"{group}={name}", known[group][name]
    file, summary = read(path), purpose(group, name, known)
    cls: Any = REGISTRY.get(group, {}).get(file.values.get("name", name))
    if cls:
        entry = _of_component(cls, group, file, prefer_comments=cls.name != name)
    else:
        entry = Entry(choice, summary, settings=_overlay(file, known))
    rest = " ".join(told(file)).removeprefix(summary.rstrip(".")).lstrip(". ")
    comment = [rest] if rest else []
    explanation = [*entry.explanation, *comment]
    if entry.name != choice:  # preset values of a component
        explanation = [*comment, f"{entry.name}: {entry.purpose}", *entry.explanation]
    trained = _example(choice, file, entry) if path else ""
    example = EXAMPLES.get(group, trained).format(name)
    return dataclasses.replace(
        entry, name=choice, purpose=summary, explanation=explanation, example=example or None
    )


def describe_root(known: Choices) -> Entry:
    """Everything about the settings that belong to no group, and the choices made by default."""
    file = read(conf_directory() / "config.yaml")
    defaults = [each for each in file.values["defaults"] if isinstance(each, Mapping)]
    several = {k: v for each in defaults for k, v in each.items() if isinstance(v, list)}
    settings = _commented(_fields(Experiment, file.values | several), file, prefer=True)
    return Entry(
        "",
        "What gan train does without arguments: its choices, and the settings outside all groups.",
        settings=[*_chosen(file, known), *settings],
        example="gan train k=5 steps=2000 seed=1",
    )


def _of_component(cls: Any, group: str, file: File, *, prefer_comments: bool) -> Entry:
    """What a component's class says, with the values and the comments of a YAML file."""
    doc = docstrings.read(cls)
    players = [f"{player}." for each in file.values.get("defaults", []) for player in each]
    within = f"{group}.{cls.name}." if group in SEVERAL else f"{group}."
    prefixes = [f"{within}{player}" for player in players or [""]]
    settings = _commented(_fields(cls, file.values), file, prefer=prefer_comments)
    return Entry(
        f"{group}={cls.name}",
        doc.purpose,
        component=f"{cls.__module__}.{cls.__qualname__}",
        explanation=doc.paragraphs,
        formulas=_formulas(cls),
        settings=[dataclasses.replace(s, key=prefixes[0] + s.key) for s in settings],
        prefixes=prefixes,
        source=doc.source,
    )


def _fields(cls: type[Any], given: Mapping[str, Any], within: str = "") -> Iterator[Setting]:
    """The settings of a dataclass and of those in it, with values that go before its defaults."""
    meanings = docstrings.read(cls).fields
    hints = typing.get_type_hints(cls, include_extras=True)
    for field in dataclasses.fields(cls):
        key, hint, value = f"{within}{field.name}", hints[field.name], field.default
        if field.default_factory is not dataclasses.MISSING:
            value = field.default_factory()
        value = given.get(field.name, value)
        if dataclasses.is_dataclass(hint) and value is not dataclasses.MISSING:
            inner = value if isinstance(value, Mapping) else vars(value)
            yield from _fields(typing.cast(type, hint), inner, f"{key}.")
        elif typing.get_origin(hint) is Mapping:
            yield Setting(key, "list of choices", given.get(key, []), meanings.get(field.name, ""))
        elif not hasattr(hint, "is_component"):  # one of those without a value is a group
            known = "???" if value is dataclasses.MISSING else value
            kind = type_name(hint) + _unless_chosen(value, field.default)
            yield Setting(key, kind, known, meanings.get(field.name, ""))


def _unless_chosen(value: Any, usual: Any) -> str:
    """What auto stands for where the table of settings chooses it: usually the field's default."""
    if value != "auto" or isinstance(usual, str):
        return ""
    shown = list(usual) if isinstance(usual, tuple) else usual
    return f"; auto is {shown}, or what suits the other choices"


def _commented(settings: Iterator[Setting], file: File, *, prefer: bool) -> list[Setting]:
    """Settings with the comments of a file where their fields have no meaning, or `prefer` them."""
    found = []
    for setting in settings:
        comment, meaning = file.comments.get(setting.key, ""), setting.meaning
        best = (prefer and comment) or meaning or comment
        found.append(dataclasses.replace(setting, meaning=best))
    return found


def _overlay(file: File, known: Choices) -> list[Setting]:
    """The choices and the values that an overlay such as an experiment sets."""
    chosen = list(_chosen(file, known))
    settings = {s.key: s for s in describe_root(known).settings}
    for choice in chosen:
        entry = describe(choice.key, choice.default, known)
        for prefix, setting in itertools.product(entry.prefixes, entry.settings):
            key = prefix + setting.key.removeprefix(entry.prefixes[0])
            settings[key] = dataclasses.replace(setting, key=key)
    stated = (
        dataclasses.replace(settings.get(key, Setting(key, "", None, "")), default=value)
        for key, value in _flat(file.values)
    )
    return chosen + _commented(stated, file, prefer=True)


def _chosen(file: File, known: Choices) -> Iterator[Setting]:
    """The choices of groups that a file's defaults list makes."""
    entries = [each for each in file.values.get("defaults", []) if isinstance(each, Mapping)]
    for key, name in (item for each in entries for item in each.items()):
        group = key.removeprefix("override ").strip("/")
        if isinstance(name, str) and name in known.get(group, {}):
            yield Setting(group, "choice", name, purpose(group, name, known))


def _flat(values: Mapping[str, Any], within: str = "") -> Iterator[tuple[str, Any]]:
    for key, value in values.items():
        if isinstance(value, Mapping):
            yield from _flat(value, f"{within}{key}.")
        elif key != "defaults":
            yield f"{within}{key}", value


def _formulas(cls: type[Any]) -> dict[str, str]:
    """What a component says of the methods that its group's contracts ask for."""
    group = next(base for base in cls.__mro__ if "group" in vars(base))
    contracts = [b for b in cls.__mro__ if issubclass(b, group) and "name" not in vars(b)]
    found = {}
    for name, method in itertools.chain(*(vars(base).items() for base in reversed(contracts))):
        own = inspect.getattr_static(cls, name)
        if inspect.isfunction(method) and own is not method and own.__doc__:
            found[name] = " ".join(inspect.cleandoc(own.__doc__).partition("\n\n")[0].split())
    return found


def _example(choice: str, file: File, entry: Entry) -> str:
    """The command that the file's header shows, or one that names the first simple setting."""
    simple = [override(s) for s in entry.settings if isinstance(s.default, bool | int | float)]
    own = " ".join(["gan train", choice, *(simple[:1] if entry.component else [])])
    return next((line for line in file.header if line.startswith("gan train ")), own)


def type_name(hint: Any) -> str:
    """A field's annotation in words, such as "whole number, at least 1"."""
    origin, options = typing.get_origin(hint), typing.get_args(hint)
    if origin is typing.Annotated:
        words = "; ".join(filter(None, map(requirement, options[1:])))
        return ", ".join(filter(None, [type_name(options[0]), words]))
    if origin is typing.Literal:
        return ", ".join(map(str, options[:-1])) + f" or {options[-1]}"
    if origin in (typing.Union, types.UnionType):
        return " or ".join("null" if o is type(None) else type_name(o) for o in options)
    if origin is tuple:
        return f"list, each a {type_name(options[0])}"
    return NOUNS.get(hint) or str(getattr(hint, "__name__", hint))


def override(setting: Setting) -> str:
    """A setting as the command line writes it."""
    value = setting.default
    if isinstance(value, list | tuple):
        return f"{setting.key}=[{','.join(map(str, value))}]"
    text = str(value).lower() if isinstance(value, bool) else "null" if value is None else value
    return f"{setting.key}={text}"
