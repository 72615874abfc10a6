"""The bounds of a field, which stand in its annotation, and the words for a value outside them."""

import operator
from typing import Annotated, Any

from annotated_types import Ge, Gt, Interval, Le

MAX_INTEGER = 2**31 - 1

Size = Annotated[int, Ge(1)]
"""The size of something that is built, such as a layer."""

Count = Annotated[int, Ge(1), Le(MAX_INTEGER)]
"""A number of steps or examples, which has to fit into 32 bits."""

ModeCount = Annotated[int, Ge(1), Le(100_000)]
"""The number of modes of a mixture, each of which is compared with every sample."""

ModesAlong = Annotated[int, Ge(1), Le(300)]
"""The number of modes along each of two sides."""

Positive = Annotated[float, Gt(0)]
NonNegative = Annotated[float, Ge(0)]

Fraction = Annotated[float, Interval(ge=0, lt=1)]
"""A rate, a momentum or a slope."""

_LIMITS = {
    "gt": (operator.gt, "above"),
    "ge": (operator.ge, "at least"),
    "lt": (operator.lt, "less than"),
    "le": (operator.le, "at most"),
}


def requirement(bound: Any) -> str:
    """A bound in words, such as "at least 0 and less than 1"."""
    limits = _limits(bound)
    if limits.keys() == {"ge", "le"}:
        return f"between {bound.ge} and {bound.le}"
    return " and ".join(f"{_LIMITS[name][1]} {limit}" for name, limit in limits.items())


def holds(bound: Any, value: float) -> bool:
    """Whether a value lies within a bound; NaN lies within none.

    Args:
        bound: Gt, Ge, Lt, Le or Interval of annotated-types. Any other annotation bounds nothing.
        value: the value of the field.
    """
    return all(_LIMITS[name][0](value, limit) for name, limit in _limits(bound).items())


def _limits(bound: Any) -> dict[str, float]:
    limits = {name: getattr(bound, name, None) for name in _LIMITS}
    return {name: limit for name, limit in limits.items() if limit is not None}
