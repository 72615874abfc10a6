"""Errors in code of the user's own, told in one line: in which component, why, and where."""

import contextlib
import traceback
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from gan_cli.errors import INSTALLED, GanError, UsageError

PACKAGE = Path(__file__).resolve().parent

LONGEST = 600
"""About how many characters of an error are told; those of JAX explain themselves at length."""


@contextlib.contextmanager
def telling(what: str) -> Iterator[None]:
    """Tells an error of a component in one line, with its place in the user's own code."""
    try:
        yield
    except GanError:
        raise
    except (Exception, SystemExit) as error:
        why = told(error)
        raise UsageError(f"{why}." if why.startswith(what) else f"{what}: {why}.") from error


def told(error: BaseException) -> str:
    """Such as "estimate of objective 'mine': ValueError: no value (my_game.py, line 12)"."""
    component, method = _component(error)
    if component and isinstance(error, NotImplementedError) and not str(error):
        return f"{method} of {component} is not defined"
    within = f"{method} of {component}: " if component else ""
    return f"{within}{reason(error)}{place(error)}"


def reason(error: BaseException) -> str:
    """The kind of an error and its text, such as "ValueError: no value"."""
    if isinstance(error, SystemExit):
        return "it ends the program, which the code of a component must not do"
    kept: list[str] = []
    for line in str(error).strip().splitlines():
        if kept and sum(map(len, kept)) + len(line) > LONGEST:
            kept.append("[...]")
            break
        kept.append(line)
    words = " ".join(" ".join(kept).split()).rstrip(".")
    return f"{type(error).__name__}: {words}" if words else type(error).__name__


def place(error: BaseException) -> str:
    """Such as " (my_networks.py, line 12)"; empty where none of the user's own code is involved."""
    frames = [
        frame
        for frame in traceback.extract_tb(error.__traceback__)
        if not frame.filename.startswith((str(PACKAGE), *INSTALLED, "<"))
    ]
    return f" ({Path(frames[-1].filename).name}, line {frames[-1].lineno})" if frames else ""


def is_own(component: Any) -> bool:
    """Whether a component is the user's, and no part of this package."""
    return not type(component).__module__.startswith(f"{PACKAGE.name}.")


def _component(error: BaseException) -> tuple[str, str]:
    """The user's component in whose method an error arose, in words, and that method's name."""
    for frame, _ in reversed([*traceback.walk_tb(error.__traceback__)]):
        found = frame.f_locals.get("self")
        kind: Any = type(found)
        if getattr(kind, "is_component", False) and is_own(found):
            return f"{kind.group} '{getattr(kind, 'name', kind.__name__)}'", frame.f_code.co_name
    return "", ""
