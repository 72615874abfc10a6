"""A command line that Typer refuses, told in one sentence."""

import shlex
from collections.abc import Sequence
from typing import Any

WITH_SETTINGS = ("train", "bench")
"""The commands that take overrides of any setting."""


def sentence(error: Any, words: Sequence[str]) -> str:
    """What is wrong with a command line, and how a setting that looks like an option is written.

    Args:
        error: a usage error of Typer's.
        words: the command line.
    """
    message: str = error.format_message()
    if override := _override(error, words):
        option = error.option_name
        return f"{option} is no option. Settings are written without dashes: {override}"
    ending = "" if message.endswith((".", "?")) else "."
    return message and f"{message}{ending} 'gan --help' tells more."


def _override(error: Any, words: Sequence[str]) -> str | None:
    """The override that an unknown option stands for; None where it stands for none."""
    command = getattr(getattr(error, "ctx", None), "command", None)
    if not hasattr(error, "option_name") or getattr(command, "name", None) not in WITH_SETTINGS:
        return None
    from gan_cli import compose, parsing

    option: str = error.option_name
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
