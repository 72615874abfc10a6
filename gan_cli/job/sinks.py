"""Where the results of a training are written; a new place to write to is a class of its own."""

import logging
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from gan_cli import checkpoints
from gan_cli.collapse import Notice
from gan_cli.files import write_atomically
from gan_cli.logs.scalars import ScalarFile, plain
from gan_cli.logs.tensorboard import EventFile
from gan_cli.runs import RunDirectory, Summary, updated
from gan_cli.runs.whereabouts import Whereabouts

log = logging.getLogger(__name__)

SUMMARY_SECONDS = 5.0
"""How often summary.json follows the progress."""


class Sink:
    """Takes the results of one training, in order; what a sink has no use for it leaves alone."""

    def scalars(self, step: int, wall_seconds: float, values: Mapping[str, float]) -> None:
        """Takes the scalars at a step by tag."""

    def probed(self, step: int, state: Any, values: Mapping[str, float]) -> None:
        """Takes what was found out about the state after a step, before the scalars there."""

    def image(self, step: int, tag: str, png: bytes) -> None:
        """Takes an encoded picture."""

    def warn(self, notice: Notice) -> None:
        """Takes a sign that the training has collapsed."""

    def learn(self, known: Summary) -> None:
        """Takes what is newly known of the run as a whole."""

    def checkpoint(self, step: int, state: Any) -> None:
        """Takes the state after a step; everything before it was flushed."""

    def flush(self) -> None:
        """Brings what was taken so far to the disk."""

    def close(self) -> None:
        """Takes nothing more."""


class InPlace(Sink):
    """Writes nothing: ends a training whose directory was moved or deleted, before others write."""

    def __init__(self, directory: Path) -> None:
        self._whereabouts = Whereabouts(directory)

    def probed(self, step: int, state: Any, values: Mapping[str, float]) -> None:
        self._whereabouts.check()

    def scalars(self, step: int, wall_seconds: float, values: Mapping[str, float]) -> None:
        self._whereabouts.check()

    def image(self, step: int, tag: str, png: bytes) -> None:
        self._whereabouts.check()

    def learn(self, known: Summary) -> None:
        self._whereabouts.check()

    def checkpoint(self, step: int, state: Any) -> None:
        self._whereabouts.check()

    def close(self) -> None:
        self._whereabouts.close()


class Metrics(Sink):
    """metrics.jsonl: a line for every logged step."""

    def __init__(self, path: Path) -> None:
        self._file = ScalarFile(path)

    def scalars(self, step: int, wall_seconds: float, values: Mapping[str, float]) -> None:
        self._file.write(step, wall_seconds, values)

    def close(self) -> None:
        self._file.close()


class TensorBoard(Sink):
    """The event file that TensorBoard reads."""

    def __init__(self, events: EventFile) -> None:
        self._events = events

    def scalars(self, step: int, wall_seconds: float, values: Mapping[str, float]) -> None:
        self._events.scalars(step, values)

    def image(self, step: int, tag: str, png: bytes) -> None:
        self._events.image(step, tag, png)

    def warn(self, notice: Notice) -> None:
        self._events.text("warnings", notice.text, notice.step)

    def flush(self) -> None:
        self._events.flush()

    def close(self) -> None:
        self._events.close()


class Pictures(Sink):
    """samples/: a PNG for every picture of samples."""

    def __init__(self, run: RunDirectory) -> None:
        self._run = run
        run.samples.mkdir(exist_ok=True)

    def image(self, step: int, tag: str, png: bytes) -> None:
        write_atomically(self._run.sample(step), png)


class Checkpoints(Sink):
    """checkpoints/: the newest states, each with the record of what the run was started with."""

    def __init__(self, directory: Path, keep: int, record: Mapping[str, Any]) -> None:
        self._directory, self._keep, self._record = directory, keep, record

    def checkpoint(self, step: int, state: Any) -> None:
        checkpoints.save(self._directory, step, state, self._keep, self._record)


class Log(Sink):
    """train.log: what the training is warned of."""

    def __init__(self, run: RunDirectory) -> None:
        self._own = {"run": run.path}

    def warn(self, notice: Notice) -> None:
        log.info("warning at step %d: %s", notice.step, notice.text, extra=self._own)


class SummaryFile(Sink):
    """summary.json: what is known of the run. `known` is replaced, never changed in place."""

    def __init__(self, run: RunDirectory, known: Summary) -> None:
        self._run, self.known = run, known
        self._written = 0.0
        run.write_summary(known)

    def scalars(self, step: int, wall_seconds: float, values: Mapping[str, float]) -> None:
        found = {tag: plain(value) for tag, value in values.items()}
        self.known = updated(self.known, {"metrics": self.known.get("metrics", {}) | found})

    def learn(self, known: Summary) -> None:
        self.known = self.known | known
        if time.perf_counter() - self._written > SUMMARY_SECONDS:
            self._written = time.perf_counter()
            self._run.write_summary(self.known)

    def warn(self, notice: Notice) -> None:
        warnings = [*self.known.get("warnings", []), notice._asdict()]
        self.known = updated(self.known, {"warnings": warnings})
        self._run.write_summary(self.known)

    def checkpoint(self, step: int, state: Any) -> None:
        self._run.write_summary(self.known)
