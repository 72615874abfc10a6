"""Whole trainings: the same to the bit whatever is written when, stopped, resumed or cut up."""

import functools
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

import jax
import numpy as np
import pytest

from gan_cli.architectures.base import DataSpec
from gan_cli.config import Experiment, Recipe
from gan_cli.training.batches import Source, Synthetic
from gan_cli.training.calendar import Calendar
from gan_cli.training.chunk import CAPACITY, Window, run_chunk
from gan_cli.training.game import Game
from gan_cli.training.loop import Clock, train
from gan_cli.training.networks import Networks
from gan_cli.training.outcome import Outcome
from gan_cli.training.program import Single
from gan_cli.training.state import TrainState, begin
from gan_cli.training.step import CHECKED

Make = Callable[..., Experiment]

POINTS = DataSpec((2,))


class Kept:
    """Sinks that keep all they are given, in order."""

    def __init__(self) -> None:
        self.rows: dict[int, dict[str, float]] = {}
        self.speeds: list[float] = []
        self.pictures: dict[int, np.ndarray] = {}
        self.states: dict[int, Any] = {}
        self.told: list[int] = []
        self.order: list[tuple[str, int]] = []

    def scalars(self, step: int, values: Mapping[str, float]) -> None:
        assert step not in self.rows
        self.rows[step] = dict(values)
        self.speeds.append(self.rows[step].pop("speed/steps_per_second"))
        self.order.append(("scalars", step))

    def samples(self, step: int, samples: np.ndarray) -> None:
        assert isinstance(samples, np.ndarray)
        self.pictures[step] = samples
        self.order.append(("samples", step))

    def checkpoint(self, step: int, state: TrainState) -> None:
        self.states[step] = jax.device_get(state)
        self.order.append(("checkpoint", step))

    def progress(self, step: int, rate: float, last: Mapping[str, float]) -> None:
        assert rate >= 0
        self.told.append(step)


@functools.cache
def beginning(recipe: Recipe) -> tuple[Networks, TrainState]:
    networks, state = begin(recipe, POINTS)
    return networks, jax.device_get(state)


class Bits:
    """A source that serves for a few steps at a time, whatever room there is."""

    def __init__(self, source: Source, lengths: Sequence[int]) -> None:
        self.source, self.lengths = source, lengths

    def at(self, step: int) -> tuple[Source, int]:
        return self.source, self.lengths[step % len(self.lengths)]

    def close(self) -> None: ...


def go(
    experiment: Experiment,
    plan: Calendar,
    state: TrainState | None = None,
    stopped: Callable[[], bool] = lambda: False,
    lengths: Sequence[int] = (10**9,),
) -> tuple[Outcome, Kept]:
    recipe = experiment.recipe
    networks, first = beginning(recipe)
    feed = Bits(Synthetic(dataset=experiment.dataset), lengths)
    latents = recipe.architecture.sample_latent(jax.random.key(9), 5)
    kept = Kept()
    begun = jax.device_put(first if state is None else state)
    program = Single(networks, recipe)
    with jax.transfer_guard("disallow"):
        [outcome] = train(program, feed, begun, latents, plan, [kept], stopped)
    return outcome, kept


def assert_same(a: Any, b: Any) -> None:
    jax.tree.map(np.testing.assert_array_equal, a, b)


@pytest.fixture(scope="module")
def reference(make: Make) -> Kept:
    """150 steps of which all is kept."""
    outcome, kept = go(make(), Calendar(150, 1, 1, 1))
    assert outcome.ending == "completed"
    assert outcome.step == 150
    assert outcome.broken == []
    assert outcome.steps_per_second > 0
    assert list(kept.rows) == list(kept.states) == list(kept.pictures) == list(range(1, 151))
    assert outcome.last == kept.rows[150]
    assert all(speed > 0 for speed in kept.speeds)
    return kept


@pytest.mark.parametrize(
    ("plan", "lengths"),
    [
        (Calendar(150, 1, 1000, 1000), [150]),
        (Calendar(150, 7, 40, 1000), [150]),
        (Calendar(150, 1000, 1000, 33), [150]),
        (Calendar(150, 10, 50, 75), [1, 5, 2]),
    ],
)
def test_the_same_seed_gives_the_same_run(
    make: Make, reference: Kept, plan: Calendar, lengths: list[int]
) -> None:
    outcome, kept = go(make(), plan, lengths=lengths)
    assert (outcome.ending, outcome.step) == ("completed", 150)
    for found, every, known in [
        (kept.rows, plan.log_every, reference.rows),
        (kept.pictures, plan.sample_every, reference.pictures),
        (kept.states, plan.checkpoint_every, reference.states),
    ]:
        assert list(found) == sorted({*range(every, 150, every), 150})
        assert_same(found, {step: known[step] for step in found})
    assert kept.told == sorted(kept.told)
    assert kept.told[-1] == 150


