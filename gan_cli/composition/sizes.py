"""How large overrides may be, and how many members they may ask for."""

import math
from collections.abc import Sequence

from hydra.core.override_parser.types import ChoiceSweep, Override, RangeSweep

from gan_cli.errors import UsageError
from gan_cli.yaml_size import DEPTH, long_number, nesting

MEMBERS = 10_000
CHARACTERS = 100_000
SHOWN = 40


def check_override(line: str) -> None:
    """Refuses an override that is too long, too deep, or holds a number that is too long.

    Raises:
        UsageError: with the beginning of the override.
    """
    begin = line if len(line) <= SHOWN else f"{line[:SHOWN]}..."
    if len(line) > CHARACTERS:
        raise UsageError(
            f"{begin}: {len(line):,} characters are too many for an override: "
            f"{CHARACTERS:,} at most. Write the values into a file for --config-dir."
        )
    if (deep := nesting(line)) > DEPTH:
        raise UsageError(
            f"{begin}: its brackets are nested {deep} levels deep, and {DEPTH} are allowed."
        )
    if (why := long_number(line)) is not None:
        raise UsageError(f"{begin}: {why}.")


def check_members(parsed: Sequence[Override]) -> None:
    """Refuses a sweep of too many members, before they are listed.

    Raises:
        UsageError: with the number of members.
    """
    swept = [each for each in parsed if each.is_sweep_override() and each.is_discrete_sweep()]
    total = math.prod(_count(each) for each in swept)
    if not total <= MEMBERS:  # which nan is not
        lines = " ".join(str(each.input_line) for each in swept)
        count = f"{total:,.0f}" if math.isfinite(total) else "infinitely many"
        raise UsageError(
            f"{lines}: the sweep would have {count} members; {MEMBERS:,} are possible at most. "
            "Sweep over fewer values, or part by part."
        )


def _count(override: Override) -> float:
    """How many values a swept override has."""
    value = override.value()
    if not isinstance(value, RangeSweep):
        names = value.list if isinstance(value, ChoiceSweep) else override.sweep_string_iterator()
        return sum(1 for _ in names)
    assert value.start is not None
    assert value.stop is not None
    if value.step == 0:
        raise UsageError(f"{override.input_line}: the step of a range cannot be 0.")
    count: float = -((value.start - value.stop) // value.step)
    return 0 if count < 0 else count
