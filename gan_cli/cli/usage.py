"""A command line that Typer refuses, told in one sentence."""

import re
import shlex
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from gan_cli.cli import extra_words, other_commands
from gan_cli.errors import nearest
from gan_cli.synonyms import SYNONYMS, closest

WITH_SETTINGS = ("train", "bench")
"""The commands that take overrides of any setting."""
GROUPS = ("data", "theory")
"""The commands that have commands of their own."""
OF_FILES, IMPORT = "--config-dir", "--import"
"""What a new run may need for components of the user's own; one that is trained needs the last."""
NAMED = {"root", "run", "runs"}
"""What the arguments are called that name folders and runs."""
VALUES = {
    r"Input should be a valid integer.*|.* is not a valid int.*": "a whole number",
    r"Input should be a valid number.*|.* is not a valid float.*": "a number",
    r"Input should be greater than or equal to (.+)": "at least {0}",
    r"Input should be less than or equal to (.+)": "at most {0}",
    r".*'.*' is not one of (.+?)\.?": "one of {0}",
}
"""What the value of an option must be, by what Typer says of it."""


def sentence(error: Any, words: Sequence[str]) -> str:
    """What is wrong with a command line, and how a setting that looks like an option is written.

    Args:
        error: a usage error of Typer's.
        words: the command line.
    """
    message: str = error.format_message()
    command, option = _command(error, words), _option(error, words)
    if option and (meant := _option_meant(error, option)):
        return f"{option} is no option. One with a whole word has two dashes: {meant}"
    if option and (line := _with_settings(error, option, words)):
        return f"{option} is no option. Settings are written without dashes: {line}"
    if meant := extra_words.meant(error, words, command):
        return meant
    own = _options(error) if option else []
    if option == OF_FILES and IMPORT in own:
        message = f"{option} is no option. A run keeps its configuration: {IMPORT} MODULE is enough"
    elif option and own:
        meant = (
            _alike(option, own)
            or _as_argument(option, error, words)
            or _advice(option, error)
            or _elsewhere(option, error)
        )
        message = f"{option} is no option. {meant or nearest('', own)}"
    elif refused := _refused_value(error, words):
        message = refused
    elif "Did you mean" not in message and (line := other_commands.meant(error, command, words)):
        message = f"{message} Did you mean '{line}'?"
    ending = "" if message.endswith((".", "?")) else "."
    return message and f"{message}{ending} '{command} --help' tells more."


def _options(error: Any) -> list[str]:
    """The options of the command that knows none of the name that was typed."""
    if not hasattr(error, "possibilities"):  # as of one whose value is missing
        return []
    return _long(getattr(getattr(error, "ctx", None), "command", None))


def _long(command: Any) -> list[str]:
    """The options of a command by their long names."""
    return [each.opts[0] for each in getattr(command, "params", ()) if each.opts[0][:2] == "--"]


def _advice(option: str, error: Any) -> str:
    """What to do in place of an option of other programs, where a command takes settings."""
    if getattr(getattr(error, "ctx", None), "info_name", None) not in WITH_SETTINGS:
        return ""
    from gan_cli.composition.advice import ADVICE

    return ADVICE.get(_name(option).casefold(), "")


def _as_argument(option: str, error: Any, words: Sequence[str]) -> str:
    """How a folder or a run is named by a command that takes it without an option."""
    context: Any = getattr(error, "ctx", None)
    known = [each.name for each in context.command.params if each.param_type_name == "argument"]
    place = next((n for n, word in enumerate(words) if word.partition("=")[0] == option), None)
    is_place = {"hydra.run.dir", "root"} & {*SYNONYMS.get(_name(option), ())}
    if place is None or not (is_place or _name(option) in NAMED) or not {*known} & NAMED:
        return ""
    equals, value = words[place].partition("=")[1:]
    line = [*words[:place], *([value] if equals else []), *words[place + 1 :]]
    return f"It is named without an option: {shlex.join(['gan', *line])}"


def _elsewhere(option: str, error: Any) -> str:
    """The commands that have an option, in a sentence; nothing where none or many have."""
    context: Any = getattr(error, "ctx", None)
    commands = getattr(context.find_root().command, "commands", {}) if context else {}
    having = [f"'gan {name}'" for name, each in commands.items() if option in _long(each)]
    known = "has" if len(having) == 1 else "have"
    return f"{' and '.join(having)} {known} it." if 0 < len(having) < 3 else ""


