"""Whether a training gives the same bits again: from its start, and from a checkpoint half-way."""

import tempfile
from collections.abc import Mapping
from pathlib import Path

import jax
import jax.numpy as jnp
import numpy as np

from gan_cli import checkpoints
from gan_cli.prepared import Prepared
from gan_cli.training.calendar import Calendar
from gan_cli.training.loop import train
from gan_cli.training.program import Single
from gan_cli.training.state import TrainState, begin
from tests.benchmarks.synthetic import digest


class Saver:
    """Sinks that save checkpoints and nothing else."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory

    def scalars(self, step: int, values: Mapping[str, float]) -> None: ...
    def theory(self, step: int, state: TrainState) -> None: ...
    def samples(self, step: int, samples: np.ndarray) -> None: ...
    def progress(self, step: int, rate: float, last: Mapping[str, float]) -> None: ...

    def checkpoint(self, step: int, state: TrainState) -> None:
        checkpoints.save(self.directory, step, state, keep=2)


def resumed(prepared: Prepared, steps: int) -> tuple[str, str]:
    """The bits of a training in one go, and of one that goes on from its checkpoint half-way.

    Both go through the training loop and the checkpoints of `gan train`.
    """
    with tempfile.TemporaryDirectory() as folder:
        whole, before, after = (Path(folder, name) for name in ("whole", "before", "after"))
        one_go = _train(prepared, _start(prepared), whole, steps, until=steps)
        _train(prepared, _start(prepared), before, steps, until=steps // 2)
        saved = checkpoints.restore(before, steps // 2, prepared.abstract)
        return one_go, _train(prepared, jax.device_put(saved), after, steps, until=steps)


def _start(prepared: Prepared) -> TrainState:
    return begin(prepared.experiment.recipe, prepared.spec)[1]


def _train(prepared: Prepared, state: TrainState, directory: Path, steps: int, until: int) -> str:
    """Trains to a step of a run with a checkpoint half-way; returns the bits of the last one."""
    program = Single(prepared.networks, prepared.experiment.recipe)
    calendar = Calendar(steps, prepared.experiment.log_every, 0, steps // 2)
    saver = Saver(directory)
    latents = jnp.zeros((1, prepared.experiment.architecture.latent))
    train(
        program, prepared.feed(), state, latents, calendar, [saver],
        lambda: until in checkpoints.steps(directory),
    )  # fmt: skip
    return digest(checkpoints.restore(directory, until, prepared.abstract))
