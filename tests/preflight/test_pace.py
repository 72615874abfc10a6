"""Programs that are compiled and timed for real, and those for which the memory is too small."""

from collections.abc import Callable

import jax
import pytest

from gan_cli.errors import UsageError
from gan_cli.objectives.minimax import Minimax
from gan_cli.preflight import memory, pace
from gan_cli.preflight.memory import Memory
from gan_cli.preflight.pace import Pace, measure
from gan_cli.prepared import Prepared
from gan_cli.training.program import Single
from tests.values import adam

Make = Callable[..., Prepared]


@pytest.fixture(autouse=True)
def _short(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pace, "LONG", 0.02)


def test_a_program_is_compiled_before_its_steps_are_timed(make: Make) -> None:
    prepared, plans = make(dataset={"name": "digits"}), list[Memory]()
    found = measure(prepared, plans.append)
    assert found.compile_seconds > 0
    assert found.steps_per_second > 1
    [plan] = plans
    assert plan.states == 2 * memory.state(prepared)
    assert plan.data == pytest.approx(memory.stored(prepared), rel=0.1)
    assert plan.step > 0


def test_no_step_is_done_where_the_plan_is_refused(
    make: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(_: Memory) -> None:
        raise UsageError("too much")

    monkeypatch.setattr(Single, "run", lambda *_: pytest.fail("a step was done"))
    with pytest.raises(UsageError, match="too much"):
        measure(make(), refuse)


def test_what_the_device_cannot_hold_is_a_wrong_configuration(
    make: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise jax.errors.JaxRuntimeError("RESOURCE_EXHAUSTED: Out of memory allocating 9 bytes.")

    monkeypatch.setattr(Single, "run", fail)
    with pytest.raises(UsageError, match=r"the memory does not suffice .*A smaller batch_size"):
        measure(make(), lambda _: None)


def test_steps_that_are_not_finite_have_no_speed(make: Make) -> None:
    wild = make(optimizer=adam(1e30))
    assert measure(wild, lambda _: None).steps_per_second == 0


def test_a_player_whose_gradient_stays_zero_is_named(
    make: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert measure(make(), lambda _: None).still == ()
    loss = Minimax.generator_loss
    monkeypatch.setattr(Minimax, "generator_loss", lambda *a: 0 * loss(*a))
    flat = make(k=2)  # a program that was not traced before
    assert measure(flat, lambda _: None).still == ("generator",)


def test_the_time_of_a_run() -> None:
    assert Pace(4.0, 50.0).seconds(1000) == 24.0
