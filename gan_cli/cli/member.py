"""What Hydra calls for the members of a sweep: one by one, or all at once."""

import functools
import logging
import math
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from gan_cli.cli.imports import import_modules

if TYPE_CHECKING:
    from omegaconf import DictConfig

    from gan_cli.sweep.members import Member

log = logging.getLogger(__name__)


class MemberTask:
    """Trains members; what goes wrong is in a member's summary, and its score is nan then.

    modules: the user's own, to import. resume: members that ended are left as they are, those that
    did not go on.
    """

    def __init__(self, modules: list[str], *, resume: bool = False) -> None:
        self.modules, self.resume = modules, resume

    def __call__(self, composed: "DictConfig") -> float:
        """Trains one member in the directory that Hydra has made for it; returns its score."""
        from hydra.core.hydra_config import HydraConfig

        from gan_cli import job
        from gan_cli.logs.terminal import Brief, for_standard_output

        import_modules(self.modules)
        member = self._member(composed, HydraConfig.instance().cfg)
        if not self._is_over(member):
            path, terminal = member.place.path, Brief(for_standard_output())
            try:
                job.run(member.experiment, path, terminal, resume=member.resume)
            except Exception as error:
                log.warning("%s: %s", path, error)
        return score(member)

    def together(
        self, jobs: "Sequence[DictConfig]", mode: str, max_lanes: int
    ) -> list[Callable[["DictConfig"], float]]:
        """Trains members that can share a program as one.

        Args:
            jobs: the composed configuration of every member, Hydra's part included.
            mode, max_lanes: see `batches`.

        Returns:
            For every job what remains to be done in its turn: to tell its score.
        """
        from gan_cli.logs.terminal import for_standard_output
        from gan_cli.problem import prepare
        from gan_cli.sweep.groups import batches
        from gan_cli.sweep.members import train_batch
        from gan_cli.sweep.report import what

        import_modules(self.modules)
        members = [self._member(composed, composed) for composed in jobs]
        pending = [number for number, m in enumerate(members) if not self._is_over(m)]
        problems = [prepare(members[number].experiment) for number in pending]
        terminal = for_standard_output()
        for batch in batches(problems, mode, max_lanes):
            terminal.note(what(batch, [jobs[number].hydra.job.num for number in pending]))
            train_batch([members[number] for number in pending], batch, terminal)
        return [functools.partial(_score_of, member) for member in members]

    def _member(self, composed: "DictConfig", hydra: "DictConfig") -> "Member":
        """The member of a configuration; its directory says what it is, also if it is killed."""
        from gan_cli import config, runs
        from gan_cli.cli import places
        from gan_cli.sweep.members import Member

        directory = relative(places.member(hydra))
        place = runs.RunDirectory(directory)
        if self.resume and runs.is_run(directory):
            return Member(config.load_run(directory), place, True)
        if not runs.is_run(directory):
            places.save_configuration(composed, hydra, directory)
        return Member(config.load(plain(composed)), place, False)

    def _is_over(self, member: "Member") -> bool:
        return member.resume and member.place.read_summary()["status"] in ("completed", "diverged")


def _score_of(member: "Member", _: "DictConfig") -> float:
    return score(member)


def score(member: "Member") -> float:
    """A member's score for the sweeper, nan if it did not complete."""
    from gan_cli import job

    summary = member.place.read_summary()
    if summary["status"] != "completed":
        return math.nan
    return job.score(summary, member.experiment.optimized_metric)


def plain(composed: "DictConfig") -> dict[str, Any]:
    """A composed configuration as nested plain values, Hydra's own part left out."""
    from omegaconf import OmegaConf

    values = composed.copy()
    OmegaConf.set_struct(values, False)
    values.pop("hydra", None)
    return OmegaConf.to_container(values, resolve=True)  # type: ignore[return-value]


def relative(directory: Path) -> Path:
    """A path as the user would write it: from the directory they stand in, where it is below."""
    path, here = directory.absolute(), Path.cwd()
    return path.relative_to(here) if path.is_relative_to(here) else path
