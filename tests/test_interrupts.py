"""A first SIGINT or SIGTERM is a wish, a second one ends the program."""

import os
import signal
import subprocess
import sys
import threading

import pytest

from gan_cli.interrupts import Interrupted, wish_to_end

BOTH = [signal.SIGINT, signal.SIGTERM]


def handlers() -> list[object]:
    return [signal.getsignal(number) for number in BOTH]


@pytest.mark.parametrize("first", BOTH)
@pytest.mark.parametrize(("second", "status"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_the_first_is_a_wish_and_the_second_an_end(
    first: signal.Signals, second: signal.Signals, status: int
) -> None:
    before = handlers()
    with pytest.raises(Interrupted) as end, wish_to_end() as wish:
        assert not wish()
        assert wish.signal is None
        os.kill(os.getpid(), first)
        assert wish()
        assert wish.signal == first
        os.kill(os.getpid(), second)
        pytest.fail("it went on")
    assert end.value.status == status
    assert str(end.value) == second.name
    assert not isinstance(end.value, Exception)
    assert handlers() == before


def test_the_handlers_from_before_come_back() -> None:
    before = handlers()
    with wish_to_end():
        assert handlers() != before
    assert handlers() == before
    with pytest.raises(ZeroDivisionError), wish_to_end():
        _ = 1 / 0
    assert handlers() == before


def test_a_wish_of_its_own_for_each_run() -> None:
    with wish_to_end() as wish:
        os.kill(os.getpid(), signal.SIGTERM)
        assert wish()
    with wish_to_end() as wish:
        assert not wish()


def test_a_wish_within_a_wish_is_the_same(capsys: pytest.CaptureFixture[str]) -> None:
    before = handlers()
    with wish_to_end() as outer:
        installed = handlers()
        with wish_to_end() as inner:
            assert inner is outer
            outer.obey()
            os.kill(os.getpid(), signal.SIGTERM)
        assert handlers() == installed != before
        with pytest.raises(Interrupted) as end:
            outer.obey()
        assert end.value.status == 143
    assert handlers() == before
    assert capsys.readouterr().err == (
        "gan: ending after what is under way; once more ends at once\n"
    )


def test_off_the_main_thread_signals_stay_as_they_are() -> None:
    before = handlers()
    seen: list[object] = []

    def run() -> None:
        with wish_to_end() as wish:
            seen.extend([wish(), handlers()])

    thread = threading.Thread(target=run)
    thread.start()
    thread.join()
    assert seen == [False, before]


PROGRAM = """
import time
from gan_cli.interrupts import wish_to_end
try:
    with wish_to_end() as wish:
        print("ready", flush=True)
        while True:
            if wish():
                print("wished", flush=True)
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
        assert process.stdout.readline() == "wished\n"
        process.send_signal(signal.SIGTERM)
        assert "held up" not in process.stdout.read()
        assert process.stderr.read().splitlines()[-1] == "gan_cli.interrupts.Interrupted: SIGTERM"
