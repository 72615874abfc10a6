"""Threads of Orbax's that come late are kept quiet, and nothing else is."""

import sys
from types import SimpleNamespace

import pytest

from gan_cli import late_writers


def test_only_what_comes_late_is_kept_quiet(monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[object] = []
    monkeypatch.setattr(sys, "excepthook", lambda kind, error, trace: told.append(error))
    monkeypatch.setattr(sys, "unraisablehook", lambda found: told.append(found.exc_value))
    late, other = RuntimeError(late_writers.LATE), RuntimeError("something else")
    with pytest.raises(OSError, match="full"), late_writers.silent_if_it_fails():
        raise OSError("full")
    for error in (late, other):
        sys.excepthook(RuntimeError, error, None)
        found = SimpleNamespace(exc_type=RuntimeError, exc_value=error)
        sys.unraisablehook(found)  # type: ignore[arg-type]
    assert told == [other, other]


def test_what_was_written_whole_leaves_the_hooks_as_they_were() -> None:
    before = sys.excepthook, sys.unraisablehook
    with late_writers.silent_if_it_fails():
        pass
    assert (sys.excepthook, sys.unraisablehook) == before
