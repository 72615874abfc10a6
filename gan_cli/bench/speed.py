"""How many steps a program does in a second: one training, or several as lanes."""

import dataclasses
import time

import jax
import numpy as np

from gan_cli.datasets.base import SyntheticDataset
from gan_cli.errors import Diverged
from gan_cli.problem import Problem, feed
from gan_cli.sweep.groups import choose_form, peers
from gan_cli.sweep.lanes import Form, Lanes, mesh_over, place, stack
from gan_cli.training.batches import Source
from gan_cli.training.chunk import CAPACITY
from gan_cli.training.feeds import Feed, Fixed
from gan_cli.training.program import Alone, Program
from gan_cli.training.state import TrainState, build

NEVER = 2**31 - 1


class Training:
    """A program that goes on with its training, a round at a time, as the loop would.

    members: how many trainings it does. step: how far it is. length: steps of a round, for about
    so many seconds.
    """

    def __init__(
        self,
        program: Program,
        source: Feed,
        state: TrainState,
        members: int,
        log_every: int,
        seconds: float,
    ) -> None:
        self.members = members
        self.state = state
        self._program, self._feed = program, source
        self.step = 0
        self._log_every = log_every
        self.length = self._choose_length(seconds)

    @property
    def source(self) -> Source:
        """The minibatches of its next steps."""
        return self._feed.at(self.step)[0]

    def __call__(self) -> float:
        """The steps per second of a round, those of all members together."""
        return self.members * self.length / self._run(self.length)

    def _choose_length(self, seconds: float) -> int:
        """How many steps take about so long; the first, which is compiled, is left out."""
        self._run(1)
        length = 1
        while (took := self._run(length)) < seconds / 2:
            length = int(min(10, max(2, seconds / took)) * length)
        return max(1, round(length * seconds / took))

    def _run(self, steps: int) -> float:
        """Does some steps and returns how many seconds they took."""
        begin = time.perf_counter()
        end = self.step + steps
        chunks = []
        while self.step < end:
            source, available = self._feed.at(self.step)
            length = min(end - self.step, available, CAPACITY * self._log_every)
            chunk = self._program.run(source, self.state, length, self._log_every, NEVER)
            self.state, self.step = chunk.state, self.step + length
            chunks.append(chunk.finite)
        jax.block_until_ready(self.state)
        took = time.perf_counter() - begin
        if not np.all(jax.device_get(chunks)):
            raise Diverged(
                f"the training is no longer finite within {self.step:,} steps, so its speed "
                "cannot be measured. Try a lower learning rate."
            )
        return took


def alone(problem: Problem, seconds: float) -> Training:
    """The training by itself."""
    experiment = problem.experiment
    _, state = build(experiment.recipe, problem.spec)
    program = Alone(problem.networks, experiment.recipe)
    source = feed(experiment, problem.device)
    return Training(program, source, state, 1, experiment.log_every, seconds)


def form_of(problem: Problem, lanes: int) -> Form:
    """The form that a sweep would choose, or vmap where lanes cannot be divided among devices."""
    form = choose_form(problem)
    return "vmap" if form == "spread" and lanes % len(peers(problem)) else form


def together(problem: Problem, source: Source, lanes: int, seconds: float) -> Training:
    """So many trainings as one program, seeds 0, 1, 2, ..., with minibatches as of one alone."""
    experiment = problem.experiment
    synthetic = isinstance(experiment.dataset, SyntheticDataset)
    recipes = stack([dataclasses.replace(experiment.recipe, seed=seed) for seed in range(lanes)])
    state = jax.jit(jax.vmap(lambda recipe: build(recipe, problem.spec)[1]))(recipes)
    if synthetic:
        source = stack([source] * lanes)
    form = form_of(problem, lanes)
    mesh = mesh_over(peers(problem)) if form == "spread" else None
    recipes, state = place((recipes, state), mesh)
    source = place(source, mesh, shared=not synthetic)
    program = Lanes(problem.networks, recipes, not synthetic, form, mesh)
    fixed = Fixed(source, NEVER)
    return Training(program, fixed, state, lanes, experiment.log_every, seconds)
