"""One known number of the theory beside what is computed here."""

from typing import Literal, NamedTuple

from gan_cli.divergences import Estimate

ROUNDED = 6e-8
"""How far a number of seven digits may lie from the exact one."""


class Known(NamedTuple):
    """One number.

    statement: what it is.
    expected: the number that a closed form or the literature gives, or a bound that it gives.
    found: what is computed here, with its error.
    within: how far the two may lie apart.
    relation: what the number found should be: "=" the one expected, or "<=" or ">=".
    """

    statement: str
    expected: float
    found: Estimate
    within: float = ROUNDED
    relation: Literal["=", "<=", ">="] = "="
