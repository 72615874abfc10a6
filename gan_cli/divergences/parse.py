"""Distributions as text, such as `mixture(0.3*normal(-1, 0.5) + 0.7*normal(2, 1))`.

    distribution = normal(MEAN, STD) | uniform(LOW, HIGH)
                 | mixture(WEIGHT * distribution + ...) | discrete(PROBABILITY [@ POINT], ...)

Numbers are written 2, -.5, 1e-3 or 1/3; spaces may stand between all parts.
"""

import re
from collections.abc import Callable
from typing import NoReturn

from gan_cli.divergences.distributions import Discrete, Mixture, Normal, OnLine, Uniform
from gan_cli.errors import UsageError, nearest

FORMS = {
    "normal": "normal(MEAN, STD)",
    "uniform": "uniform(LOW, HIGH)",
    "mixture": "mixture(WEIGHT*DISTRIBUTION + ...)",
    "discrete": "discrete(PROBABILITY, ...) or discrete(PROBABILITY@POINT, ...)",
}
NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?(/[1-9]\d*)?")
ENTRY = re.compile(r"\w+\[\d+\]")  # such as weights[1]
WORD = re.compile(r"[^\W\d]\w*")


def parse(text: str) -> OnLine:
    """Reads a distribution on the line.

    Args:
        text: such as `normal(0,1)`, `uniform(0,1)`, `mixture(0.3*normal(-1,.5)+0.7*normal(2,1))`,
            `discrete(.5,.5)` at 0 and 1, or `discrete(.5@0,.5@3)`.

    Raises:
        UsageError: naming the text, the place in it, and what would be valid there.
    """
    reader = _Reader(text)
    distribution = reader.distribution()
    if reader.peek():
        reader.refuse("the end")
    return distribution


class _Reader:
    """A text and how far it has been read; a method for each rule of the grammar."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.place = 0
        self.form = FORMS["normal"]  # what is being read, or an example of it
        self.numbers: dict[str, int] = {}  # which character each of its numbers begins at, by name

    def distribution(self) -> OnLine:
        rules: dict[str, Callable[[], OnLine]] = {
            "normal": self.normal,
            "uniform": self.uniform,
            "mixture": self.mixture,
            "discrete": self.discrete,
        }
        word = self.take(WORD, "a distribution")
        start = self.place - len(word) + 1
        if word not in rules:
            raise UsageError(
                f"'{self.text}': there is no distribution '{word}' (character {start}). "
                f"{nearest(word, rules)}"
            )
        outer = self.form, self.numbers
        self.form, self.numbers = FORMS[word], {}
        self.symbol("(")
        try:
            found = rules[word]()
        except ValueError as error:
            at = self.blamed(str(error), start)
            raise UsageError(f"'{self.text}': {word}, character {at}: {error}") from None
        self.form, self.numbers = outer
        return found

    def blamed(self, error: str, start: int) -> int:
        """The character of the number that an error names, or else the distribution's first."""
        named = [*ENTRY.findall(error), error.split()[0]]
        return next((self.numbers[name] for name in named if name in self.numbers), start)

    def normal(self) -> Normal:
        return Normal(*self.two_numbers("mean", "std"))

    def uniform(self) -> Uniform:
        return Uniform(*self.two_numbers("low", "high"))

    def mixture(self) -> Mixture:
        weights: list[float] = []
        parts: list[OnLine] = []
        more = True
        while more:
            weights.append(self.number("a weight", f"weights[{len(weights)}]"))
            self.symbol("*")
            parts.append(self.distribution())
            more = self.symbol("+", ")") == "+"
        return Mixture(tuple(weights), tuple(parts))  # type: ignore[arg-type]  # it checks its parts

    def discrete(self) -> Discrete:
        probabilities: list[float] = []
        points: list[float] = []
        more = True
        while more:
            probabilities.append(
                self.number("a probability", f"probabilities[{len(probabilities)}]")
            )
            if self.peek() == "@":
                self.symbol("@")
                points.append(self.number("a point", f"points[{len(points)}]"))
            more = self.symbol(",", ")") == ","
        return Discrete(tuple(probabilities), tuple(points))

    def two_numbers(self, *names: str) -> tuple[float, float]:
        first = self.number("a number", names[0])
        self.symbol(",")
        second = self.number("a number", names[1])
        self.symbol(")")
        return first, second

    def number(self, what: str, name: str) -> float:
        self.peek()
        self.numbers[name] = self.place + 1
        above, _, below = self.take(NUMBER, what).partition("/")
        return float(above) / float(below or 1)

    def peek(self) -> str:
        """The next character that is not a space, or nothing at the end."""
        while self.text[self.place : self.place + 1].isspace():
            self.place += 1
        return self.text[self.place : self.place + 1]

    def symbol(self, *allowed: str) -> str:
        """Reads one of these characters."""
        found = self.peek()
        if found not in allowed:
            self.refuse(" or ".join(f"'{symbol}'" for symbol in allowed))
        self.place += 1
        return found

    def take(self, pattern: re.Pattern[str], what: str) -> str:
        """Reads what matches the pattern."""
        self.peek()
        found = pattern.match(self.text, self.place)
        if not found:
            self.refuse(what)
        self.place = found.end()
        return found.group()

    def refuse(self, expected: str) -> NoReturn:
        found = f"there is '{self.peek()}'" if self.peek() else "the text ends"
        raise UsageError(
            f"'{self.text}': expected {expected} at character {self.place + 1}, as in {self.form}, "
            f"and {found}."
        )
