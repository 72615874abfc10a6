"""The birthday test of a G: how many different samples it has, beside the data."""

import math
from typing import Any

from gan_cli.theory.birthday import Birthday, Support
from gan_cli.theory.findings.base import Expected, Findings, table
from gan_cli.theory.findings.birthday_picture import CAPTION, draw

SIGMAS = 3.0  # the standard errors that an estimate may be off


def findings(what: str, tolerance: str, found: Birthday) -> Findings:
    """Shows how many different samples a G has.

    Args:
        what: the run and its step, in words.
        tolerance: where the tolerance comes from, as a clause.
        found: the test.
    """
    numbers = {
        "run": what,
        "tolerance": found.tolerance,
        "tolerance_is": tolerance,
        "generator": _numbers(found.generator),
        "data": _numbers(found.data),
        "data_exact": None if found.exact is None else 1 / found.exact,
        "batches": None
        if found.batches is None
        else {
            "size": found.batches.size,
            "number": found.batches.number,
            "share_with_a_pair": found.batches.share.value,
            "standard_error": found.batches.share.error,
            "expected": expected_share(found),
        },
    }
    pictures = {"birthday.png": draw(found, title(found))}
    captions = {"birthday.png": CAPTION}
    return Findings(numbers, lines(what, tolerance, found), pictures, expected(found), captions)


def expected(found: Birthday) -> list[Expected]:
    """The data's own support where it is known, and how often a batch holds a pair."""
    rows = []
    if found.exact is not None:
        size, (c, error) = found.data.size, found.data.collision
        within = size * error / c if c else math.inf
        rows.append(
            Expected("support of the data", 1 / found.exact, (size, within), SIGMAS * within)
        )
    if found.batches is not None:
        size, _, (share, error) = found.batches
        rows.append(
            Expected(
                f"share of batches of {size} samples with a pair",
                expected_share(found),
                (share, error),
                SIGMAS * error,
            )
        )
    return rows


def _numbers(support: Support) -> dict[str, Any]:
    return {
        "examples": support.n,
        "duplicate_pairs": support.pairs,
        "collision_probability": support.collision.value,
        "standard_error": support.collision.error,
        "support": support.size,
        "low": support.low,
        "high": support.high,
        "draws_for_a_pair": support.draws,
    }


def expected_share(found: Birthday) -> float:
    """The share of batches of that size that hold a pair, 1 - exp(-s (s - 1) c / 2)."""
    assert found.batches is not None
    s = found.batches.size
    return -math.expm1(-s * (s - 1) * found.generator.collision.value / 2)


def lines(what: str, tolerance: str, found: Birthday) -> list[str]:
    """A table of G and the data, and what it means."""
    rows = [_line("G", found.generator), _line("data", found.data)]
    if found.exact is not None:
        size = 1 / found.exact
        draws = f"{max(2.0, math.sqrt(2 * size * math.log(2))):,.0f}"
        rows.append(("data, exact", "", "", _count(size), "", draws))
    head = ("", "examples", "duplicate pairs", "support N", "95 % interval", "draws for a pair")
    told = [
        f"{what}.",
        f"Two samples are duplicates if their distance is at most {found.tolerance:.4g}, which is",
        f"{tolerance}.",
        "If two are with probability c, the support is N = 1 / c: there are as many different ones",
        "as if all were drawn from N equally likely ones, and about sqrt(2 N log 2) draws hold a",
        "pair of duplicates with probability 1/2.",
        "",
        *table("<>>>>>", head, *rows),
        "",
    ]
    if found.batches is None:
        told.append(
            "Batches that should hold a pair half of the time need more samples than these."
        )
    else:
        size, count, (share, error) = found.batches
        told.append(
            f"Of {count:,} batches of {size:,} samples of G, {share:.3f} +- {error:.3f} hold a "
            f"pair (expected {expected_share(found):.3f})."
        )
    return [*told, *verdict(found)]


def _line(name: str, support: Support) -> tuple[str, ...]:
    size = _count(support.size) if support.pairs else f"above {_count(support.low)}"
    interval = f"{_count(support.low)} to {_count(support.high)}" if support.pairs else ""
    draws = f"{support.draws:,.0f}" if support.pairs else ""
    return (name, f"{support.n:,}", f"{support.pairs:,}", size, interval, draws)


def _count(size: float) -> str:
    """A size in as many digits as are worth reading."""
    if not math.isfinite(size):
        return "infinity"
    digits = max(0, len(f"{size:.0f}") - 3)
    return f"{round(size, -digits):,.0f}" if size >= 100 else f"{size:.3g}"


def verdict(found: Birthday) -> list[str]:
    """Whether G has fewer different samples than the data, if the intervals tell."""
    mine = found.generator
    if found.exact is not None:
        low = high = 1 / found.exact
    else:
        low, high = found.data.low, found.data.high
    if mine.high < low:
        return ["G has fewer different samples than the data: it repeats itself."]
    if mine.low > high:
        return ["G has more different samples than the data: its samples are spread more widely."]
    return ["The samples of G repeat no more and no less than the data does, within the errors."]


def title(found: Birthday) -> str:
    """The finding in two lines."""
    mine = found.generator
    size = (
        f"{_count(mine.size)} (95 %: {_count(mine.low)} to {_count(mine.high)})"
        if mine.pairs
        else f"above {_count(mine.low)}"
    )
    if found.exact is not None:
        data = f"{_count(1 / found.exact)} exactly"
    else:
        data = _count(found.data.size) if found.data.pairs else f"above {_count(found.data.low)}"
    return (
        f"G's support, by pairs within {found.tolerance:.3g}, is {size}; that of the data is {data}"
        f"\n{verdict(found)[0].rstrip('.')}"
    )
