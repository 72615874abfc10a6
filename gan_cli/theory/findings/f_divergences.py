"""Nine f-divergences in three ways: a table of values, with reasons for what falls short."""

import math
import textwrap
from collections.abc import Sequence
from typing import Any

from gan_cli.theory.f_divergences import FDivergences, Row
from gan_cli.theory.findings.base import (
    Expected,
    Findings,
    counted,
    number,
    table,
    yes,
)
from gan_cli.theory.findings.f_divergence_reasons import remarks, short_by, why
from gan_cli.theory.findings.f_divergences_picture import CAPTION, direct, draw

DIGITS = 7
HELD = 6
"""The digits of a number that a D gives in float32."""
WIDTH = 98  # of a line of text
STATEMENT = [
    "D_f(P, Q) = E_Q f(p / q). For any T with values in the domain of f*, the conjugate of f,",
    "F(T) = E_P T - E_Q f*(T) is at most D_f, and it is D_f for T* = f'(p / q).",
    "",
]


def findings(p: str, q: str, found: FDivergences) -> Findings:
    """Shows what was found of the distributions written p and q."""
    numbers = {name: _numbers(row) for name, row in found.rows.items()}
    pictures = {"f_divergences.png": draw(found, title(p, q, found))}
    captions = {"f_divergences.png": CAPTION}
    return Findings(numbers, lines(p, q, found), pictures, expected(found), captions)


def expected(found: FDivergences) -> list[Expected]:
    """F(T*) beside the direct value, and the trained D within what is asked of it."""
    rows = [row for row in found.rows.values() if math.isfinite(row.direct.value)]
    attained = (
        Expected(f"{row.label}: F(T*)", row.direct.value, row.variational, 1e-6) for row in rows
    )
    trained = (
        Expected(f"{row.label}: by a trained D", row.direct.value, row.trained, row.allowed)
        for row in rows
        if row.trained
    )
    return [*attained, *trained]


def _numbers(row: Row) -> dict[str, Any]:
    return {
        "label": row.label,
        "direct": row.direct.value,
        "direct_error": row.direct.error,
        "log_direct": row.log_direct,
        "variational": row.variational.value,
        "variational_error": row.variational.error,
        "trained": row.trained and row.trained.value,
        "trained_error": row.trained and row.trained.error,
        "short_by": row.short_by,
        "gap": row.gap,
        "within": row.within,
        "others": row.others,
        "others_give_less": row.others_give_less if row.others else None,
        "others_as_good": row.as_good,
        "reason": why(row) or None,
    }


def lines(p: str, q: str, found: FDivergences) -> list[str]:
    """A table of the values, and the reasons of what is infinite or falls short."""
    head: tuple[str, ...] = ("", "direct", "F(T*)", "other T less")
    cells = [
        (row.label, direct(row, DIGITS), _attained(row), _less(row)) for row in found.rows.values()
    ]
    if found.updates:
        head = (*head[:3], "trained D", "short by", head[3])
        cells = [
            (*cell[:3], number(row.trained, HELD), short_by(row), cell[3])
            for cell, row in zip(cells, found.rows.values(), strict=True)
            if row.trained
        ]
    trained = (
        f" Each D is an MLP after {counted(found.updates, 'update')}. What it falls short by is a "
        "part of the value, or where that is next to 0 a number in its unit."
    )
    notes = [
        "All in nats or without unit." + (trained if found.updates else ""),
        f"The last column says whether each of {count(found)} other T gives less than T*.",
        *remarks(found),
    ]
    return [
        *STATEMENT,
        f"p = {p}",
        f"q = {q}",
        "",
        *table("<" + ">" * (len(head) - 2) + "<", head, *cells),
        "",
        *(line for note in notes for line in textwrap.wrap(note, WIDTH)),
    ]


def _attained(row: Row) -> str:
    """F(T*), which is not computed where float64 does not hold it."""
    return "" if row.log_direct is not None else number(row.variational, DIGITS)


def _less(row: Row) -> str:
    """Whether the other T give less than T*, or how many of them do."""
    if not row.as_good or not row.others:
        return yes(row.others_give_less) if row.others else ""
    return f"{len(row.others) - len(row.as_good)} of {len(row.others)}, the others as much"


def count(found: FDivergences) -> int:
    """How many other T there are."""
    return max(len(row.others) for row in found.rows.values())


def title(p: str, q: str, found: FDivergences) -> str:
    """The finding in two lines."""
    finite = [row for row in found.rows.values() if not math.isinf(row.direct.value)]
    apart = max(
        abs(row.variational.value - row.direct.value) / max(1.0, abs(row.direct.value))
        for row in finite
    )
    infinite = sum(math.isinf(row.direct.value) for row in found.rows.values() if row.why)
    beyond = len(found.rows) - len(finite) - infinite
    parts = [
        f"{many} of {len(found.rows)} are {what}"
        for many, what in ((infinite, "infinite"), (beyond, "beyond float64"))
        if many
    ]
    return (
        f"p = {p}, q = {q}: F(T*) = $E_P T^* - E_Q f^*(T^*)$ is $E_Q f(p/q)$ to within "
        f"{apart:.0e}{''.join(f'; {part}' for part in parts)}\n{_of_trained(found, finite)}"
    )


def _of_trained(found: FDivergences, finite: Sequence[Row]) -> str:
    """What the trained D and the other T reach, in one line."""
    no_less = any(row.as_good for row in finite)
    others = f"each of {count(found)} other T gives {'no more' if no_less else 'less'}"
    if not found.updates:
        return f"p and q are mutually singular, so no continuous D is the best; {others}"
    worst = max(finite, key=lambda row: row.gap or 0.0)
    if not worst.gap or worst.gap <= 0:
        least = max(finite, key=lambda row: row.short_by or 0.0)
        return (
            f"A trained D falls short by {short_by(least)}, most of all of {least.label}; {others}"
        )
    return f"A trained D falls short by {short_by(worst)}, most of all of {worst.label}; {others}"
