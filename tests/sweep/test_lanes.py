"""A lane does what the member does alone, whatever becomes of the others."""

import functools
import os
import re
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import jax
import numpy as np
import pytest

from gan_cli.config import Experiment
from gan_cli.prepared import prepare
from gan_cli.sweep.lanes import Form, Lanes, is_shared, run_lanes, stack
from gan_cli.training.calendar import Calendar
from gan_cli.training.chunk import Chunk, Window, run_chunk
from gan_cli.training.feeds import SameSource
from gan_cli.training.game import Game
from gan_cli.training.loop import train
from gan_cli.training.program import Single
from gan_cli.training.state import begin

from .conftest import sgd

Make = Callable[..., Experiment]


def steps_alone(experiment: Experiment, steps: int) -> Chunk:
    problem = prepare(experiment)
    program = Single(problem.networks, experiment.recipe)
    state = begin(experiment.recipe, problem.spec)[1]
    source, window = problem.feed().at(0)[0], Window(steps, 1, 10**6)
    return jax.device_get(program.run(source, state, window))


def steps_together(
    experiments: Sequence[Experiment], form: Form, steps: int, log_every: int = 1
) -> list[Chunk]:
    problem = prepare(experiments[0])
    sources = [prepare(experiment).feed().at(0)[0] for experiment in experiments]
    states = [begin(experiment.recipe, problem.spec)[1] for experiment in experiments]
    recipes = stack([experiment.recipe for experiment in experiments])
    program = Lanes(problem.networks, recipes, form)
    source = sources[0] if is_shared(sources[0]) else stack(sources)
    window = Window(steps, log_every, 10**6)
    return program.split(program.run(source, stack(states), window))


def assert_agree(lane: Chunk, alone: Chunk, tolerance: float) -> None:
    n = int(alone.logged)
    assert (int(lane.logged), int(lane.reached)) == (n, int(alone.reached))
    assert bool(lane.finite) == bool(alone.finite)
    np.testing.assert_array_equal(lane.steps[:n], alone.steps[:n])
    for tag, row in alone.rows.items():
        close = functools.partial(np.testing.assert_allclose, rtol=tolerance, atol=tolerance)
        close(lane.rows[tag][:n], row[:n], err_msg=tag)
        close(lane.last[tag], alone.last[tag], err_msg=tag)


@pytest.mark.parametrize("form", ["vmap", "loop"])
@pytest.mark.parametrize(
    "members",
    [
        [{"seed": 0}, {"seed": 5, "optimizer": sgd(0.05)}, {"seed": 9, "optimizer": sgd(0.01)}],
        [{"dataset": {"name": "ring", "std": 0.1}}, {"dataset": {"name": "ring", "radius": 1.0}}],
        [{"dataset": {"name": "digits"}, "k": 2, "seed": seed} for seed in (1, 2)],
        [
            {"regularizer": {"r1": {"name": "r1", "weight": weight, "every": 4}}}
            for weight in (0.1, 1.0)
        ],
    ],
    ids=["seeds and rates", "distributions", "digits", "weights of a lazy penalty"],
)
def test_a_lane_agrees_with_the_member_alone(make: Make, form: Form, members: Any) -> None:
    """Over 60 logged steps, one chunk; the README states the tolerance over 100."""
    first = members[0].get("optimizer") or sgd(0.05)
    experiments = [make(**({"optimizer": first} | member)) for member in members]
    lanes = steps_together(experiments, form, 60)
    for lane, experiment in zip(lanes, experiments, strict=True):
        assert_agree(lane, steps_alone(experiment, 60), 1e-4)
    assert lanes[0].last != lanes[1].last


@pytest.mark.parametrize(
    "objective",
    [
        "wgan_gp",
        pytest.param("wgan", marks=pytest.mark.slow),
        *(pytest.param(name, marks=pytest.mark.long) for name in ("hinge", "minimax")),
    ],
)
def test_over_100_steps_of_adam_it_still_agrees(make: Make, objective: str) -> None:
    experiments = [make(objective={"name": objective}, seed=seed) for seed in (3, 4)]
    for lane, experiment in zip(
        steps_together(experiments, "vmap", 100, log_every=50), experiments, strict=True
    ):
        alone = steps_alone(experiment, 100)
        for tag, value in alone.last.items():
            if not tag.startswith(("divergence", "discriminator/")):  # measured at logged steps
                np.testing.assert_allclose(lane.last[tag], value, rtol=1e-3, atol=1e-4)


@pytest.mark.parametrize("form", ["vmap", "loop"])
def test_a_lane_that_diverges_keeps_its_last_rows_and_the_others_go_on(
    make: Make, form: Form
) -> None:
    experiments = [make(seed=1, optimizer=sgd(rate)) for rate in (0.01, 1e20, 0.02)]
    lanes = steps_together(experiments, form, 60)
    alone = [steps_alone(experiment, 60) for experiment in experiments]
    assert [bool(lane.finite) for lane in lanes] == [True, False, True]
    assert int(alone[1].reached) < 60
    for tag, value in alone[1].last.items():
        np.testing.assert_allclose(lanes[1].last[tag], value, rtol=1e-6, err_msg=tag)
    for lane, reference in ((lanes[0], alone[0]), (lanes[2], alone[2])):
        assert_agree(lane, reference, 1e-4)
    assert (int(lanes[1].logged), int(lanes[1].reached)) == (int(alone[1].logged),) * 2


