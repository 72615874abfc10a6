"""What is fetched of chunks, and how far a training is settled and how it ended."""

import math
from typing import Any, Literal, NamedTuple

from gan_cli.training.chunk import Chunk
from gan_cli.training.state import TrainState

PARAMETERS = "parameters"
"""What is not finite when an update itself overflows, after losses and gradients that did not."""

Ending = Literal["completed", "interrupted", "diverged"]


class Results(NamedTuple):
    """What is fetched of a chunk.

    chunk: the chunk without its state, which goes to the next one.
    samples: samples after the chunk, where a picture is due.
    whole: whether all parameters are finite after the chunk, where its state is copied.
    """

    chunk: Chunk
    samples: Any
    whole: Any


class Pending(NamedTuple):
    """A chunk that was dispatched and whose results are still to be fetched.

    start, end: the last step before the chunk, and its own last step.
    results: what will be fetched.
    state: a copy of the state after the chunk, where it is to be saved or examined, or as a spare.
    """

    start: int
    end: int
    results: Results
    state: TrainState | None


class Settled(NamedTuple):
    """A training's last step so far, its scalars, what of them is not finite, and a spare state.

    spare: a finite state of the whole program; of a training that is broken, its own part of it.
    """

    step: int
    last: dict[str, float]
    broken: list[str]
    spare: TrainState | None = None


def overflowed(step: int, last: dict[str, float]) -> Settled:
    """A training whose losses are finite at a step, and its parameters no longer."""
    return Settled(step, last | {PARAMETERS: math.nan}, [PARAMETERS])


class Outcome(NamedTuple):
    """How a training ended.

    ending: why it ended.
    step: the number of finished steps; when it diverged, the step that was not finite.
    last: the scalars of the last step.
    broken: the tags of what was not finite.
    steps_per_second: the speed over all chunks but the first, which waits for the compiler; 0 where
        no step was taken.
    spare: for one that diverged, a finite state from some seconds before, to replay it from.
    """

    ending: Ending
    step: int
    last: dict[str, float]
    broken: list[str]
    steps_per_second: float
    spare: TrainState | None = None