def _alike(option: str, own: Sequence[str]) -> str:
    """The option that resembles what was typed, in a question; nothing where none does."""
    names = {_name(each): each for each in own}
    if option[:2] != "--":  # -M for --multirun
        begun = [each for name, each in names.items() if name.startswith(_name(option).casefold())]
        return f"Did you mean '{begun[0]}'?" if len(begun) == 1 else ""
    close = closest(_name(option), names)
    return f"Did you mean '{names[close]}'?" if close else ""


def _name(option: str) -> str:
    return option.lstrip("-").replace("-", "_")


def _refused_value(error: Any, words: Sequence[str]) -> str | None:
    """Why the value of an option is refused, in the words of a setting; None for other reasons."""
    names = getattr(getattr(error, "param", None), "opts", [])
    for pattern, required in VALUES.items():
        if found := re.fullmatch(pattern, getattr(error, "message", "")):
            name = next((each for each in names if each in _typed(words)), "")
            must_be = required.format(*found.groups())
            return f"{name} {_typed(words)[name]}: must be {must_be}" if name else None
    return None


def _typed(words: Sequence[str]) -> dict[str, str]:
    """The value after each option, whether a space or an equals sign is between them."""
    parts = [word.partition("=") for word in words]
    following = [*words[1:], ""]
    return {
        name: value if equals else after
        for (name, equals, value), after in zip(parts, following, strict=True)
        if name[:1] == "-"
    }


def _command(error: Any, words: Sequence[str]) -> str:
    """The command that was called, such as gan theory bias."""
    context, names = getattr(error, "ctx", None), []
    if context is None:  # of an option without its value
        called = words[: 2 if words[:1] and words[0] in GROUPS else 1]
        return " ".join(["gan", *(word for word in called if not word.startswith("-"))])
    while context is not None and context.parent is not None:
        names.append(context.info_name)
        context = context.parent
    return " ".join(["gan", *reversed(names)])


def _option(error: Any, words: Sequence[str]) -> str | None:
    """The unknown option as it was typed, of which Typer names the first letter after one dash."""
    name: str | None = getattr(error, "option_name", None)
    if name is None or name.startswith("--"):
        return name
    typed = (word.partition("=")[0] for word in words if word[:1] == "-" and word[:2] != "--")
    return next((word for word in typed if name[1:] in word), name)


def _option_meant(error: Any, option: str) -> str | None:
    """The option that a whole word after one dash stands for, such as --resume for -resume."""
    known = getattr(getattr(error, "ctx", None), "command", None)
    names = {name for each in getattr(known, "params", ()) for name in each.opts}
    return f"-{option}" if f"-{option}" in names else None


def _with_settings(error: Any, option: str, words: Sequence[str]) -> str | None:
    """The command line with settings in the place of unknown options; None where there are none.

    Args:
        error: a usage error of Typer's.
        option: the first unknown option, as it was typed.
        words: the command line.
    """
    context: Any = getattr(error, "ctx", None)
    if getattr(getattr(context, "command", None), "name", None) not in WITH_SETTINGS:
        return None
    from gan_cli.composition import compose, parsing

    known = {name for each in context.command.get_params(context) for name in each.opts}
    typed = [word.partition("=")[0] for word in words if word[:1] == "-"]
    whole = [name for name in typed if name[:2] == "--" or len(name) == 2]
    unknown = [option, *(name for name in whole if name not in known)]
    with compose.hydra() as program:
        keys = {
            name: parsing.setting(program, name.lstrip("-").replace("-", "_")) for name in unknown
        }
    return shlex.join(["gan", *_replaced(words, keys)]) if keys[option] else None


def _replaced(words: Sequence[str], keys: Mapping[str, str | None]) -> Iterator[str]:
    """Words in which options with a key, such as --steps 9, are overrides, such as steps=9."""
    rest = [*words]
    while rest:
        word = rest.pop(0)
        name, equals, value = word.partition("=")
        key = keys.get(name)
        if key and not equals and rest and not rest[0].startswith("-"):
            value = rest.pop(0)
        yield f"{key}={value or 'VALUE'}" if key else word
