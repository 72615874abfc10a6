"""A stretch of a run trained again: whether parameters and logged scalars come out as they were."""

import contextlib
import dataclasses
import math
from collections import defaultdict
from collections.abc import Mapping
from typing import Any, NamedTuple

import jax
import jax.numpy as jnp
import numpy as np

from gan_cli import saved_config, stored_arrays
from gan_cli.config import Experiment
from gan_cli.interrupts import StopRequest
from gan_cli.job import changes, differences
from gan_cli.job.first_summary import first_summary
from gan_cli.job.probes import probes_of
from gan_cli.job.recorder import Probe
from gan_cli.job.stretch import Stretch, last_stretch
from gan_cli.logs.terminal import Terminal
from gan_cli.prepared import Prepared
from gan_cli.runs import RunDirectory, Summary
from gan_cli.training import compilation, devices
from gan_cli.training.calendar import Calendar
from gan_cli.training.clock import Clock
from gan_cli.training.loop import train
from gan_cli.training.outcome import Outcome
from gan_cli.training.state import TrainState

TOLERANCE = 1e-3
"""How far a number of the state may be off with other versions or on another machine, in parts of
the largest parameter. Sums are rounded in another order there. Measured between jax 0.10.1 and
0.12.0.1, that made at most 3e-6 in 10 steps, and up to .1 in 100, since a training is chaotic."""

TOLERANCE_OF_SCALARS = 0.05
"""How far a logged scalar may be off there, in parts of the larger of 1 and its value."""


class Verdict(NamedTuple):
    """What came of a stretch that was trained again.

    start, end: see `Stretch`.
    arrays, rows: how many of them were compared.
    trained: the versions and the machine that the run was trained with; empty where not known.
    here: those of now.
    largest_difference: the largest difference of a number in a checkpoint, in parts of the largest
        parameter.
    differences: the first array and the first logged row that are not equal to the bit, in words.
    close: whether all is within the tolerance that holds with other versions or elsewhere.
    """

    start: int
    end: int
    arrays: int
    rows: int
    trained: dict[str, Any]
    here: dict[str, Any]
    largest_difference: float
    differences: list[str]
    close: bool

    @property
    def accepted(self) -> bool:
        """Whether the run came out as it must here."""
        return self.identical or (self.close and bool(self.elsewhere))

    @property
    def identical(self) -> bool:
        """Whether all is equal to the bit."""
        return not self.differences

    @property
    def elsewhere(self) -> dict[str, tuple[Any, Any]]:
        """The facts that differ, each as it was for the run and as it is here."""
        pairs = {name: (self.trained.get(name), now) for name, now in self.here.items()}
        return {name: pair for name, pair in pairs.items() if pair[0] != pair[1]}


class Kept:
    """What a training gives, kept in memory.

    rows: the scalars by step.
    state: the last state that was to be saved, on the host, or None.
    """

    def __init__(self, probes: Mapping[str, Probe], terminal: Terminal) -> None:
        self.rows: dict[int, dict[str, float]] = {}
        self.state: Any = None
        self._probes, self._terminal = probes, terminal
        self._probed: dict[int, dict[str, float]] = defaultdict(dict)

    def theory(self, step: int, state: TrainState) -> None:
        self._probed[step] |= self._probes["theory"](state)

    def evaluation(self, step: int, state: TrainState) -> None:
        self._probed[step] |= self._probes["evaluation"](state)

    def scalars(self, step: int, values: Mapping[str, float]) -> None:
        self.rows[step] = {**values, **self._probed[step]}

    def samples(self, step: int, samples: np.ndarray) -> None:
        """Keeps no pictures."""

    def checkpoint(self, step: int, state: TrainState) -> None:
        self.state = jax.device_get(state)

    def progress(self, step: int, rate: float, last: Mapping[str, float]) -> None:
        self._terminal.progress(step, rate, last)


