"""What an engine gets of a sweep: a job for each member, or group of members, that is missing."""

import logging
from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

from hydra.core.hydra_config import HydraConfig
from hydra.core.utils import JobReturn
from hydra.plugins.launcher import Launcher
from omegaconf import DictConfig, open_dict

from gan_cli.composition.overrides import quoted
from gan_cli.prepared import Prepared
from gan_cli.sweep.groups import divide

log = logging.getLogger("hydra.gan")

FOLDER = ".jobs"
"""Where in a sweep's directory the logs are of jobs that train several members."""


class Member(NamedTuple):
    """A member of a sweep: its number, and the overrides that it is composed of."""

    number: int
    overrides: list[str]


class Jobs(NamedTuple):
    """The members of each job, by the job's number, and what composes them in its process."""

    compose: Callable[[list[str]], DictConfig]
    members: Sequence[Sequence[Member]]

    def composed(self, job: DictConfig) -> list[DictConfig]:
        """The configurations of a job's members.

        Args:
            job: the job's configuration, Hydra's part included.
        """
        own = job.hydra.job
        return [
            numbered(self.compose(member.overrides), member.number, own.id)
            for member in self.members[own.num]
        ]


class JobsLauncher(Launcher):
    """Hands an engine's launcher the members that are missing, each once."""

    def __init__(
        self,
        engine: Launcher,
        compose: Callable[[list[str]], DictConfig],
        groups: Sequence[Sequence[int]],
        tell: Callable[[Jobs], None],
    ) -> None:
        """Keeps what the jobs are made of.

        Args:
            engine: the launcher, which has been set up.
            compose: composes a member from its overrides.
            groups: the numbers of the members that are missing, by job.
            tell: takes the jobs before the engine gets them.
        """
        self.engine, self.compose, self.groups, self.tell = engine, compose, groups, tell

    def setup(self, **_: object) -> None:
        """Does nothing: the engine has been set up."""

    def launch(
        self, job_overrides: Sequence[Sequence[str]], initial_job_idx: int
    ) -> Sequence[JobReturn]:
        """Runs what is missing of a batch of members.

        Returns:
            What each job returned.
        """
        batch = range(initial_job_idx, initial_job_idx + len(job_overrides))
        groups = [[number for number in group if number in batch] for group in self.groups]
        jobs = Jobs(
            self.compose,
            [
                [Member(number, list(job_overrides[number - batch.start])) for number in group]
                for group in groups
                if group
            ],
        )
        if not jobs.members:
            return []
        self.tell(jobs)
        overrides = [self._overrides(number, job) for number, job in enumerate(jobs.members)]
        launched: Sequence[JobReturn] = self.engine.launch(overrides, initial_job_idx=0)
        return launched

    def _overrides(self, job: int, members: Sequence[Member]) -> list[str]:
        """What an engine composes: the first member, with a directory for Hydra's log of the job.

        That is the member's own where it is alone.
        """
        first = members[0]
        place = f"{FOLDER}/{job}"
        if len(members) == 1:
            config = numbered(self.compose(first.overrides), first.number, str(first.number))
            HydraConfig.instance().set_config(config)  # what ${hydra:...} means
            place = str(config.hydra.sweep.subdir)
        names = " ".join(f"#{member.number}" for member in members)
        log.info("\t%s : %s", names, " ".join(first.overrides) if len(members) == 1 else place)
        return [*first.overrides, quoted("hydra.sweep.subdir", place)]


def numbered(composed: DictConfig, number: int, job_id: str) -> DictConfig:
    """A member's configuration with its number and its job."""
    with open_dict(composed):
        composed.hydra.job.id, composed.hydra.job.num = job_id, number
    return composed


def divided(missing: Mapping[int, Prepared], members_per_job: int) -> list[list[int]]:
    """The members of each job: those that can train as one program, or a member by itself.

    Args:
        missing: what is to be trained, by its number in the sweep.
        members_per_job: the most members of a job.
    """
    if members_per_job == 1:
        return [[number] for number in missing]
    numbers = list(missing)
    jobs: list[list[int]] = []
    for group in divide(list(missing.values()), "auto", members_per_job):
        own = [numbers[place] for place in group.numbers]
        jobs += [own] if group.form is not None else [[number] for number in own]
    return jobs
