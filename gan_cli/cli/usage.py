"""A command line that Typer refuses, told in one sentence."""

import re
import shlex
from collections.abc import Sequence
from typing import Any

WITH_SETTINGS = ("train", "bench")
"""The commands that take overrides of any setting."""
GROUPS = ("data", "theory")
"""The commands that have commands of their own."""


def sentence(error: Any, words: Sequence[str]) -> str:
    """What is wrong with a command line, and how a setting that looks like an option is written.

    Args:
        error: a usage error of Typer's.
        words: the command line.
    """
    message: str = error.format_message()
    option = _option(error, words)
    if option and (meant := _option_meant(error, option)):
        return f"{option} is no option. One with a whole word has two dashes: {meant}"
    if option and (override := _override(error, option, words)):
        return f"{option} is no option. Settings are written without dashes: {override}"
    if named := _named(error, words):
        return f"{_command(error, words)} takes options alone: {_command(error, words)} {named}"
    ending = "" if message.endswith((".", "?")) else "."
    return message and f"{message}{ending} '{_command(error, words)} --help' tells more."


def _named(error: Any, words: Sequence[str]) -> str | None:
    """Arguments of a command that takes options alone, as the options that they stand for.

    p=TEXT stands for --p TEXT, and texts without a name for the first options that take one.
    """
    refused = re.search(r"unexpected extra argument\S* \((.*)\)", error.format_message())
    options = getattr(getattr(getattr(error, "ctx", None), "command", None), "params", ())
    if not refused or not all(each.param_type_name == "option" for each in options):
        return None
    texts = [each.opts[0] for each in options if each.metavar == "TEXT"]
    extra = [word for word in words if word in refused[1]]
    parts = [word.partition("=") for word in extra]
    if all(f"--{name}" in texts and value for name, _, value in parts):
        return " ".join(f"--{name} {shlex.quote(value)}" for name, _, value in parts)
    free = [name for name in texts if name not in {word.partition("=")[0] for word in words}]
    if " ".join(extra) != refused[1] or len(extra) > len(free):
        return None
    return " ".join(f"{name} {shlex.quote(word)}" for name, word in zip(free, extra, strict=False))


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


def _override(error: Any, option: str, words: Sequence[str]) -> str | None:
    """The override that an unknown option stands for; None where it stands for none."""
    command = getattr(getattr(error, "ctx", None), "command", None)
    if getattr(command, "name", None) not in WITH_SETTINGS:
        return None
    from gan_cli.composition import compose, parsing

    with compose.hydra() as program:
        key = parsing.setting(program, option.lstrip("-").replace("-", "_"))
    return key and f"{key}={shlex.quote(_value(option, words))}"


def _value(option: str, words: Sequence[str]) -> str:
    """What stands after an option, or VALUE."""
    for word, following in zip(words, [*words[1:], ""], strict=True):
        name, equals, value = word.partition("=")
        if name == option:
            given = value if equals else following
            return given if given and not given.startswith("-") else "VALUE"
    return "VALUE"