def verify(
    place: RunDirectory, prepared: Prepared, terminal: Terminal, stop: StopRequest
) -> Verdict:
    """Trains the steps between a run's last two checkpoints again; nothing is written.

    Where there is one checkpoint alone, the steps up to it are trained from the beginning.

    Args:
        place: the run's directory.
        prepared: its experiment.
        terminal: shows the progress.
        stop: whether the user asked to stop.

    Raises:
        UsageError: if the run has no checkpoint, or is not what it was at the start.
        DataError: if one of the checkpoints, or the summary, is damaged.
        Interrupted: when the user ended it.
    """
    changes.refuse(place, prepared, otherwise=".")
    stretch = last_stretch(place, prepared)
    outcome, kept = again(prepared, stretch, terminal, stop)
    trained, here = (_facts(each) for each in (place.read_summary(), first_summary(prepared)))
    return judge(stretch, outcome, kept, trained, here)


def _facts(summary: Summary) -> dict[str, Any]:
    """The versions and what else decides the numbers beside the configuration.

    A run that does not tell on how many devices it was trained was trained on one.
    """
    numerics = summary.get("numerics", {})
    return {**summary.get("versions", {}), **({"devices": "1"} | numerics if numerics else {})}


def as_trained(place: RunDirectory) -> Experiment:
    """The experiment of a run, on as many devices as it was trained on, or on one if they lack."""
    experiment = saved_config.load_run(place.path)
    count = place.read_summary().get("numerics", {}).get("devices", "1")
    there = jax.devices(devices.choose(experiment.device).platform)
    found = int(count) if count.isdecimal() and int(count) <= len(there) else 1
    return dataclasses.replace(experiment, devices=found)


def again(
    prepared: Prepared, stretch: Stretch, terminal: Terminal, stop: StopRequest
) -> tuple[Outcome, Kept]:
    """Trains a stretch; every step that the run has logged is logged."""
    experiment = prepared.experiment
    inside = [row["step"] for row in stretch.rows if row["step"] != stretch.end]
    calendar = Calendar(
        stretch.end,
        log_every=math.gcd(*inside) or stretch.end,
        sample_every=0,
        checkpoint_every=stretch.end,
        theory_every=experiment.theory_every,
        evaluate_every=experiment.evaluate_every,
    )
    played = prepared.of_stream(int(stretch.state.stream))
    kept = Kept(probes_of(prepared, terminal.note).by_name(), terminal)
    terminal.begin(stretch.start, stretch.end)
    try:
        with (
            jax.default_device(prepared.device),
            contextlib.closing(played.feed()) as feed,
            compilation.timed() as compiling,
        ):
            latents = jnp.zeros(0)  # of no picture
            clock = Clock(lambda: compiling.seconds)
            [outcome] = train(
                played.program(), feed, stretch.state, latents, calendar, [kept], stop, clock
            )
    finally:
        terminal.end([])
    if outcome.ending == "interrupted":
        stop.obey()
    return outcome, kept


def judge(
    stretch: Stretch,
    outcome: Outcome,
    kept: Kept,
    trained: dict[str, Any],
    here: dict[str, Any],
) -> Verdict:
    """Compares what came out with what the run has; see `Verdict`."""
    if outcome.ending == "diverged":
        broken = ", ".join(outcome.broken)
        parameters = math.inf, [f"step {outcome.step:,}, trained again, is not finite: {broken}"]
    else:
        parameters = differences.of_arrays(stretch.saved, stored_arrays.by_name(kept.state))
    logged = differences.of_rows(stretch.rows, kept.rows)
    close = parameters[0] <= TOLERANCE and logged[0] <= TOLERANCE_OF_SCALARS
    unequal = [*parameters[1], *logged[1]]
    return Verdict(
        stretch.start,
        stretch.end,
        len(stretch.saved),
        len(stretch.rows),
        trained,
        here,
        parameters[0],
        unequal,
        close,
    )
