"""The speeds of a training: one to be logged, one that a person plans with."""

import time

import pytest

from gan_cli.training.clock import Clock


@pytest.fixture
def after(monkeypatch: pytest.MonkeyPatch):
    """Lets a clock tick after some seconds."""
    now = [0.0]
    monkeypatch.setattr(time, "perf_counter", lambda: now[0])

    def tick(clock: Clock, seconds: float, steps: int) -> Clock:
        now[0] += seconds
        clock.tick(steps)
        return clock

    return tick


def test_the_pace_is_not_known_before_something_compiled_has_run(after) -> None:
    clock = after(Clock(), 30.0, 1)
    assert clock.pace == 0
    assert after(clock, 0.01, 4).pace == 0
    assert after(clock, 0.39, 36).pace == pytest.approx(100, rel=0.01)


def test_a_pause_does_not_turn_minutes_into_an_hour(after) -> None:
    """Five minutes at 100 steps a second, then a chunk that takes 40 seconds longer."""
    clock = after(Clock(), 10.0, 1)
    for _ in range(300):
        after(clock, 1.0, 100)
    assert clock.pace == pytest.approx(100)
    after(clock, 41.0, 100)
    assert clock.rate < 3
    assert clock.pace > 60


def test_a_lasting_change_of_speed_is_followed(after) -> None:
    clock = after(Clock(), 10.0, 1)
    for _ in range(300):
        after(clock, 1.0, 100)
    for _ in range(300):
        after(clock, 1.0, 50)
    assert 50 < clock.pace < 62


def test_what_waited_for_the_compiler_tells_nothing_of_the_speed(after) -> None:
    waited = [0.0]
    clock = Clock(lambda: waited[0])
    waited[0] = 29.5
    assert after(clock, 30.0, 50).rate == pytest.approx(100)
    for _ in range(10):
        after(clock, 0.4, 40)
    length = clock.length
    waited[0] += 5
    after(clock, 5.4, 40)
    after(clock, 0.01, 40)
    assert (clock.rate, clock.pace) == (pytest.approx(100), pytest.approx(100))
    assert clock.length == length
    after(clock, 1.0, 50)
    assert clock.rate == pytest.approx(50)
    assert clock.pace < 100
