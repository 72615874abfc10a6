"""Words that a command takes no more of, with the command line that was meant."""

import os
import re
import shlex
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

TOLD = re.compile(r"unexpected extra argument\S* \((.*)\)")
SELF_CONTAINED = re.compile(r"[=(]")
"""What a word holds that stands for itself, such as p=normal(0,1), and is no part of another."""
REMOVE = ("clean", "delete", "remove", "rm")
"""What the deletion of runs is called elsewhere."""
ABOUT_ONE = ("gan describe", "gan list")
"""The commands that tell of what is named."""


def meant(error: Any, words: Sequence[str], command: str) -> str | None:
    """What to write in place of a command line with too many words; None where nobody can tell.

    Args:
        error: a usage error of Typer's.
        words: the command line.
        command: the command that was called, such as gan theory bias.
    """
    refused = TOLD.search(error.format_message())
    called = getattr(getattr(error, "ctx", None), "command", None)
    if refused is None or called is None:
        return None
    options = {name: each for each in called.params for name in each.opts if name[:1] == "-"}
    arguments = [each for each in called.params if each.param_type_name == "argument"]
    alone = list(_free(words[command.count(" ") :], options, command.count(" ")))
    extra = next(
        (alone[i:] for i in range(len(alone)) if _joined(words, alone[i:]) == refused[1]), []
    )
    if not extra:
        return None
    return (
        _in_quotes(words, extra, options)
        or (None if arguments else _named(words, extra, options, command))
        or (None if len(arguments) != 1 else _separate(words, alone, options, command))
    )


def _free(words: Sequence[str], options: dict[str, Any], first: int) -> Iterator[int]:
    """The places of the words that are neither options nor their values."""
    is_value = False
    for place, word in enumerate(words, first):
        if is_value or word[:1] == "-":
            option = None if is_value else options.get(word)
            is_value = option is not None and not option.is_flag
        else:
            yield place


def _joined(words: Sequence[str], places: Sequence[int]) -> str:
    return " ".join(words[place] for place in places)


def _in_quotes(words: Sequence[str], extra: Sequence[int], options: dict[str, Any]) -> str | None:
    """The value or the name that these words belong to, in quotes; None where they do not."""
    last, first = words[extra[-1]], extra[0]
    together = [*range(first, extra[-1] + 1)] == [*extra]
    if not together or any(SELF_CONTAINED.search(words[place]) for place in extra) or not last:
        return None
    before, begun = words[first - 1], words[first - 2 : first - 1]
    name, equals, value = before.partition("=")
    option = name if equals else next(iter(begun), "")
    whole = f"{value if equals else before} {_joined(words, extra)}"
    if option in options and not options[option].is_flag:
        known = options[option]
        if known.multiple:
            values = [value if equals else before, *(words[place] for place in extra)]
            start = first - 1 if equals else first - 2
            each = [word for one in values for word in (option, one)]
            line = _line([*words[:start], *each, *words[extra[-1] + 1 :]])
            return f"Each is an option of its own: {line}"
        if known.metavar == "TEXT":
            return f"A value with brackets belongs in quotes, as in {option} '{known.default}'"
        is_number = re.fullmatch(r"[\d.]+", value if equals else before)
        written = f"{name}={whole}" if equals else whole
        line = _line([*words[: first - 1], written, *words[extra[-1] + 1 :]])
        return None if is_number else f"A value with spaces belongs in quotes: {line}"
    if Path(whole).exists():
        line = _line([*words[: first - 1], whole, *words[extra[-1] + 1 :]])
        return f"A name with spaces belongs in quotes: {line}"
    return None


def _named(
    words: Sequence[str], extra: Sequence[int], options: dict[str, Any], command: str
) -> str | None:
    """Words of a command that takes options alone, as the options that they stand for.

    steps=9 stands for --steps 9, and texts without a name for the first options that take one.
    """
    given = {word.partition("=")[0] for word in words}
    free = [name for name, each in options.items() if each.metavar == "TEXT" and name not in given]
    meant = {place: _option(words[place], options) for place in extra}
    if not all(meant.values()) and len(extra) <= len(free):
        pairs = zip(extra, free, strict=False)
        meant = {place: [name, words[place]] for place, name in pairs}
    if not all(meant.values()):
        return None
    return f"{command} takes options alone: {_line(_with_options(words, meant))}"


def _separate(
    words: Sequence[str], alone: Sequence[int], options: dict[str, Any], command: str
) -> str | None:
    """What several words stand for where a command takes one; None where nobody can tell.

    Args:
        words: the command line.
        alone: the places of the words that are neither options nor their values.
        options: the command's options by name.
        command: the command.
    """
    named = [words[place] for place in alone]
    first, *others = map(shlex.quote, named)
    if command in ABOUT_ONE:
        if choice := _choice(named):
            return f"A choice is written with its group: gan describe {choice}"
        then = "".join(f", then {command} {word}" for word in others)
        return f"{command} tells of one at a time: {command} {first}{then}"
    if command == "gan runs" and (line := _of_runs(words, alone)):
        return line
    if command == "gan runs" and all("=" in word for word in others):
        conditions = {place: ["--where", words[place]] for place in alone[1:]}
        line = _line(_with_options(words, conditions))
        return f"Each condition is an option of its own: {line}"
    meant = {place: _option(words[place], options) for place in alone[1:]}
    if all(meant.values()):
        return f"An option is written with dashes: {_line(_with_options(words, meant))}"
    place = alone[-1]
    is_file = not ("=" in words[place] or words[place].isdecimal())
    if "--out" in options and "--out" not in words and len(others) == 1 and is_file:
        if Path(words[place]).exists():
            return None
        line = _line(_with_options(words, {place: ["--out", words[place]]}))
        return f"Where it is written is an option: {line}"
    return None


def _of_runs(words: Sequence[str], alone: Sequence[int]) -> str | None:
    """How several runs are listed, or deleted; None where other words were typed."""
    named = [words[place] for place in alone]
    if named[0] in REMOVE and len(named) == 2:
        line = [word for place, word in enumerate(words) if place != alone[0]]
        return f"Runs are deleted by an option: {_line([*line, '--delete'])}"
    if not all(Path(word).is_dir() for word in named):
        return None
    above = os.path.relpath(os.path.commonpath([Path(word).absolute() for word in named]))
    others = [word for place, word in enumerate(words) if place not in alone[1:]]
    line = [above if place == alone[0] else word for place, word in enumerate(others)]
    return f"gan runs lists all below one folder: {_line(line)}"


def _option(word: str, options: dict[str, Any]) -> list[str]:
    """--seed and 3 for seed=3; nothing where there is no such option."""
    name, equals, value = word.partition("=")
    known = options.get(f"--{name.replace('_', '-')}")
    return [known.opts[0], value] if equals and known is not None and not known.is_flag else []


def _with_options(words: Sequence[str], meant: dict[int, list[str]]) -> list[str]:
    """The command line with other words in some places."""
    return [each for place, word in enumerate(words) for each in meant.get(place, [word])]


def _line(words: Sequence[str]) -> str:
    """The whole command line, to be pasted."""
    return shlex.join(["gan", *words])


def _choice(named: Sequence[str]) -> str | None:
    """Such as objective=wgan for objective and wgan; None where they are no group and choice."""
    from gan_cli.reference.files import choices

    group, name = (*named, "", "")[:2]
    return f"{group}={name}" if len(named) == 2 and name in choices().get(group, {}) else None
