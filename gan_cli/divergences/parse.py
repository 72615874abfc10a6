"""Reads distributions written as text, such as `mixture(0.3*normal(-1, 0.5) + 0.7*normal(2, 1))`.

    distribution = normal(MEAN, STD) | uniform(LOW, HIGH)
                 | mixture(WEIGHT * distribution + ...) | discrete(PROBABILITY [@ POINT], ...)

Numbers are written 2, -.5, 1e-3 or 1/3. A text is a Python expression, which Python's own parser
reads; only the syntax that is named here is accepted, and nothing is evaluated.
"""

import ast
import re
import warnings
from collections.abc import Callable
from typing import Any

from gan_cli.divergences.discrete import Discrete
from gan_cli.divergences.distributions import LineMixture, Normal, OnLine, Uniform
from gan_cli.errors import UsageError, nearest

FORMS = {
    "normal": "normal(MEAN, STD)",
    "uniform": "uniform(LOW, HIGH)",
    "mixture": "mixture(WEIGHT*DISTRIBUTION + ...)",
    "discrete": "discrete(PROBABILITY, ...) or discrete(PROBABILITY@POINT, ...)",
}
LONGEST = 10_000  # characters of a text
ENTRY = re.compile(r"\w+\[\d+\]")  # such as weights[1]


def parse(text: str) -> OnLine:
    """Reads a distribution on the line.

    Args:
        text: such as `normal(0,1)`, `uniform(0,1)`, `mixture(0.3*normal(-1,.5)+0.7*normal(2,1))`,
            `discrete(.5,.5)` for the points 0 and 1, or `discrete(.5@0,.5@3)`; at most 10,000
            characters.

    Raises:
        UsageError: naming the text, the character where it is wrong, and what would be valid there.
    """
    text = re.sub(r"[\s\0]", " ", text).strip().encode(errors="replace").decode()
    start = f"'{text[:40]}...'"
    if len(text) > LONGEST:
        raise UsageError(f"{start}: a distribution has at most {LONGEST:,} characters.")
    try:
        with warnings.catch_warnings(action="ignore"):
            tree = ast.parse(text.replace("#", "$"), mode="eval")  # a comment would go unread
        return _distribution(tree.body)
    except (RecursionError, MemoryError):
        raise UsageError(f"{start} is nested too deeply to be read.") from None
    except SyntaxError as error:
        at, message = max(1, error.offset or 1), error.msg.partition(". ")[0]
        words = [word for word in re.findall(r"\w+", text[:at]) if word in FORMS]
        form = FORMS[words[-1] if words else "normal"]
        raise UsageError(f"'{text}': character {at}: {message}; write it as in {form}.") from None
    except _Wrong as wrong:
        node, before, after = wrong.args
        at = 1 + len(text.encode()[: node.col_offset].decode())
        raise UsageError(f"'{text}': {before} {at}{after}") from None


class _Wrong(Exception):
    """A node that is wrong, and a sentence about it in two parts: before and after its place."""


def _expected(what: str, form: str, node: ast.expr) -> _Wrong:
    found = ast.unparse(node)
    return _Wrong(node, f"expected {what} at character", f", as in {form}, and there is '{found}'.")


def _distribution(node: ast.expr) -> OnLine:
    if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Name)):
        raise _expected("a distribution", FORMS["normal"], node)
    word = node.func.id
    if word not in FORMS:
        sentence = f"there is no distribution '{word}' (character"
        raise _Wrong(node, sentence, f"). {nearest(word, FORMS)}")
    form = FORMS[word]
    match word, node.args, node.keywords:
        case "normal", [mean, std], []:
            return _made(node, word, Normal, {"mean": mean, "std": std})
        case "uniform", [low, high], []:
            return _made(node, word, Uniform, {"low": low, "high": high})
        case "mixture", [total], []:
            terms = [_weighted(term, form) for term in _summands(total)]
            parts: Any = tuple(_distribution(part) for _, part in terms)  # LineMixture checks them
            weights = {f"weights[{i}]": weight for i, (weight, _) in enumerate(terms)}
            return _made(node, word, lambda *numbers: LineMixture(numbers, parts), weights)
        case "discrete", entries, []:
            pairs = [_placed(entry) for entry in entries]
            masses = {f"probabilities[{i}]": mass for i, (mass, _) in enumerate(pairs)}
            points = {f"points[{i}]": x for i, (_, x) in enumerate(pairs) if x}
            count = len(masses)
            return _made(node, word, lambda *n: Discrete(n[:count], n[count:]), masses | points)
    shown = ast.unparse(node)
    raise _Wrong(node, f"{word}, character", f": write it as {form}, and not as '{shown}'.")


def _made(
    node: ast.Call, word: str, make: Callable[..., OnLine], numbers: dict[str, ast.expr]
) -> OnLine:
    """Makes a distribution from numbers; an error is told at the number that it names, if any."""
    values = [_number(number, FORMS[word]) for number in numbers.values()]
    try:
        return make(*values)
    except ValueError as error:
        named = [*ENTRY.findall(str(error)), str(error).split()[0]]
        wrong = next((numbers[name] for name in named if name in numbers), node)
        raise _Wrong(wrong, f"{word}, character", f": {error}") from None


def _summands(node: ast.expr) -> list[ast.expr]:
    """The terms of a sum, in order."""
    match node:
        case ast.BinOp(rest, ast.Add(), last):
            return [*_summands(rest), last]
    return [node]


def _weighted(term: ast.expr, form: str) -> tuple[ast.expr, ast.expr]:
    """The weight and the distribution of a term."""
    match term:
        case ast.BinOp(weight, ast.Mult(), distribution):
            return weight, distribution
    raise _expected("WEIGHT*DISTRIBUTION", form, term)


def _placed(entry: ast.expr) -> tuple[ast.expr, ast.expr | None]:
    """The probability and the point of an entry. Python reads p@a/b as (p@a)/b."""
    match entry:
        case ast.BinOp(ast.BinOp(probability, ast.MatMult(), above), ast.Div() as over, below):
            return probability, ast.copy_location(ast.BinOp(above, over, below), above)
        case ast.BinOp(probability, ast.MatMult(), point):
            return probability, point
    return entry, None


def _number(node: ast.expr, form: str) -> float:
    match node:
        case ast.List() | ast.Tuple():
            raise _Wrong(
                node,
                "distributions lie on the line here, and character",
                f" begins a list: write {form} with numbers. 'gan theory optimal-transport' takes "
                "normal([0,0],[[1,0],[0,1]]) and other normal distributions in the plane.",
            )
        case ast.Constant(value) if type(value) in (int, float):
            return float(str(value))  # infinite where a whole number is too great
        case ast.UnaryOp(ast.USub(), operand):
            return -_number(operand, form)
        case ast.UnaryOp(ast.UAdd(), operand):
            return _number(operand, form)
        case ast.BinOp(above, ast.Div(), below) if (divisor := _number(below, form)) != 0:
            return _number(above, form) / divisor
    raise _expected("a number", form, node)
