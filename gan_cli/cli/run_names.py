"""What runs are called: by what tells each apart from the others."""

import textwrap
from collections import Counter
from collections.abc import Callable, Sequence
from datetime import datetime

from gan_cli.comparison.groups import grouped, untold_in_words
from gan_cli.comparison.run import Run
from gan_cli.console import printable
from gan_cli.runs import RunDirectory

LONGEST = 80
"""The most characters of what tells a run apart."""


def names(found: Sequence[Run], spelled: Callable[[str], str] = str) -> list[str]:
    """What tells each run apart from the others, in the order of the runs, in one line.

    Runs that are equal, and those of which it would take too long to tell, are told by the time at
    which they started.

    Args:
        found: the runs.
        spelled: how what tells a run apart has to be spelled.
    """
    groups = grouped(found)
    seeds = len({run.seed for run in found})
    seeded = seeds > 1 and any(len(group.runs) > 1 for group in groups)
    told = {
        run.path: spelled(
            _in_one_line(
                [
                    *([group.name] if len(groups) > 1 else []),
                    *([f"seed={run.seed}"] if seeded else []),
                ]
            )
        )
        for group in groups
        for run in group.runs
    }
    alike = Counter(told.values())
    named = [
        name
        if (name := told[run.path]) and alike[name] == 1 and len(name) <= LONGEST
        else f"{_shortened(name)} {_started(run)}".strip()
        for run in found
    ]
    again = Counter(named)
    seen: Counter[str] = Counter()
    for place, name in enumerate(named):
        if again[name] > 1:
            seen[name] += 1
            named[place] = f"{name} ({seen[name]})"
    return named


def left_out(found: Sequence[Run]) -> str:
    """A sentence about what runs differ in beside what their names tell; nothing where all is."""
    also = untold_in_words(found)
    return f"The runs differ in {also}, too, which their names leave out." if also else ""


def _in_one_line(parts: Sequence[str]) -> str:
    return printable(" ".join(parts)).replace("\n", " ")


def _shortened(name: str) -> str:
    """As many whole words of a name as there is room for."""
    return textwrap.shorten(name, LONGEST, placeholder=" ...", break_long_words=False)


def _started(run: Run) -> str:
    """When a run started, such as 2026-11-27 18-14-58."""
    seconds = RunDirectory(run.path).started() / 1e9
    return datetime.fromtimestamp(seconds).strftime("%Y-%m-%d %H-%M-%S")
