"""The works, and programs of this package that take steps of one."""

import functools
from collections.abc import Callable
from typing import NamedTuple

import jax
import numpy as np
from omegaconf import OmegaConf

from gan_cli import compose, config
from gan_cli.architectures import convolutions
from gan_cli.config import Experiment
from gan_cli.problem import feed, prepare
from gan_cli.training.program import Alone
from gan_cli.training.state import build
from gan_cli.training.step import CHECKED, train_step

NEVER = 2**31 - 1
"""A run's end that is not reached."""

Run = Callable[[int], None]
"""Takes some training steps and waits for the last."""


class Work(NamedTuple):
    """A training to time.

    overrides: of the configuration. goal: the ratio ours / theirs to reach.
    """

    overrides: tuple[str, ...]
    goal: float


DCGAN = ("dataset=mnist", "dataset.size=32", "architecture=dcgan", "batch_size=64")

WORKS = {
    "ring": Work(
        (
            "dataset=ring",
            "batch_size=256",
            "architecture.latent=2",
            "architecture.generator_widths=[128,128]",
            "architecture.discriminator_widths=[128,128]",
        ),
        3.0,
    ),
    "mnist-mlp": Work(
        (
            "dataset=mnist",
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


def experiment(work: str, *changes: str) -> Experiment:
    """The experiment of a work, without a moving average of G, on the CPU; with more overrides."""
    overrides = [*WORKS[work].overrides, "ema=0", "device=cpu", *changes]
    with compose.hydra() as program:
        values = compose.compose(program, overrides).copy()
    OmegaConf.set_struct(values, False)
    values.pop("hydra")
    return config.load(OmegaConf.to_container(values, resolve=True))


def in_the_loop(chosen: Experiment) -> Run:
    """Steps as `gan train` takes them: many to a program, logged as often as configured."""
    problem = prepare(chosen)
    program = Alone(problem.networks, chosen.recipe)
    source, _ = feed(chosen).at(0)
    _, state = build(chosen.recipe, problem.spec)

    def run(steps: int) -> None:
        nonlocal state
        chunk = jax.block_until_ready(program.run(source, state, steps, chosen.log_every, NEVER))
        assert chunk.finite
        state = chunk.state

    return run


def step_by_step(chosen: Experiment) -> Run:
    """One dispatch of a compiled step after another, with XLA's own convolutions.

    No loop is left in a step, where they would run twelve times slower. What is replaced here
    stays so for the rest of the process.
    """
    convolutions.convolve = convolutions.convolve_by_lax
    jax.lax.scan = functools.partial(jax.lax.scan, unroll=True)
    problem = prepare(chosen)
    source, _ = feed(chosen).at(0)
    _, state = build(chosen.recipe, problem.spec)
    step = jax.jit(train_step, static_argnames="networks", donate_argnames="state")
    number = 0

    def run(steps: int) -> None:
        nonlocal state, number
        for _ in range(steps):
            number += 1
            measured = np.bool_(number % chosen.log_every == 0)
            state, scalars = step(problem.networks, chosen.recipe, source, state, measured)
        jax.block_until_ready(state)
        assert all(np.isfinite(scalars[tag]) for tag in CHECKED)

    return run
