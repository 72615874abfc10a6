"""Processes that meet: all of them in time, or a sentence that names who is missing."""

import contextlib
import socket
import struct
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from gan_cli.errors import GanError, UsageError
from gan_cli.hosts import coming, meeting
from gan_cli.hosts.membership import Place
from gan_cli.interrupts import Interrupted, StopRequest
from tests.hosts.places import VERSIONS, place


def come(other: Place, stop: StopRequest | None = None) -> int:
    """What another process does until process 0 begins."""
    stop = stop or StopRequest()
    line = coming.join(other, VERSIONS, stop)
    try:
        return coming.begun(other, line, stop)
    finally:
        line.close()


@contextlib.contextmanager
def threads() -> Iterator[ThreadPoolExecutor]:
    """Others, each on a thread of its own."""
    with ThreadPoolExecutor(4) as pool:
        yield pool


@contextlib.contextmanager
def arriving(*others: Place, versions: dict[str, str] = VERSIONS) -> Iterator[None]:
    """Others that come, each on a thread of its own, while process 0 waits."""
    with threads() as pool:
        came = [pool.submit(coming.join, other, versions, StopRequest()) for other in others]
        yield
    for each in came:
        each.result().close()


def gathered(own: Place, stop: StopRequest | None = None) -> dict[int, meeting.Other]:
    with meeting.listening(own) as server:
        return meeting.gather(own, server, VERSIONS, stop or StopRequest())


def test_all_come_and_a_stranger_is_ignored(port: int) -> None:
    own = place(0, port)
    with meeting.listening(own) as server:
        stranger = socket.create_connection(("localhost", port))
        stranger.sendall(b"GET / HTTP/1.1\r\n\r\n" + b"x" * 64)
        with arriving(place(1, port), place(2, port)):
            found = meeting.gather(own, server, VERSIONS, StopRequest())
        stranger.close()
    assert sorted(found) == [1, 2]
    for other in found.values():
        other.line.close()


HEAD = struct.Struct("!IQ")
HELLO = b'["hello", {"process": 1}]'
NESTED = b"[" * 100_000


@pytest.mark.parametrize(
    "sent",
    [
        b"abc",
        HEAD.pack(len(HELLO), 0) + HELLO[:5],
        HEAD.pack(len(HELLO), 0) + HELLO,
        HEAD.pack(2, 2**40) + b"[]",
        HEAD.pack(len(NESTED), 0) + NESTED,
    ],
    ids=["3 bytes", "half a hello", "a hello that lacks values", "a terabyte", "nested values"],
)
def test_a_stranger_that_keeps_its_line_open_holds_nobody_up(port: int, sent: bytes) -> None:
    own = place(0, port, 2)
    with (
        meeting.listening(own) as server,
        socket.create_connection(("localhost", port)) as stranger,
        threads() as others,
    ):
        stranger.sendall(sent)
        came = others.submit(come, place(1, port, 2))
        found = meeting.gather(own, server, VERSIONS, StopRequest())
        found[1].line.send("begin", port=7)
        assert came.result() == 7
        found[1].line.close()


def test_bytes_that_drip_are_no_hello(port: int) -> None:
    """Each of them comes in time, and all of them never do."""
    over = threading.Event()

    def drip() -> None:
        with socket.create_connection(("localhost", port)) as stranger:
            stranger.sendall(HEAD.pack(1000, 0))
            while not over.wait(0.05):
                with contextlib.suppress(OSError):
                    stranger.sendall(b"x")

    with meeting.listening(place(0, port)) as server, threads() as others:
        others.submit(drip)
        start = time.monotonic()
        while meeting._greeted(server, StopRequest()) is None and time.monotonic() - start < 0.2:
            pass
        over.set()
    assert time.monotonic() - start < 1


def test_who_has_come_and_ends_is_named(port: int) -> None:
    own = place(0, port)
    with meeting.listening(own) as server, threads() as others:
        gone = others.submit(coming.join, place(2, port), VERSIONS, StopRequest())
        gone.add_done_callback(lambda joined: joined.result().close())
        with pytest.raises(GanError) as error:
            meeting.gather(own, server, VERSIONS, StopRequest())
    assert str(error.value) == (
        f"process 2, on {socket.gethostname()}, has ended while process 0 waited for others. "
        "Start the same command again for every process."
    )


def test_a_signal_to_one_that_has_come_ends_all(port: int) -> None:
    own, stop = place(0, port, 4), StopRequest()
    with meeting.listening(own) as server, threads() as others:
        signalled = others.submit(come, place(1, port, 4), stop)
        undisturbed = others.submit(come, place(2, port, 4))
        others.submit(lambda: (time.sleep(0.3), stop.take(15)))
        with pytest.raises(Interrupted) as ended:
            meeting.gather(own, server, VERSIONS, StopRequest())
        assert ended.value.status == 143
        for other in (signalled, undisturbed):
            assert isinstance(end := other.exception(), SystemExit)
            assert end.code == 143


def test_who_comes_late_to_a_process_0_that_ends_need_not_wait(
    port: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Process 0 stays until all that were missing know it."""
    monkeypatch.setattr(meeting, "LATE", 60.0)
    own, stop = place(0, port), StopRequest()
    stop.take(2)
    with meeting.listening(own) as server, threads() as others:
        late = [others.submit(come, place(number, port)) for number in (1, 2)]
        start = time.monotonic()
        with pytest.raises(Interrupted):
            meeting.gather(own, server, VERSIONS, stop)
        assert time.monotonic() - start < 5
        assert [getattr(other.exception(), "code", None) for other in late] == [130, 130]


def test_a_process_0_that_ends_does_not_stay_for_ever(
    port: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(meeting, "LATE", 0.3)
    stop = StopRequest()
    stop.take(2)
    start = time.monotonic()
    with pytest.raises(Interrupted):
        gathered(place(0, port), stop)
    assert 0.3 <= time.monotonic() - start < 2


def test_who_is_missing_is_named(port: int) -> None:
    with arriving(place(2, port, 4)), pytest.raises(GanError) as error:
        gathered(place(0, port, 4, timeout=1))
    assert str(error.value).startswith(
        f"processes 1 and 3 of 4 did not come to localhost:{port} within 1 s. Start the same "
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
    with arriving(*came, versions=versions), pytest.raises(UsageError) as error:
        gathered(place(0, port))
    assert text in str(error.value)


def test_the_user_need_not_wait(port: int) -> None:
    stop = StopRequest()
    stop.take(2)
    with pytest.raises(Interrupted):
        gathered(place(0, port), stop)
    with pytest.raises(Interrupted):
        coming.join(place(1, port), VERSIONS, stop)


def test_a_port_that_is_taken_is_told(port: int) -> None:
    with (
        meeting.listening(place(0, port)),
        pytest.raises(UsageError, match=f"cannot wait at localhost:{port}: "),
        meeting.listening(place(0, port)),
    ):
        pass
