"""Mathematics as it is typed, such as W_2^2 or p_data, turned into HTML."""

import html
import re

GREEK = ("alpha", "beta", "chi", "epsilon", "eta", "gamma", "lambda", "psi", "sigma", "theta")
SIGNS = {
    "+-": "\N{PLUS-MINUS SIGN}",
    "&lt;=": "\N{LESS-THAN OR EQUAL TO}",
    "&gt;=": "\N{GREATER-THAN OR EQUAL TO}",
}
LOWERED = re.compile(rf"\b([A-Za-z])_(data|{'|'.join(GREEK)}|\w)(?!\w)")
TYPED = re.compile(r"`([^`]+)`")
RAISED = re.compile(r"(?<=[\w)>|])\^(\w+|\*)")
STARRED = re.compile(r"\b(D|T|f|theta)\*")
ROOT = re.compile(r"\bsqrt ?(?=[(\w])")


def typeset(text: str) -> str:
    """Text as HTML, with lowered and raised letters, Greek ones, roots and signs.

    Names of settings, such as f_gan or r1_r2, stay as they are: only a single letter has an index.
    What stands between backticks is shown as it is typed.
    """
    parts = TYPED.split(text)
    return "".join(
        f"<code>{html.escape(part)}</code>" if number % 2 else _formulas(part)
        for number, part in enumerate(parts)
    )


def _formulas(text: str) -> str:
    """Text without backticks as HTML."""
    told = html.escape(text)
    for typed, sign in SIGNS.items():
        told = told.replace(typed, sign)
    told = LOWERED.sub(r"\1<sub>\2</sub>", told)
    told = STARRED.sub(r"\1<sup>*</sup>", told)
    told = RAISED.sub(r"<sup>\1</sup>", told)
    told = ROOT.sub("\N{SQUARE ROOT}", told)
    return re.sub(rf"\b({'|'.join(GREEK)})\b", r"&\1;", told)
