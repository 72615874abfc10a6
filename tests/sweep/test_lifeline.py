"""Members hear of their command's signals and of its end, and the command of theirs."""

import signal
from pathlib import Path

import pytest

from gan_cli.interrupts import Interrupted, StopRequest
from gan_cli.sweep import lifeline
from gan_cli.sweep.lifeline import Tie


def test_a_member_goes_on_while_nothing_happens() -> None:
    with lifeline.hold(StopRequest()) as folder:
        tie = Tie(folder)
        assert not tie()
        tie.obey()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGUSR1])
def test_the_commands_signal_reaches_the_members(number: signal.Signals) -> None:
    stop = StopRequest()
    with lifeline.hold(stop) as folder:
        early, late = Tie(folder), Tie(folder)
        stop.take(number)
        stop.take(signal.SIGTERM)
        assert early()
        with pytest.raises(Interrupted, match=number.name):
            late.obey()


def test_a_members_signal_reaches_the_others_and_the_command() -> None:
    stop = StopRequest()
    with pytest.raises(Interrupted, match="SIGTERM"), lifeline.hold(stop) as folder:
        Tie(folder).take(signal.SIGTERM)
        assert Tie(folder)()
        raise RuntimeError("what a launcher raises whose member was ended")


def test_an_error_without_a_signal_is_an_error() -> None:
    with pytest.raises(RuntimeError, match="wrong"), lifeline.hold(StopRequest()):
        raise RuntimeError("something is wrong")


def test_a_command_that_was_asked_before_starts_nothing() -> None:
    stop = StopRequest()
    stop.take(signal.SIGINT)
    with pytest.raises(Interrupted), lifeline.hold(stop):
        pytest.fail("it went on")


def test_the_end_of_the_command_is_a_signal() -> None:
    with lifeline.hold(StopRequest()) as folder:
        (folder / "alive").rename(folder / "other")
        (folder / "alive").touch()  # which nobody locks, as after a SIGKILL
        tie = Tie(folder)
        assert tie()
        assert tie.signal == signal.SIGTERM


def test_on_another_machine_nothing_ties_a_member(tmp_path: Path) -> None:
    with lifeline.member(tmp_path) as stop:
        assert not isinstance(stop, Tie)
        assert not stop()
