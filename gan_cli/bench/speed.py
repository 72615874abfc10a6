"""How many steps a program does in a second: one training, or several as lanes."""

import dataclasses
import time

import jax
import numpy as np

from gan_cli.errors import Diverged
from gan_cli.prepared import Prepared
from gan_cli.sweep.groups import choose_form, peers
from gan_cli.sweep.lanes import Form, Lanes, is_shared, mesh_over, place, stack
from gan_cli.training.batches import Source
from gan_cli.training.chunk import CAPACITY, Window
from gan_cli.training.feeds import Feed, SameSource
from gan_cli.training.program import Program
from gan_cli.training.state import TrainState, begin

NEVER = 2**31 - 1


class Training:
    """A program that goes on with its training, a round at a time, as the loop would.

    members: the number of trainings that it does.
    step: the number of steps done so far.
    length: the number of steps in a round, which take about the seconds that were asked for.
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
        """The source of minibatches for the next steps."""
        return self._feed.at(self.step)[0]

    def __call__(self) -> float:
        """The steps per second of a round, those of all members together."""
        return self.members * self.length / self._run(self.length)

    def _choose_length(self, seconds: float) -> int:
        """How many steps take about so long.

        The first is not timed, since it is compiled. Each length is timed twice and the shorter
        time counts: a device loads kernels and records graphs in the first calls after compiling,
        which once made one step look as long as a hundred.
        """
        self._run(1)
        length = 1
        while (took := min(self._run(length) for _ in range(2))) < seconds / 2:
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
            chunk = self._program.run(source, self.state, Window(length, self._log_every, NEVER))
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


def alone(prepared: Prepared, seconds: float) -> Training:
    """The training by itself."""
    experiment = prepared.experiment
    source = prepared.feed()
    return Training(prepared.program(), source, prepared.begin(), 1, experiment.log_every, seconds)


def form_of(prepared: Prepared, lanes: int) -> Form:
    """The form that a sweep would choose, or vmap where lanes cannot be divided among devices."""
    form = choose_form(prepared)
    return "vmap" if form == "spread" and lanes % len(peers(prepared)) else form


def together(prepared: Prepared, source: Source, lanes: int, seconds: float) -> Training:
    """So many trainings as one program, with the seeds 0, 1, 2 and so on.

    Args:
        prepared: the experiment.
        source: the source of minibatches that one training alone has.
        lanes: the number of trainings.
        seconds: about how long a round takes.
    """
    experiment = prepared.experiment
    recipes = stack([dataclasses.replace(experiment.recipe, seed=seed) for seed in range(lanes)])
    state = jax.jit(jax.vmap(lambda recipe: begin(recipe, prepared.spec)[1]))(recipes)
    state = jax.device_put(state, prepared.device)
    if not is_shared(source):
        source = stack([source] * lanes)
    form = form_of(prepared, lanes)
    mesh = mesh_over(peers(prepared)) if form == "spread" else None
    recipes, state = place((recipes, state), mesh)
    source = place(source, mesh, shared=is_shared(source))
    program = Lanes(prepared.networks, recipes, form, mesh)
    return Training(program, SameSource(source, NEVER), state, lanes, experiment.log_every, seconds)
