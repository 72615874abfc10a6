"""What Hydra calls for the members of a sweep: for one after another, or for all at once."""

import contextlib
import logging
import math
from collections.abc import Callable, Collection, Mapping, Sequence
from pathlib import Path
from typing import Any

from hydra.core.hydra_config import HydraConfig
from omegaconf import DictConfig

from gan_cli import runs, saved_config
from gan_cli.composition import hydra_tasks
from gan_cli.config import Experiment
from gan_cli.datasets import downloads
from gan_cli.datasets.base import Dataset, Split
from gan_cli.errors import DataError, GanError, UsageError, sentence
from gan_cli.imports import import_modules
from gan_cli.interrupts import StopRequest
from gan_cli.job import job, open_run
from gan_cli.logs.streams import lasting
from gan_cli.logs.terminal import Brief, for_standard_output
from gan_cli.prepared import Prepared, prepare
from gan_cli.runs import RunDirectory
from gan_cli.sweep import lifeline
from gan_cli.sweep.home import Home
from gan_cli.sweep.jobs import Jobs
from gan_cli.sweep.members import (
    Member,
    hold,
    is_over,
    member_directory,
    new_experiment,
    train_alone,
)
from gan_cli.sweep.training import train_members

log = logging.getLogger(__name__)


class MemberTask:
    """Trains members. What goes wrong is in a member's summary, and its score is nan then."""

    def __init__(
        self,
        modules: Sequence[str],
        prepared: Mapping[int, Prepared] | None = None,
        stop: StopRequest | None = None,
        tie: Path | None = None,
        jobs: Jobs | None = None,
        home: Home | None = None,
        typed: Collection[Path] | None = None,
    ) -> None:
        """Keeps what the members need.

        Args:
            modules: the user's own modules, to import.
            prepared: the members that are to be trained, by their number. Without it each member is
                loaded when its turn comes, as in another process.
            stop: whether the user asked to stop; without it the task listens itself.
            tie: see `lifeline`; it is for members in processes of their own.
            jobs: the members of each job, where a job may have several.
            home: the sweep's directory, where this process is on the machine of the command.
            typed: the data folders that the user has typed for a sweep that goes on, see
                `downloads.may_write`; None for a new sweep, whose folders all are the user's.
        """
        self.modules, self.prepared, self.stop = list(modules), prepared, stop
        self.tie, self.jobs, self.home, self.typed = tie, jobs, home, typed

    def __reduce__(self) -> Any:
        return MemberTask, (self.modules, None, None, self.tie, self.jobs, self.home, self.typed)

    def tell(self, jobs: Jobs) -> None:
        """Takes the members of each job."""
        self.jobs = jobs

    def __call__(self, composed: DictConfig) -> float | list[float]:
        """Trains a member, or all members of a job.

        Args:
            composed: the member's configuration, or the job's, whose Hydra part Hydra holds.

        Returns:
            The member's score, or those of several.
        """
        import_modules(self.modules)
        for root in self.typed or ():
            downloads.may_write(root)
        hydra = HydraConfig.instance().cfg
        assert hydra is not None
        own = self.jobs.composed(hydra) if self.jobs is not None else []
        with contextlib.ExitStack() as stack:
            if self.stop is None:  # in a process of its own
                stack.enter_context(lasting("stdout"))
                stack.enter_context(lasting("stderr"))
            stop = self.stop or stack.enter_context(lifeline.member(self.tie))
            if not own:
                return self._alone(composed, hydra, stop)
            if len(own) == 1:
                return self._alone(own[0], own[0], stop)
            turns = self._together(own, "auto", len(own), 0, stop)
            return [turn(each) for turn, each in zip(turns, own, strict=True)]

    def _alone(self, composed: DictConfig, hydra: DictConfig, stop: StopRequest) -> float:
        """Trains a member by itself, and returns its score."""
        place = RunDirectory(member_directory(hydra))
        settings = hydra_tasks.settings(composed, hydra, place.path)
        self._refuse_another(hydra, place)
        if self.prepared is not None:
            prepared = self.prepared.get(hydra.hydra.job.num)
        else:
            prepared = None if is_over(place) else self._ready(composed, hydra, place, settings, {})
        if prepared is not None:
            member = Member(prepared, place, settings)
            train_alone(member, Brief(for_standard_output()), stop, is_logged=True)
        self._check_home()
        return score(composed, place)

    def _refuse_another(self, hydra: DictConfig, place: RunDirectory) -> None:
        """Refuses a member whose directory holds another one, as a search may choose others.

        Raises:
            UsageError: with both.
        """
        searched = self.prepared is None and self.jobs is None
        if not (searched and runs.is_run(place.path)):
            return
        before, now = place.read_overrides(), list(hydra.hydra.overrides.task)
        if before != now:
            was = [line for line in before if line not in now]
            chosen = [line for line in now if line not in before]
            raise UsageError(
                f"{place.path} was started with {' '.join(was)}, and the search now chooses "
                f"{' '.join(chosen)}. Start a new sweep, with a seed for its sampler."
            )

    def together(
        self, jobs: Sequence[DictConfig], mode: str, max_lanes: int, cores: int = 0
    ) -> list[Callable[[DictConfig], float]]:
        """Trains members that can share a program as one.

        Args:
            jobs: the composed configuration of every member, Hydra's part included.
            mode: side_by_side, or see `divide`.
            max_lanes: see `divide`.
            cores: how many members train side by side at most; 0 is one on each of JAX's devices.

        Returns:
            For every job what remains to be done in its turn: to tell its score.
        """
        return self._together(jobs, mode, max_lanes, cores, self.stop or StopRequest())

    def _together(
        self, jobs: Sequence[DictConfig], mode: str, max_lanes: int, cores: int, stop: StopRequest
    ) -> list[Callable[[DictConfig], float]]:
        """See `together`."""
        places = [RunDirectory(member_directory(composed)) for composed in jobs]
        numbers = [composed.hydra.job.num for composed in jobs]
        settings = [
            hydra_tasks.settings(composed, composed, place.path)
            for composed, place in zip(jobs, places, strict=True)
        ]
        for composed, place in zip(jobs, places, strict=True):
            self._refuse_another(composed, place)
        prepared = dict(self.prepared or {})
        if self.prepared is None:
            splits: dict[Dataset, Split] = {}
            for number, composed, place, own in zip(numbers, jobs, places, settings, strict=True):
                if is_over(place):
                    continue
                ready = self._ready(composed, composed, place, own, splits)
                if ready is not None:
                    prepared[number] = ready
        members = {
            number: Member(prepared[number], place, own)
            for number, place, own in zip(numbers, places, settings, strict=True)
            if number in prepared
        }
        train_members(members, mode, max_lanes, cores, stop, self._check_home)
        self._check_home()
        return [_turn(composed, place) for composed, place in zip(jobs, places, strict=True)]

    def _ready(
        self,
        composed: DictConfig,
        hydra: DictConfig,
        place: RunDirectory,
        settings: Mapping[str, str],
        splits: dict[Dataset, Split],
    ) -> Prepared | None:
        """A member made ready; None where it cannot be, and its summary says why."""
        try:
            if runs.is_run(place.path):
                return prepare(saved_config.load_run(place.path), splits)
            goes_on = self.typed is not None
            return prepare(new_experiment(composed, hydra, goes_on=goes_on), splits)
        except Exception as error:
            log.warning("%s: %s", place.path, sentence(error))
            with contextlib.suppress(GanError), hold(place, settings):  # unless it runs elsewhere
                open_run.fail(place, place.read_summary(), error)
            return None

    def _check_home(self) -> None:
        """Ends the sweep if its directory is gone; on another machine that cannot be told.

        Raises:
            SweepMoved: if it is.
        """
        if self.home is not None and (self.tie is None or self.tie.exists()):
            self.home.check()


def _turn(composed: DictConfig, place: RunDirectory) -> Callable[[DictConfig], float]:
    """What remains to be done for a member that was trained with others: to tell its score."""
    return lambda _: score(composed, place)


def score(composed: DictConfig, place: RunDirectory) -> float:
    """A member's score for the sweeper, nan if it did not complete."""
    try:
        summary = place.read_summary()
    except DataError as error:
        log.warning("%s", error)
        return math.nan
    if summary["status"] != "completed":
        return math.nan
    return job.score(summary, composed.get("optimized_metric", Experiment.optimized_metric))
