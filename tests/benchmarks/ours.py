"""The works, and every program of this package that the benchmarks time.

Of the benchmarks, this file alone knows how the package trains.
"""

import functools
import os
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, NamedTuple

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")  # before jax is imported, as `gan` does

import jax
import numpy as np

from gan_cli import config
from gan_cli.architectures import convolutions
from gan_cli.bench.speed import alone, form_of, together
from gan_cli.composition import compose
from gan_cli.config import Experiment
from gan_cli.interrupts import StopRequest
from gan_cli.job import job
from gan_cli.job.open_run import open_run
from gan_cli.job.sample_pictures import picture_latents
from gan_cli.job.starting import starting_state
from gan_cli.logs.terminal import Lines
from gan_cli.prepared import Prepared, prepare
from gan_cli.runs import RunDirectory
from gan_cli.sweep.groups import Group, memory
from gan_cli.training.chunk import Window
from gan_cli.training.clock import Clock
from gan_cli.training.game import Game
from gan_cli.training.program import Single
from gan_cli.training.state import begin
from gan_cli.training.step import CHECKED, train_step
from tests.benchmarks import beginnings
from tests.benchmarks.player import Run

NEVER = 2**31 - 1
"""A run's end that is not reached."""


class Work(NamedTuple):
    """A training to time.

    overrides: what makes its configuration.
    goal: the ratio of our steps a second to PyTorch's that is to be reached.
    """

    overrides: tuple[str, ...]
    goal: float


UNTUNED = (
    "regularizer=[]",
    *(
        f"optimizer.{player}.{setting}"
        for player in ("generator", "discriminator")
        for setting in (
            *("learning_rate=2e-4", "b1=0.5", "b2=0.999"),
            *("schedule.kind=constant", "schedule.steps=10000", "schedule.end=0"),
        )
    ),
)
"""Settings of Adam and of the game that do not depend on the data set."""

DCGAN = (
    *("dataset=mnist", "dataset.size=32", "architecture=dcgan", "batch_size=64"),
    *("architecture.dense_widths=[]", "architecture.initial_weights=normal"),
    *("architecture.generator_batch_norm=true", "architecture.discriminator_batch_norm=true"),
    *UNTUNED,
)

WORKS = {
    "ring": Work(
        (
            "dataset=ring",
            "batch_size=256",
            "architecture.latent=2",
            "architecture.generator_widths=[128,128]",
            "architecture.discriminator_widths=[128,128]",
            *UNTUNED,
        ),
        3.0,
    ),
    "mnist-mlp": Work(
        (
            "dataset=mnist",
            "architecture=mlp",
            "batch_size=64",
            "architecture.latent=128",
            "architecture.generator_widths=[256,512,1024]",
            "architecture.generator_batch_norm=true",
            "architecture.discriminator_widths=[512,256]",
        ),
        1.5,
    ),
    "maxout": Work(("experiment=goodfellow2014_mnist",), 1.2),
    "dcgan": Work(DCGAN, 1.2),
    "lax-step": Work(DCGAN, 1.6),
}


def settings(work: str, *changes: str) -> dict[str, Any]:
    """The configuration of a work on the CPU, without a moving average of G."""
    return settings_of([*WORKS[work].overrides, "ema=0", "device=cpu", *changes])


def settings_of(overrides: Sequence[str]) -> dict[str, Any]:
    """The composed configuration as plain values."""
    with compose.hydra() as program:
        return compose.plain(compose.compose(program, overrides))


def experiment(work: str, *changes: str) -> Experiment:
    """The experiment of a work, with more overrides."""
    return config.load(settings(work, *changes))


def ready(overrides: Sequence[str]) -> Prepared:
    """The experiment that overrides describe, with its device, data and networks."""
    return prepare(config.load(settings_of(overrides)))


def hand_over(work: str, file: Path) -> None:
    """Writes the settings, the data and the initial parameters of a work for PyTorch."""
    beginnings.hand_over(prepare(experiment(work)), settings(work), file)


def in_the_loop(work: str) -> Run:
    """Steps as `gan train` takes them: many to a program, logged as often as configured."""
    prepared = prepare(experiment(work))
    chosen = prepared.experiment
    program = Single(prepared.networks, chosen.recipe)
    source, _ = prepared.feed().at(0)
    _, state = begin(chosen.recipe, prepared.spec)

    def run(steps: int) -> None:
        nonlocal state
        chunk = jax.block_until_ready(
            program.run(source, state, Window(steps, chosen.log_every, NEVER))
        )
        assert chunk.finite
        state = chunk.state

    return run


def step_by_step(work: str) -> Run:
    """One dispatch of a compiled step after another, with XLA's own convolutions.

    No loop is left in a step, since those convolutions run twelve times slower inside one. What is
    replaced here stays replaced for the rest of the process.
    """
    convolutions.convolve = convolutions.convolve_by_lax
    jax.lax.scan = functools.partial(jax.lax.scan, unroll=True)
    prepared = prepare(experiment(work))
    chosen = prepared.experiment
    source, _ = prepared.feed().at(0)
    _, state = begin(chosen.recipe, prepared.spec)
    step = jax.jit(train_step, donate_argnames="state")
    game, number = Game(prepared.networks, chosen.recipe, source), 0

    def run(steps: int) -> None:
        nonlocal state, number
        for _ in range(steps):
            number += 1
            measured = np.bool_(number % chosen.log_every == 0)
            state, scalars = step(game, state, measured)
        jax.block_until_ready(state)
        assert all(np.isfinite(scalars[tag]) for tag in CHECKED)

    return run


def lanes(prepared: Prepared, members: int, seconds: float) -> tuple[Callable[[], float], int]:
    """What measures the steps per second of members together, and the bytes that they plan for.

    Args:
        prepared: the training of each member.
        members: how many there are.
        seconds: about how long a measurement takes.
    """
    training = alone(prepared, seconds)
    if members > 1:
        training = together(prepared, training.source, members, seconds)
    group = Group(list(range(members)), members, form_of(prepared, members))
    return training, memory(prepared, group)


def bare_seconds(prepared: Prepared) -> float:
    """The wall seconds of a training's steps alone, in chunks as long as the loop's."""
    chosen = prepared.experiment
    program = Single(prepared.networks, chosen.recipe)
    state = begin(chosen.recipe, prepared.spec)[1]
    source = prepared.feed().at(0)[0]
    started = time.perf_counter()
    clock, step = Clock(), 0
    while step < chosen.steps:
        length = min(clock.length, chosen.steps - step)
        chunk = program.run(source, state, Window(length, chosen.log_every, chosen.steps))
        state, step = jax.block_until_ready(chunk.state), step + length
        clock.tick(length)
    return time.perf_counter() - started


class Silent(Lines):
    """A terminal that shows nothing."""

    def note(self, text: str) -> None:
        pass


def written_seconds(prepared: Prepared) -> float:
    """The wall seconds of the same training with everything that it writes, until it is written."""
    chosen = prepared.experiment
    with tempfile.TemporaryDirectory() as directory:
        run = RunDirectory(Path(directory))
        (run.path / ".hydra").mkdir()
        run.config.write_text("{}")
        with open_run(prepared, run, resume=False) as opened:
            start = starting_state(opened, resume=False)
            program = Single(prepared.networks, chosen.recipe)
            latents = picture_latents(chosen, prepared.spec)
            started = time.perf_counter()
            runs, feed, stop = [(opened, None)], prepared.feed(), StopRequest()
            job.train_all(runs, program, feed, start.state, latents, Silent(), stop)
            return time.perf_counter() - started