def test_more_rows_than_a_chunk_can_hold(make: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    """Chunks as long as they can be: their lengths come from the room alone."""
    monkeypatch.setattr(Clock, "length", property(lambda _: 10**6, lambda *_: None), raising=False)
    plan = Calendar(2 * CAPACITY + 9, 1, 10**6, 10**6)
    _, kept = go(make(), plan)
    assert list(kept.rows) == list(range(1, plan.steps + 1))
    assert kept.told == [CAPACITY, 2 * CAPACITY, plan.steps]


def test_another_seed_gives_another_run(make: Make, reference: Kept) -> None:
    _, kept = go(make(seed=1), Calendar(2, 1, 1, 1))
    assert kept.rows[1] != reference.rows[1]
    assert not np.array_equal(kept.pictures[1], reference.pictures[1])


def test_what_was_logged_up_to_a_checkpoint_is_handed_over_before_it(make: Make) -> None:
    _, kept = go(make(), Calendar(30, 3, 5, 10))
    for place, (what, step) in enumerate(kept.order):
        if what == "checkpoint":
            assert {s for w, s in kept.order[:place] if w == "scalars"} == {*range(3, step + 1, 3)}
            assert {s for w, s in kept.order[:place] if w == "samples"} == {*range(5, step + 1, 5)}


def test_resumed_in_the_middle_it_equals_the_whole(make: Make, reference: Kept) -> None:
    plan = Calendar(150, 1, 10, 1000)
    outcome, kept = go(make(), plan, state=reference.states[75])
    assert (outcome.ending, outcome.step) == ("completed", 150)
    assert_same(kept.rows, {step: reference.rows[step] for step in range(76, 151)})
    assert_same(kept.pictures, {step: reference.pictures[step] for step in range(80, 151, 10)})
    assert_same(kept.states, {150: reference.states[150]})


def test_an_extended_run_equals_one_long_run(make: Make, reference: Kept) -> None:
    _, short = go(make(), Calendar(61, 10, 1000, 1000))
    assert list(short.states) == [61]
    _, kept = go(make(), Calendar(150, 10, 1000, 1000), state=short.states[61])
    assert_same(kept.states[150], reference.states[150])


def asked(times: int) -> Callable[[], bool]:
    """A wish to end that comes true when it is asked for a number of times."""
    answers: Iterator[bool] = iter([False] * times)
    return lambda: next(answers, True)


@pytest.mark.parametrize("chunks", [0, 1, 4])
def test_a_stopped_run_saves_where_it_is(make: Make, reference: Kept, chunks: int) -> None:
    outcome, kept = go(make(), Calendar(150, 1, 1000, 1000), stopped=asked(chunks), lengths=[1])
    assert outcome.ending == "interrupted"
    assert outcome.step == chunks
    assert list(kept.rows) == list(range(1, outcome.step + 1))
    assert list(kept.states) == [outcome.step]
    known = reference.states | {0: beginning(make().recipe)[1]}
    assert_same(kept.states[outcome.step], known[outcome.step])


def test_a_run_stopped_at_a_checkpoint_saves_it_once(make: Make) -> None:
    outcome, kept = go(make(), Calendar(150, 1, 1000, 3), stopped=asked(3), lengths=[1])
    assert (outcome.ending, outcome.step) == ("interrupted", 3)
    assert [entry for entry in kept.order if entry[0] == "checkpoint"] == [("checkpoint", 3)]


def test_a_wish_that_comes_after_the_last_step_is_too_late(make: Make) -> None:
    outcome, kept = go(make(), Calendar(3, 1, 1000, 1000), stopped=asked(3), lengths=[1])
    assert (outcome.ending, outcome.step) == ("completed", 3)
    assert list(kept.states) == [3]


def test_a_finished_state_is_left_alone(make: Make, reference: Kept) -> None:
    outcome, kept = go(make(), Calendar(150, 1, 1, 1), state=reference.states[150])
    assert (outcome.ending, outcome.step, outcome.last) == ("completed", 150, {})
    assert kept.order == []


def diverging(make: Make) -> Experiment:
    rate = {"name": "adam", "learning_rate": 1e12, "b1": 0.99}
    return make(optimizer={"generator": rate, "discriminator": rate})


def first_broken_step(experiment: Experiment) -> tuple[int, set[str]]:
    """Found one step at a time."""
    recipe = experiment.recipe
    networks, first = beginning(recipe)
    state = jax.device_put(first)
    source = Synthetic(dataset=experiment.dataset)
    for step in range(1, 1000):
        chunk = run_chunk(Game(networks, recipe, source), state, Window(1, 1, 10**6))
        broken = {tag for tag in CHECKED if not np.isfinite(chunk.last[tag])}
        if broken:
            return step, broken
        state = chunk.state
    raise AssertionError("it never diverged")


@pytest.mark.parametrize("checkpoint_every", [1, 1000])
def test_a_run_that_is_not_finite_ends_at_that_step(make: Make, checkpoint_every: int) -> None:
    experiment = diverging(make)
    step, tags = first_broken_step(experiment)
    assert step > 1
    outcome, kept = go(experiment, Calendar(10**6, 1, 1, checkpoint_every))
    assert (outcome.ending, outcome.step) == ("diverged", step)
    assert set(outcome.broken) == tags
    assert all(not np.isfinite(outcome.last[tag]) for tag in tags)
    assert "step" not in outcome.last
    assert list(kept.rows) == list(range(1, step + 1)), "the row that shows it is logged"
    assert list(kept.pictures) == list(range(1, step))
    assert list(kept.states) == (list(range(1, step)) if checkpoint_every == 1 else [])
    for state in kept.states.values():
        assert all(np.isfinite(leaf).all() for leaf in jax.tree.leaves(state))


def test_the_row_that_is_not_finite_is_logged_though_it_was_not_due(make: Make) -> None:
    experiment = diverging(make)
    step, tags = first_broken_step(experiment)
    _, kept = go(experiment, Calendar(10**6, 1000, 1000, 1000))
    assert list(kept.rows) == [step]
    assert set(kept.rows[step]) == set(CHECKED)
    assert {tag for tag in CHECKED if not np.isfinite(kept.rows[step][tag])} == tags


def about_to_overflow(state: TrainState) -> TrainState:
    """The state with a moment of Adam so large that the next update of G is not finite."""
    adam, *rest = state.generator.optimizer
    huge = adam._replace(mu=jax.tree.map(lambda m: np.full_like(m, 3e38), adam.mu))
    return state._replace(generator=state.generator._replace(optimizer=(huge, *rest)))


@pytest.mark.parametrize(
    ("plan", "chunks"),
    [(Calendar(150, 1, 1, 1), 150), (Calendar(150, 1, 1000, 1000), 1)],
    ids=["where a checkpoint is due", "where it is stopped"],
)
def test_parameters_that_overflow_after_finite_losses_are_never_saved(
    make: Make, reference: Kept, plan: Calendar, chunks: int
) -> None:
    state = about_to_overflow(reference.states[75])
    outcome, kept = go(make(), plan, state=state, stopped=asked(chunks), lengths=[1])
    assert (outcome.ending, outcome.step, outcome.broken) == ("diverged", 76, ["parameters"])
    assert np.isnan(outcome.last["parameters"])
    assert all(np.isfinite(kept.rows[76][tag]) for tag in CHECKED)
    assert kept.states == kept.pictures == {}
    assert outcome.spare is not None
    assert int(outcome.spare.step) == 75


def test_a_run_that_starts_from_a_state_that_is_not_finite_ends_at_once(
    make: Make, reference: Kept
) -> None:
    bad = reference.states[75]
    nans = jax.tree.map(lambda w: np.full_like(w, np.nan), bad.generator.parameters)
    bad = bad._replace(generator=bad.generator._replace(parameters=nans))
    outcome, kept = go(make(), Calendar(150, 1, 1, 1), state=bad)
    assert (outcome.ending, outcome.step) == ("diverged", 76)
    assert set(outcome.broken) == set(CHECKED)
    assert list(kept.rows) == [76]
    assert kept.states == {}


def test_what_a_sink_raises_ends_the_training(make: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: Any) -> None:
        raise OSError("no space left")

    monkeypatch.setattr(Kept, "samples", full)
    with pytest.raises(OSError, match="no space left"):
        go(make(), Calendar(30, 1, 10, 5))
