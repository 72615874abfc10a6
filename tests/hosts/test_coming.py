"""What another process than 0 reaches: a process 0 that begins or ends, or something else."""

import contextlib
import socket
import time
from collections.abc import Iterator

import pytest

from gan_cli.errors import GanError
from gan_cli.hosts import coming
from gan_cli.hosts.line import Line
from gan_cli.interrupts import Interrupted, StopRequest
from tests.hosts.places import VERSIONS, place


@contextlib.contextmanager
def reached(port: int, answer: bytes | None) -> Iterator[Line]:
    """A line to something that sends some bytes and then is silent; None closes the connection."""
    with socket.create_server(("localhost", port)) as server:
        line = coming.join(place(1, port), VERSIONS, StopRequest())
        far, _ = server.accept()
        with far:
            if answer is None:
                far.shutdown(socket.SHUT_RDWR)
            else:
                far.sendall(answer)
            yield line
        line.close()


def test_a_process_0_that_is_missing_is_named(
    port: int, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """As one that was stopped before the others came."""
    monkeypatch.setattr(coming, "PATIENCE", 0.2)
    with pytest.raises(GanError) as error:
        coming.join(place(1, port, timeout=1), VERSIONS, StopRequest())
    assert str(error.value).startswith(
        f"process 0 of 3 was not reached at localhost:{port} within 1 s (Connection refused): "
        "it was not started, or it was stopped before. Start the same command "
    )
    assert capsys.readouterr().err == (
        f"waiting for process 0 at localhost:{port}: it has not begun, or has ended already\n"
    )


@pytest.mark.parametrize("answer", [b"", b"abc"], ids=["silence", "a few bytes"])
def test_what_does_not_answer_is_waited_for_as_long_as_the_others(
    port: int, answer: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(coming, "ANSWER", 0.3)
    with reached(port, answer) as line, pytest.raises(GanError) as error:
        coming.begun(place(1, port, timeout=0), line, StopRequest())
    assert str(error.value) == (
        f"what was reached at localhost:{port} has not answered within 0.3 s: another program "
        "waits there, or process 0 hangs. Choose another port for every process: "
        "distributed.coordinator=localhost:PORT"
    )


@pytest.mark.parametrize(
    "answer",
    [None, b"SSH-2.0-OpenSSH_9.2\r\n", b"\0\0\0\x0d" + bytes(8) + b'["begin", {}]'],
    ids=["an end", "another program", "half an order"],
)
def test_what_is_no_process_0_is_told_at_once(port: int, answer: bytes | None) -> None:
    with reached(port, answer) as line, pytest.raises(GanError) as error:
        coming.begun(place(1, port), line, StopRequest())
    assert str(error.value).startswith(
        f"process 0 at localhost:{port} has ended without a word before it began, or another "
        "program waits there. Start the same command again for every process. Choose another port "
    )


def test_a_signal_ends_it_where_process_0_does_not_answer(
    port: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(coming, "HEED", 0.3)
    stop = StopRequest()
    with reached(port, b"") as line:
        stop.take(15)
        start = time.monotonic()
        with pytest.raises(Interrupted) as ended:
            coming.begun(place(1, port), line, stop)
    assert ended.value.status == 128 + 15
    assert time.monotonic() - start < 2
