"""Reads normal distributions in any dimension, such as `normal([1, 2], [[2, 1], [1, 2]])`.

    normal([MEAN, ...], [[COVARIANCE, ...], ...]) | normal(MEAN, STD)

A text is a Python expression, of which only lists of numbers are accepted; nothing is evaluated.
"""

import ast
import re

from gan_cli.divergences.gaussian import Gaussian
from gan_cli.errors import UsageError

FORM = "normal([1,2],[[2,1],[1,2]]), a mean and a covariance, or normal(0,1), a mean and a std"
LONGEST = 10_000  # characters of a text


def parse_gaussian(text: str) -> Gaussian:
    """Reads a normal distribution.

    Args:
        text: such as `normal([1,2],[[2,1],[1,2]])` with the mean and the covariance, or, on the
            line, `normal(0,1)` with the mean and the standard deviation.

    Raises:
        UsageError: naming the text, the character where it is wrong, and what would be valid.
    """
    text = re.sub(r"[\s\0]", " ", text).strip().encode(errors="replace").decode()
    if len(text) > LONGEST:
        raise UsageError(f"'{text[:40]}...': must have at most {LONGEST:,} characters.")
    try:
        tree = ast.parse(text.replace("#", "$"), mode="eval").body
    except SyntaxError as error:
        at, message = max(1, error.offset or 1), error.msg.partition(". ")[0]
        raise UsageError(f"'{text}': character {at}: {message}; write it as {FORM}.") from None
    except (RecursionError, MemoryError):
        raise UsageError(f"'{text[:40]}...' is nested too deeply to be read.") from None
    match tree:
        case ast.Call(ast.Name("normal"), [first, second], []):
            return _made(text, first, second)
    raise UsageError(f"'{text}': character 1: write it as {FORM}.")


def _made(text: str, first: ast.expr, second: ast.expr) -> Gaussian:
    """The distribution with this mean and this covariance or standard deviation."""
    try:
        if isinstance(first, ast.List):
            rows = _listed(second)
            mean = tuple(_number(each) for each in first.elts)
            matrix = tuple(tuple(_number(each) for each in _listed(row)) for row in rows)
            return Gaussian(mean, matrix)
        std = _number(second)
        if std <= 0:
            raise _Wrong(second, f"std must be above 0, and is {std:g}")
        return Gaussian((_number(first),), ((std**2,),))
    except _Wrong as wrong:
        node, problem = wrong.args
        at = 1 + len(text.encode()[: node.col_offset].decode())
        raise UsageError(f"'{text}': character {at}: {problem}; write it as {FORM}.") from None
    except (ValueError, OverflowError) as error:
        raise UsageError(f"'{text}': {error}") from None


class _Wrong(Exception):
    """A node that is wrong, and what is wrong with it."""


def _listed(node: ast.expr) -> list[ast.expr]:
    if isinstance(node, ast.List):
        return node.elts
    raise _Wrong(node, f"expected a list, and there is '{ast.unparse(node)}'")


def _number(node: ast.expr) -> float:
    match node:
        case ast.Constant(value) if type(value) in (int, float):
            return float(str(value))  # infinite where a whole number is too great
        case ast.UnaryOp(ast.USub(), operand):
            return -_number(operand)
        case ast.UnaryOp(ast.UAdd(), operand):
            return _number(operand)
        case ast.BinOp(above, ast.Div(), below) if (divisor := _number(below)) != 0:
            return _number(above) / divisor
    raise _Wrong(node, f"expected a number, and there is '{ast.unparse(node)}'")
