"""Processes that meet: all of them in time, or a sentence that names who is missing."""

import contextlib
import socket
import threading
from collections.abc import Iterator

import pytest

from gan_cli.errors import GanError, UsageError
from gan_cli.hosts import meeting
from gan_cli.hosts.line import Line
from gan_cli.hosts.membership import Place
from gan_cli.interrupts import Interrupted, StopRequest

VERSIONS = {"jax": "1"}


def place(process: int, port: int, processes: int = 3, timeout: int = 5) -> Place:
    return Place("localhost", port, processes, process, None, timeout)


@contextlib.contextmanager
def coming(*others: Place, versions: dict[str, str] = VERSIONS) -> Iterator[None]:
    """Others that come, each on a thread of its own, while process 0 waits."""

    def come(other: Place) -> None:
        with contextlib.suppress(GanError):
            lines.append(meeting.join(other, versions, StopRequest()))

    lines: list[Line] = []
    threads = [threading.Thread(target=come, args=(other,)) for other in others]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        for thread in threads:
            thread.join()
        for line in lines:
            line.close()


@pytest.fixture
def port() -> int:
    with socket.socket() as found:
        found.bind(("", 0))
        number: int = found.getsockname()[1]
        return number


def gathered(own: Place, stop: StopRequest | None = None) -> dict[int, meeting.Other]:
    with meeting.listening(own) as server:
        return meeting.gather(own, server, VERSIONS, stop or StopRequest())


def test_all_come_and_a_stranger_is_ignored(port: int) -> None:
    own = place(0, port)
    with meeting.listening(own) as server:
        stranger = socket.create_connection(("localhost", port))
        stranger.sendall(b"GET / HTTP/1.1\r\n\r\n" + b"x" * 64)
        with coming(place(1, port), place(2, port)):
            found = meeting.gather(own, server, VERSIONS, StopRequest())
        stranger.close()
    assert sorted(found) == [1, 2]
    for other in found.values():
        other.line.close()


def test_who_is_missing_is_named(port: int) -> None:
    with coming(place(2, port, 4)), pytest.raises(GanError) as error:
        gathered(place(0, port, 4, timeout=1))
    assert str(error.value).startswith(
        f"processes 1 and 3 of 4 did not come to localhost:{port} within 1 s. Start the same "
    )


def test_a_process_0_that_is_missing_is_named(
    port: int, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """As one that was stopped before the others came."""
    monkeypatch.setattr(meeting, "PATIENCE", 0.2)
    with pytest.raises(GanError) as error:
        meeting.join(place(1, port, timeout=1), VERSIONS, StopRequest())
    assert str(error.value).startswith(
        f"process 0 of 3 was not reached at localhost:{port} within 1 s (Connection refused): "
        "it was not started, or it was stopped before. Start the same command "
    )
    assert capsys.readouterr().err == (
        f"waiting for process 0 at localhost:{port}: it has not begun, or has ended already\n"
    )


@pytest.mark.parametrize(
    ("others", "versions", "text"),
    [
        ([(1, 4)], VERSIONS, "has started process 1 of 4, and process 0 waits for 2 more of 3"),
        ([(1, 3), (1, 3)], VERSIONS, "process 1 of 3 was started twice"),
        ([(1, 3)], {"jax": "2"}, "has jax 2, and process 0 has jax 1. Install the same"),
    ],
)
def test_who_was_started_otherwise_is_refused(
    port: int, others: list[tuple[int, int]], versions: dict[str, str], text: str
) -> None:
    came = [place(process, port, processes) for process, processes in others]
    with coming(*came, versions=versions), pytest.raises(UsageError) as error:
        gathered(place(0, port))
    assert text in str(error.value)


def test_the_user_need_not_wait(port: int) -> None:
    stop = StopRequest()
    stop.take(2)
    with pytest.raises(Interrupted):
        gathered(place(0, port), stop)
    with pytest.raises(Interrupted):
        meeting.join(place(1, port), VERSIONS, stop)


def test_a_port_that_is_taken_is_told(port: int) -> None:
    with (
        meeting.listening(place(0, port)),
        pytest.raises(UsageError, match=f"cannot wait at localhost:{port}: "),
        meeting.listening(place(0, port)),
    ):
        pass
