"""A first signal is a request to stop, a second SIGINT or SIGTERM ends the program."""

import os
import signal
import subprocess
import sys
import threading

import pytest

from gan_cli import interrupts
from gan_cli.interrupts import Interrupted, notice, stop_request

BOTH = [signal.SIGINT, signal.SIGTERM]


def handlers() -> list[object]:
    return [signal.getsignal(number) for number in BOTH]


@pytest.mark.parametrize("first", BOTH)
@pytest.mark.parametrize(("second", "status"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_the_first_is_a_request_and_the_second_an_end(
    first: signal.Signals, second: signal.Signals, status: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(interrupts, "ONE_REQUEST", 0.0)
    before = handlers()
    with pytest.raises(Interrupted) as end, stop_request() as stop:
        assert not stop()
        assert stop.signal is None
        os.kill(os.getpid(), first)
        assert stop()
        assert stop.signal == first
        os.kill(os.getpid(), second)
        pytest.fail("it went on")
    assert end.value.status == status
    assert str(end.value) == second.name
    assert not isinstance(end.value, Exception)
    assert handlers() == before


@pytest.mark.parametrize("number", BOTH)
def test_a_signal_to_a_process_and_to_its_group_is_one_request(number: signal.Signals) -> None:
    """As `timeout` sends it. One of another kind insists at once."""
    other = signal.SIGINT if number == signal.SIGTERM else signal.SIGTERM
    with pytest.raises(Interrupted) as end, stop_request() as stop:
        for _ in range(3):
            os.kill(os.getpid(), number)
        assert stop.signal == number
        os.kill(os.getpid(), other)
    assert end.value.status == 128 + other


NOTICES = [signal.SIGHUP, signal.SIGUSR1, signal.SIGUSR2, signal.SIGXCPU]


@pytest.mark.parametrize("number", NOTICES)
def test_a_closed_terminal_and_a_schedulers_notice_are_requests(number: signal.Signals) -> None:
    """However often they come. What insists after them is a first time."""
    with pytest.raises(Interrupted) as end, stop_request() as stop:
        for each in (number, signal.SIGHUP, number, signal.SIGTERM):
            os.kill(os.getpid(), each)
            assert stop.signal == number
        stop.obey()
    assert end.value.status == 128 + number
    with pytest.raises(Interrupted) as end, stop_request():
        for each in (number, signal.SIGTERM, signal.SIGINT):
            os.kill(os.getpid(), each)
    assert end.value.status == 130


@pytest.mark.parametrize("number", NOTICES)
def test_who_handles_or_ignores_a_notice_already_keeps_it(number: signal.Signals) -> None:
    """As submitit handles SIGUSR1 and SIGUSR2, and nohup ignores SIGHUP."""
    seen: list[int] = []
    before = signal.signal(number, lambda number, _: seen.append(number))
    try:
        with stop_request() as stop:
            os.kill(os.getpid(), number)
            assert (seen, stop()) == ([number], False)
        signal.signal(number, signal.SIG_IGN)
        with stop_request() as stop:
            os.kill(os.getpid(), number)
            assert not stop()
    finally:
        signal.signal(number, before)


def test_the_handlers_from_before_come_back() -> None:
    before = handlers()
    with stop_request():
        assert handlers() != before
    assert handlers() == before
    with pytest.raises(ZeroDivisionError), stop_request():
        _ = 1 / 0
    assert handlers() == before


def test_a_request_of_its_own_for_each_run() -> None:
    with stop_request() as stop:
        os.kill(os.getpid(), signal.SIGTERM)
        assert stop()
    with stop_request() as stop:
        assert not stop()


def test_whoever_obeys_ends_with_the_signals_status(capfd: pytest.CaptureFixture[str]) -> None:
    with stop_request() as stop:
        stop.obey()
        os.kill(os.getpid(), signal.SIGTERM)
        with pytest.raises(Interrupted) as end:
            stop.obey()
    assert end.value.status == 143
    assert capfd.readouterr().err == (
        "gan: stopping after the current steps; send SIGTERM again to stop at once\n"
    )


@pytest.mark.parametrize(
    ("number", "again"),
    [
        (signal.SIGINT, "; press Ctrl-C again to stop at once"),
        (signal.SIGTERM, "; send SIGTERM again to stop at once"),
        (signal.SIGHUP, ""),
        (signal.SIGUSR1, ""),
    ],
)
def test_the_user_is_told_what_would_stop_it_at_once(number: signal.Signals, again: str) -> None:
    assert notice(number) == f"gan: stopping after the current steps{again}\n".encode()


def test_off_the_main_thread_signals_stay_as_they_are() -> None:
    before = handlers()
    seen: list[object] = []

    def run() -> None:
        with stop_request() as stop:
            seen.extend([stop(), handlers()])

    thread = threading.Thread(target=run)
    thread.start()
    thread.join()
    assert seen == [False, before]


PROGRAM = """
import time
from gan_cli.interrupts import stop_request
try:
    with stop_request() as stop:
        print("ready", flush=True)
        while True:
            if stop():
                print("asked", flush=True)
            time.sleep(0.01)
except Exception:
    print("held up")
"""


def test_a_second_signal_ends_a_process_that_does_not_listen() -> None:
    command = [sys.executable, "-c", PROGRAM]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        assert process.stdout.readline() == "ready\n"
        process.send_signal(signal.SIGINT)
        assert process.stdout.readline() == "asked\n"
        process.send_signal(signal.SIGTERM)
        assert "held up" not in process.stdout.read()
        assert process.stderr.read().splitlines()[-1] == "gan_cli.interrupts.Interrupted: SIGTERM"


def test_threads_that_wait_for_ever_do_not_hold_up_the_end() -> None:
    program = (
        "import sys, threading; from gan_cli import interrupts; interrupts.PATIENCE = 0.2; "
        "threading.Thread(target=threading.Event().wait).start(); "
        "interrupts.wait_no_longer(3); sys.exit(3)"
    )
    done = subprocess.run([sys.executable, "-c", program], timeout=60, check=False)
    assert done.returncode == 3
