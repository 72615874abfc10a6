"""Settings that one command line gives more than once, of which Hydra would take the last."""

import itertools
import shlex
from collections.abc import Iterable, Sequence

from hydra.core.override_parser.overrides_parser import OverridesParser
from hydra.core.override_parser.types import Override
from hydra.errors import HydraException

from gan_cli import several
from gan_cli.composition.overrides import key_of
from gan_cli.errors import UsageError
from gan_cli.keys import SEVERAL

MANY = 20
"""No sweep of more values than these is suggested."""


def once(lines: Sequence[str], *, can_sweep: bool) -> list[str]:
    """The overrides of a command line, of which one that is repeated word for word stands once.

    ~k, +k=1 and ++k=1 give the same setting as k=1.

    Args:
        lines: what was typed.
        can_sweep: whether the command trains several runs with -m.

    Raises:
        UsageError: if a setting is given with two values, with the sweep that may be meant.
    """
    given: dict[str, dict[str, None]] = {}
    for line in filter(_gives, lines):
        given.setdefault(key_of(line), {})[line] = None
    for key, different in given.items():
        if len(different) > 1:
            count = "twice" if len(different) == 2 else f"{len(different)} times"
            *others, last = map(shlex.quote, different)
            told = f"{key} is given {count}, as {', '.join(others)} and {last}."
            raise UsageError(f"{told} {_instead(key, list(different), can_sweep=can_sweep)}")
    return [
        line for place, line in enumerate(lines) if not (_gives(line) and line in lines[:place])
    ]


def changed(lines: Sequence[str], own: Sequence[str]) -> list[str]:
    """Overrides with others in the place of those of the same settings."""
    keys = {*map(key_of, own)}
    return [*(line for line in lines if key_of(line) not in keys), *own]


def _gives(line: str) -> bool:
    return bool(key_of(line)) and ("=" in line or line.startswith("~"))


def _instead(key: str, lines: Sequence[str], *, can_sweep: bool) -> str:
    """What to write in place of several overrides of one setting."""
    is_sweepable = not key.startswith(("hydra", "distributed."))
    each = [value for line in lines for value in _values(line)]
    known = [*dict.fromkeys(filter(None, each))]
    if not (can_sweep and is_sweepable and 1 < len(known) <= MANY and all(each)):
        return "Give it once."
    together = shlex.quote(f"{key}={_together(known)}")
    all_ = f", such as {together} for all of them" if key in SEVERAL else ""
    return f"Give it once{all_}. For a run with each: {several.sweep(key, known)}"


def _together(lists: Iterable[str]) -> str:
    """One list of what stands in several, such as [r1,r2] for [r1] and [r2]."""
    names = itertools.chain.from_iterable(map(several.values, lists))
    return f"[{','.join(dict.fromkeys(names))}]"


def _values(line: str) -> list[str | None]:
    """The values of an override as they are typed, or None where they cannot be listed."""
    if line.startswith("~"):
        return [None]
    try:
        read: Override = OverridesParser.create().parse_override(line)
    except HydraException:
        return [None]
    if not read.is_sweep_override():
        return [line.partition("=")[2]]
    if not read.is_discrete_sweep():
        return [None]
    try:
        return [*itertools.islice(read.sweep_string_iterator(), MANY + 1)]
    except HydraException:  # a glob, which only the files of a group can tell
        return [None]
