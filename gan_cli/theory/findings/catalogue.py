"""The catalogue of known numbers: one table of statement, expected, found and error."""

from collections.abc import Sequence

from gan_cli.theory.catalogue import Known
from gan_cli.theory.findings.base import Expected, Findings, number, table, yes

DIGITS = 9
PAIRS = [
    "Bern are the Bernoulli laws p = (.5, .5) and q = (.1, .9), Gauss N(0, 1) and N(1, 1). The",
    "dynamics are those of the Dirac-GAN with steps of .1: the eigenvalue is the one with the",
    "largest real part, differentiated automatically, and moduli are fitted to updates.",
]


def findings(found: Sequence[Known]) -> Findings:
    """Shows all numbers."""
    rows = [Expected(each.statement, each.expected, each.found, each.within) for each in found]
    numbers = {
        f"{each.command}: {each.statement}": {
            "expected": each.expected,
            "found": each.found.value,
            "error": row.error,
            "holds": row.holds,
        }
        for each, row in zip(found, rows, strict=True)
    }
    return Findings(numbers, lines(found, rows), {}, rows)


def lines(found: Sequence[Known], rows: Sequence[Expected]) -> list[str]:
    """The table, and how many of its numbers agree."""
    head = ("gan theory", "statement", "expected", "found", "error", "holds")
    cells = [
        (
            each.command,
            each.statement,
            f"{each.expected:.8g}",
            number(each.found, DIGITS),
            f"{row.error:.0e}",
            yes(row.holds),
        )
        for each, row in zip(found, rows, strict=True)
    ]
    held = sum(row.holds for row in rows)
    return [
        *PAIRS,
        "",
        *table("<<>>><", head, *cells),
        "",
        f"{held} of {len(rows)} numbers agree to the digits that are known.",
    ]
