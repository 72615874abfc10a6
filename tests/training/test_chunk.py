"""Chunks of steps: one program for all of them, and rows that hold the values at their steps."""

from collections.abc import Callable
from typing import Any

import jax
import numpy as np
import pytest

from gan_cli.architectures.base import DataSpec
from gan_cli.component import component
from gan_cli.config import Experiment
from gan_cli.training.batches import Batch, Synthetic
from gan_cli.training.calendar import Calendar
from gan_cli.training.chunk import CAPACITY, Chunk, Window, run_chunk
from gan_cli.training.game import Game
from gan_cli.training.state import TrainState, begin, outline
from gan_cli.training.step import CHECKED

Make = Callable[..., Experiment]
Start = Callable[[], tuple[Game, TrainState]]

POINTS = DataSpec((2,))
traced: list[str] = []


@component
class Counted(Synthetic):
    """Fresh minibatches; notes every time that the step is traced."""

    def generator_batch(self, recipe: Any, step: jax.Array) -> Batch:
        traced.append("step")
        return super().generator_batch(recipe, step)


@pytest.fixture(scope="module")
def start(make: Make) -> Start:
    """What the small experiment's first chunk takes."""
    experiment = make()
    networks, state = begin(experiment.recipe, POINTS)
    source, host = Counted(dataset=experiment.dataset), jax.device_get(state)
    game = Game(networks, experiment.recipe, source)
    return lambda: (game, jax.device_put(host))


def rows(chunk: Chunk) -> dict[int, dict[str, float]]:
    chunk = jax.device_get(chunk)
    n = int(chunk.logged)
    return {
        int(chunk.steps[i]): {tag: float(row[i]) for tag, row in chunk.rows.items()}
        for i in range(n)
    }


def test_one_program_serves_all_lengths_seeds_and_rates(make: Make, start: Start) -> None:
    game, state = start()
    chunk = run_chunk(game, state, Window(3, 1, 10))
    first = len(traced)
    assert first > 0
    rates = {
        "generator": {"name": "adam", "learning_rate": 0.3, "b1": 0.1},
        "discriminator": {"name": "adam", "learning_rate": 0.1},
    }
    for length, log_every, end in [(1, 1, 10), (7, 5, 10**6), (100, 64, 2**31 - 1)]:
        chunk = run_chunk(game, chunk.state, Window(length, log_every, end))
    for changed in [
        make(seed=2**31 - 1),
        make(optimizer=rates),
        make(dataset={"name": "ring", "std": 0.5, "radius": 3.0}),
        make(steps=77, log_every=3, sample_every=9),
    ]:
        networks = outline(changed.recipe, POINTS)[0]
        source = Counted(dataset=changed.dataset)
        chunk = run_chunk(Game(networks, changed.recipe, source), chunk.state, Window(5, 1, 10))
    assert int(chunk.reached) == 3 + 1 + 7 + 100 + 4 * 5
    assert len(traced) == first

    different = make(k=3).recipe
    run_chunk.trace(Game(networks, different, source), chunk.state, Window(5, 1, 10))
    assert len(traced) > first


def test_rows_hold_the_values_at_their_steps(start: Start) -> None:
    """The same whatever is logged and however the steps are cut into chunks."""
    game, state = start()
    everything = run_chunk(game, state, Window(20, 1, 20))
    every_row = rows(everything)
    assert list(every_row) == list(range(1, 21))
    last = {tag: float(value) for tag, value in everything.last.items()}
    assert last == every_row[20]
    assert bool(everything.finite)
    assert int(everything.reached) == int(everything.state.step) == 20
    assert len({row["loss/discriminator"] for row in every_row.values()}) == 20

    for log_every, lengths in [(6, [20]), (6, [1, 5, 1, 13]), (20, [10, 10]), (50, [7, 13])]:
        state = start()[-1]
        found: dict[int, dict[str, float]] = {}
        for length in lengths:
            chunk = run_chunk(game, state, Window(length, log_every, 20))
            found |= rows(chunk)
            state = chunk.state
        due = [*range(log_every, 20, log_every), 20]
        assert found == {step: every_row[step] for step in due}
        jax.tree.map(np.testing.assert_array_equal, state, everything.state)


def test_a_chunk_ends_at_its_first_step_that_is_not_finite(make: Make, start: Start) -> None:
    rate = {"name": "adam", "learning_rate": 1e12, "b1": 0.99}
    recipe = make(optimizer={"generator": rate, "discriminator": rate}).recipe
    game, state = start()
    chunk = run_chunk(game._replace(recipe=recipe), state, Window(1000, 1, 10**6))
    found = rows(chunk)
    finite = {step: all(np.isfinite(row[tag]) for tag in CHECKED) for step, row in found.items()}
    reached = int(chunk.reached)
    assert finite == dict.fromkeys(range(1, reached), True) | {reached: False}
    assert 1 < reached < 64
    assert not bool(chunk.finite)
    last = {tag: float(value) for tag, value in chunk.last.items()}
    assert repr(last) == repr({tag: found[reached][tag] for tag in last})


def test_what_is_not_logged_is_not_measured(start: Start) -> None:
    game, state = start()
    chunk = run_chunk(game, state, Window(4, 100, 100))
    assert int(chunk.logged) == 0
    last = {tag: float(value) for tag, value in chunk.last.items()}
    assert all(last[tag] != 0 for tag in CHECKED)
    assert all(value == 0 for tag, value in last.items() if tag not in CHECKED)


@pytest.mark.parametrize("log_every", [1, 3, 64, 1000])
@pytest.mark.parametrize("sample_every", [1000, 7])
@pytest.mark.parametrize("checkpoint_every", [1, 90, 10**9])
def test_a_chunk_stops_where_something_is_due_and_logs_no_more_than_it_can(
    log_every: int, sample_every: int, checkpoint_every: int
) -> None:
    plan = Calendar(2500, log_every, sample_every, checkpoint_every)
    step, stops, logged = 0, [], []
    while step < plan.steps:
        length = plan.room(step)
        assert length > 0
        chunk = range(step + 1, step + length + 1)
        due = [n for n in chunk if n % log_every == 0 or n == plan.steps]
        assert len(due) <= CAPACITY + 1
        logged += due
        step += length
        stops.append(step)
    assert stops[-1] == 2500
    assert logged == sorted({*range(log_every, 2501, log_every), 2500})
    for every in (sample_every, checkpoint_every):
        assert {*range(every, 2501, every)} <= set(stops)