@pytest.mark.parametrize("form", ["vmap", "loop"])
def test_lanes_leave_out_what_a_training_alone_leaves_out(make: Make, form: Form) -> None:
    """Such as a lazy penalty, which few updates take."""
    lazy = {"r1": {"name": "r1", "weight": 0.1, "every": 4}}
    experiments = [make(regularizer=lazy, seed=seed, k=2) for seed in (0, 1)]
    problem = prepare(experiments[0])
    recipes = [experiment.recipe for experiment in experiments]
    source, state = problem.feed().at(0)[0], problem.abstract
    two = functools.partial(jax.tree.map, lambda x: jax.ShapeDtypeStruct((2, *x.shape), x.dtype))
    window = Window(5, 1, 10)
    game = Game(problem.networks, recipes[0], source)
    alone = jax.make_jaxpr(run_chunk)(game, state, window)
    game = Game(problem.networks, stack(recipes), stack([source, source]))
    together = functools.partial(run_lanes, form=form, mesh=None)
    lanes = jax.make_jaxpr(together)(game, two(state), window)
    choices = [len(re.findall(r"\bcond\[", str(program))) for program in (lanes, alone)]
    assert choices[0] == choices[1] > 1


class Quiet:
    """Takes all results of a training, and counts the copies of all lanes' states in memory."""

    def __init__(self, shape: tuple[int, ...]) -> None:
        self.shape, self.copies = shape, 0

    def scalars(self, *_: Any) -> None: ...
    def samples(self, *_: Any) -> None: ...
    def checkpoint(self, *_: Any) -> None: ...

    def progress(self, *_: Any) -> None:
        self.copies = sum(array.shape == self.shape for array in jax.live_arrays())


def test_a_lane_that_diverges_keeps_no_copy_of_the_others(make: Make) -> None:
    """Of its own state it keeps one, to be replayed from; each step here makes a new one of all."""
    game = {"objective": {"name": "least_squares"}, "batch_size": 12}
    experiments = [make(**game, optimizer=sgd(rate)) for rate in (1e8, 1e3, 3.0, 1e-3)]
    prepared = [prepare(experiment) for experiment in experiments]
    program = Lanes(
        prepared[0].networks, stack([each.recipe for each in experiments]), "vmap", None
    )
    feed = SameSource(stack([each.feed().at(0)[0] for each in prepared]), 10**6)
    begun = [each.begin() for each in prepared]
    latents = stack([each.architecture.sample_latent(jax.random.key(0), 4) for each in experiments])
    shape = begun[0].generator.parameters["hidden"][0]["kernel"].shape
    counts = [Quiet((4, *shape)) for _ in experiments]
    outcomes = train(
        program, feed, stack(begun), latents, Calendar(60, 1, 60, 1), counts, lambda: False
    )
    assert [each.ending for each in outcomes] == ["diverged"] * 3 + ["completed"]
    assert len({each.step for each in outcomes}) == 4
    assert counts[3].copies <= counts[1].copies, "though two lanes more have diverged meanwhile"
    for outcome in outcomes[:3]:
        kept = jax.tree.leaves(outcome.spare)
        assert all(np.isfinite(leaf).all() and leaf.base is None for leaf in kept)
        assert outcome.spare is not None
        assert outcome.spare.step == outcome.step - 1


def test_where_all_diverge_no_more_steps_are_run(make: Make) -> None:
    lanes = steps_together([make(seed=s, optimizer=sgd(1e20)) for s in (1, 2)], "vmap", 10**7)
    assert [bool(lane.finite) for lane in lanes] == [False, False]


def test_one_trace_serves_all_seeds_and_rates_of_a_structure(make: Make) -> None:

    def go(rate: float, seeds: Sequence[int], steps: int) -> None:
        members = [make(seed=seed, optimizer=sgd(rate), batch_size=12) for seed in seeds]
        steps_together(members, "vmap", steps)

    before = run_lanes._cache_size()
    go(0.3, (21, 22), 3)
    go(0.1, (23, 24), 7)
    assert run_lanes._cache_size() == before + 1
    go(0.1, (23, 24, 25), 3)
    assert run_lanes._cache_size() == before + 2


SPREAD = """
import jax, numpy as np
from gan_cli import config
from gan_cli.prepared import prepare
from gan_cli.sweep.groups import Group, divide
from gan_cli.sweep.lanes import Lanes, mesh_over, stack
from gan_cli.training.chunk import Window
from gan_cli.training.state import begin
from tests.sweep.conftest import VALUES

assert len(jax.devices()) == 2
problems = [prepare(config.load(VALUES | {"seed": seed})) for seed in range(3)]
[batch] = divide(problems, "auto", 64)
assert batch == Group([0, 1, 2], 4, "spread"), batch
members = [problems[min(lane, 2)] for lane in range(4)]
ends = []
for form, mesh in ("vmap", None), ("spread", mesh_over(jax.devices())):
    recipes = stack([p.experiment.recipe for p in members])
    source = stack([p.feed().at(0)[0] for p in members])
    state = stack([begin(p.experiment.recipe, p.spec)[1] for p in members])
    program = Lanes(members[0].networks, recipes, form, mesh)
    chunk = program.run(source, state, Window(20, 1, 100))
    ends.append(program.split(chunk))
    if mesh:
        assert len(chunk.reached.sharding.device_set) == 2
for one, other in zip(*ends, strict=True):
    jax.tree.map(lambda a, b: np.testing.assert_allclose(a, b, rtol=1e-3, atol=1e-4), one, other)
print("agreed")
"""


@pytest.mark.slow
def test_lanes_spread_over_two_devices() -> None:
    done = subprocess.run(
        [sys.executable, "-c", SPREAD],
        env=os.environ | {"JAX_NUM_CPU_DEVICES": "2"},
        cwd=Path(__file__).parents[2],
        capture_output=True,
        text=True,
        timeout=240,
        check=False,
    )
    assert (done.returncode, done.stdout) == (0, "agreed\n"), done.stderr
