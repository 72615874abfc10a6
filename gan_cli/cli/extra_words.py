"""Words that a command takes no more of, with the command line that was meant."""

import re
import shlex
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

TOLD = re.compile(r"unexpected extra argument\S* \((.*)\)")
SELF_CONTAINED = re.compile(r"[=(]")
"""What a word holds that stands for itself, such as p=normal(0,1), and is no part of another."""
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
        _in_quotes(words, extra, options, command)
        or (None if arguments else _named([words[i] for i in extra], words, options, command))
        or (None if len(arguments) != 1 else _separate([words[i] for i in alone], options, command))
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


def _in_quotes(
    words: Sequence[str], extra: Sequence[int], options: dict[str, Any], command: str
) -> str | None:
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
        if known.metavar == "TEXT":
            return f"A value with brackets belongs in quotes, as in {option} '{known.default}'"
        is_number = re.fullmatch(r"[\d.]+", value if equals else before)
        quoted = f"{command} {option} {shlex.quote(whole)}"
        return None if is_number else f"A value with spaces belongs in quotes: {quoted}"
    if Path(whole).exists():
        return f"A name with spaces belongs in quotes: {command} {shlex.quote(whole)}"
    return None


def _named(
    extra: Sequence[str], words: Sequence[str], options: dict[str, Any], command: str
) -> str | None:
    """Words of a command that takes options alone, as the options that they stand for.

    steps=9 stands for --steps 9, and texts without a name for the first options that take one.
    """
    given = {word.partition("=")[0] for word in words}
    free = [name for name, each in options.items() if each.metavar == "TEXT" and name not in given]
    parts = [word.partition("=") for word in extra]
    own = [options.get(f"--{name.replace('_', '-')}") for name, _, _ in parts]
    if all(each is not None and not each.is_flag for each in own) and all(p[2] for p in parts):
        pairs = [(each.opts[0], p[2]) for each, p in zip(own, parts, strict=True) if each]
    elif len(extra) <= len(free):
        pairs = [*zip(free, extra, strict=False)]
    else:
        return None
    typed = " ".join(f"{name} {shlex.quote(value)}" for name, value in pairs)
    return f"{command} takes options alone: {command} {typed}"


def _separate(named: Sequence[str], options: dict[str, Any], command: str) -> str | None:
    """What several words stand for where a command takes one; None where nobody can tell."""
    first, *others = map(shlex.quote, named)
    if command in ABOUT_ONE:
        if choice := _choice(named):
            return f"A choice is written with its group: gan describe {choice}"
        then = "".join(f", then {command} {word}" for word in others)
        return f"{command} tells of one at a time: {command} {first}{then}"
    if command == "gan runs" and all("=" in word for word in others):
        conditions = " ".join(f"--where {word}" for word in others)
        return f"Each condition is an option of its own: {command} {first} {conditions}"
    if "--out" in options and len(others) == 1 and not Path(named[1]).exists():
        return f"Where it is written is an option: {command} {first} --out {others[0]}"
    return None


def _choice(named: Sequence[str]) -> str | None:
    """Such as objective=wgan for objective and wgan; None where they are no group and choice."""
    from gan_cli.reference.files import choices

    group, name = (*named, "", "")[:2]
    return f"{group}={name}" if len(named) == 2 and name in choices().get(group, {}) else None
