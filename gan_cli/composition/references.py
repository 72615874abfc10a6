"""How much the references of a configuration, such as ${k}, may stand for.

A text can refer twice to one that refers twice to another, so a few lines can stand for gigabytes.
What a reference gives is counted as soon as it is looked up, before texts are joined.
"""

import contextlib
from collections.abc import Iterator
from contextvars import ContextVar
from typing import Any

from omegaconf import Container, Node
from omegaconf.errors import InterpolationResolutionError

MOST = 1_000_000
"""The most characters and values that all references together may stand for."""

LOOK_UP = 200
"""A reference counts as so many characters, since to look one up takes time."""

EXCESS = (
    f"references to other settings stand for more than {MOST:,} characters, each of the "
    f"references counted as {LOOK_UP}"
)

_left: ContextVar[list[int] | None] = ContextVar("left", default=None)


@contextlib.contextmanager
def bounded() -> Iterator[None]:
    """Bounds what the references that are looked up meanwhile stand for.

    Raises:
        InterpolationResolutionError: once it is too much.
    """
    before = _left.set([MOST])
    try:
        yield
    finally:
        _left.reset(before)


def _counted(name: str) -> None:
    """Lets a method of OmegaConf's that looks a reference up count what it gives."""
    look_up = getattr(Container, name)

    def counting(self: Container, *args: Any, **kwargs: Any) -> Any:
        found = look_up(self, *args, **kwargs)
        if (left := _left.get()) is not None:
            left[0] -= LOOK_UP + _size(found)
            if left[0] < 0:
                raise InterpolationResolutionError(EXCESS)
        return found

    setattr(Container, name, counting)


def _size(found: Any) -> int:
    """The characters of a text, or the values and characters of a group or a list."""
    value = found._value() if isinstance(found, Node) else found
    if isinstance(value, dict | list):
        each = value.values() if isinstance(value, dict) else value
        return 1 + sum(map(_size, each))
    return 1 + len(value) if isinstance(value, str) else 1


for _name in ("_resolve_node_interpolation", "_evaluate_custom_resolver"):
    _counted(_name)
