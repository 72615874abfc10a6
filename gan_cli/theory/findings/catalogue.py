"""The catalogue of known numbers: one table of statement, expected, found and error."""

from collections.abc import Sequence

from gan_cli.theory.catalogue import TRAINED, Entry
from gan_cli.theory.findings.base import Expected, Findings, number, table, yes

DIGITS = 9
RELATIONS = {"=": "", "<=": "at most ", ">=": "at least "}
NOTES = [
    "Bern are the Bernoulli laws p = (.5, .5) and q = (.1, .9), Gauss N(0, 1) and N(1, 1). D* is",
    "that of Bern, found by minimising the losses of gan train. The two normals are N(0, I) and",
    "N((1, 2), [[2, 1], [1, 2]]). The dynamics are those of the Dirac-GAN, with steps of .1 if no",
    "other is named: eigenvalues are differentiated automatically, and moduli fitted to updates.",
    "gan theory SUBJECT shows more of a subject, but for spectral-norm, which is what gan train",
    "architecture.spectral_norm=true does, and perfect-samples, which are judged by metric=modes.",
]


def findings(found: Sequence[Entry]) -> Findings:
    """Shows all numbers."""
    rows = [Expected(*known) for _, known in found]
    numbers = {
        f"{subject}: {known.statement}": {
            "expected": known.expected,
            "relation": known.relation,
            "found": known.found.value,
            "error": row.error,
            "holds": row.holds,
        }
        for (subject, known), row in zip(found, rows, strict=True)
    }
    return Findings(numbers, lines(found, rows), {}, rows)


def lines(found: Sequence[Entry], rows: Sequence[Expected]) -> list[str]:
    """The table, how many of its numbers agree, and where trained networks show them."""
    head = ("subject", "statement", "expected", "found", "error", "holds")
    cells = [
        (
            subject,
            row.statement,
            f"{RELATIONS[row.relation]}{row.expected:.8g}",
            number(row.found, DIGITS),
            f"{row.error:.0e}" if row.error else "0",
            yes(row.holds),
        )
        for (subject, _), row in zip(found, rows, strict=True)
    ]
    held = sum(row.holds for row in rows)
    return [
        *NOTES,
        "",
        *table("<<>>><", head, *cells),
        "",
        f"{held} of {len(rows)} numbers agree to the digits that are known, or within the errors",
        "of what is trained or drawn.",
        "",
        "What takes trainings of its own is shown by other commands:",
        *table("<<", *((f"  {command}", shows) for command, shows in TRAINED.items())),
    ]
