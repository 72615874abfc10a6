"""Where processes meet in tests."""

import socket

import pytest

from gan_cli.hosts import meeting


@pytest.fixture(autouse=True)
def no_strangers_and_nobody_late(monkeypatch: pytest.MonkeyPatch) -> None:
    """Process 0 stays as long as a test needs it, and not for seconds."""
    monkeypatch.setattr(meeting, "LATE", 0.0)
    monkeypatch.setattr(meeting, "STRANGER", 0.3)


@pytest.fixture
def port() -> int:
    with socket.socket() as found:
        found.bind(("", 0))
        number: int = found.getsockname()[1]
        return number
