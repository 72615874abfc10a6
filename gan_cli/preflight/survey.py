"""What a command would take, told of each of its programs and of all its runs together."""

import time
from collections.abc import Hashable, Iterator, Sequence
from pathlib import Path

import jax
from jax.extend.core import ClosedJaxpr

from gan_cli.bench import flops
from gan_cli.preflight import files, memory, room, words
from gan_cli.preflight.memory import Memory
from gan_cli.preflight.pace import Pace, measure
from gan_cli.preflight.refusal import refuse_files, refuse_hopeless, refuse_memory
from gan_cli.prepared import Prepared

PATIENCE = 60.0
"""After as many seconds of compiling and timing, the other programs of a sweep are not timed."""

Rows = Iterator[tuple[str, str]]


class Survey:
    """Examines the runs of a command; nothing is written.

    Members of a sweep that have one program are examined once.
    """

    def __init__(
        self,
        runs: Sequence[Prepared],
        place: Path,
        key: str,
        *,
        at_once: int,
        timed: bool,
        begun: Sequence[int] = (),
        there: Sequence[int] = (),
    ) -> None:
        """Examines their files.

        Args:
            runs: the run, or the members of a sweep.
            place: the directory that is wanted.
            key: the setting that chooses the directory.
            at_once: how many members train at the same time.
            timed: whether programs are compiled and timed.
            begun, there: see `files.of_run`, of each run, where they go on.

        Raises:
            UsageError: if the files do not fit on the disk.
        """
        self._runs, self._place = runs, place
        self._at_once, self._timed = at_once, timed
        self._begun = begun or [0] * len(runs)
        saved = there or [0] * len(runs)
        self._files = [files.of_run(*each) for each in zip(runs, self._begun, saved, strict=True)]
        refuse_files(self._files, place, key)
        self._steps: dict[Hashable, ClosedJaxpr] = {}
        self._memory: dict[Hashable, Memory] = {}
        self._paces: dict[Hashable, Pace] = {}
        self._seconds = 0.0

    def rehearse(self, number: int) -> None:
        """Tries a step of a run on shapes alone.

        Raises:
            UsageError: naming what does not fit together, or in the memory.
        """
        prepared = self._runs[number]
        if (kind := _kind(prepared)) not in self._steps:
            refuse_hopeless(prepared)
            self._steps[kind] = prepared.rehearse()

    def rows(self, number: int) -> Rows:
        """What is found out about a rehearsed run whose program is new, row by row.

        Raises:
            UsageError: if it does not fit in the memory.
        """
        prepared = self._runs[number]
        kind = _kind(prepared)
        if kind in self._memory:
            return
        yield words.work(flops.count(self._steps[kind]))
        yield words.files([self._files[number]], room.space(self._place))
        left = room.share(prepared)  # before a state and the data are there
        if not self._timed or self._seconds > PATIENCE:
            self._plan(prepared, memory.estimate(prepared, self._steps[kind]), left)
        else:
            begin = time.perf_counter()
            self._paces[kind] = measure(prepared, lambda need: self._plan(prepared, need, left))
            self._seconds += time.perf_counter() - begin
        yield words.memory(self._memory[kind], left, prepared.layout.size)
        if kind in self._paces:
            judged = prepared.experiment.judged_at_end
            yield words.time(self._paces[kind], self._steps_left(number), judged=judged)
            if self._paces[kind].still:
                yield words.still(self._paces[kind].still)

    def totals(self) -> Rows:
        """What all runs of a sweep take together."""
        kinds = [_kind(each) for each in self._runs]
        yield words.members(len(kinds), len(self._memory))
        yield words.files(self._files, room.space(self._place))
        if self._timed:
            left = [(self._paces.get(kind), self._steps_left(i)) for i, kind in enumerate(kinds)]
            yield words.times(left)

    def _steps_left(self, number: int) -> int:
        return self._runs[number].experiment.steps - self._begun[number]

    def _plan(self, prepared: Prepared, needed: Memory, left: int | None) -> None:
        refuse_memory(prepared, needed, left, self._at_once)
        self._memory[_kind(prepared)] = needed


def _kind(prepared: Prepared) -> Hashable:
    """Equal for runs of one program."""
    experiment = prepared.experiment
    structure = jax.tree.structure((experiment.recipe, prepared.abstract, experiment.dataset))
    return structure, prepared.spec, prepared.stays_on_disk, prepared.layout
