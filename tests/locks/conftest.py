"""An empty run directory, whose log is locked."""

from tests.runs.conftest import place

__all__ = ["place"]
