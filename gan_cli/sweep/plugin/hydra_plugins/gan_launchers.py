"""The Hydra launchers `side_by_side` and `vmap`, which hand all members of a sweep to the task."""

import dataclasses
import logging
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from hydra.core.config_store import ConfigStore
from hydra.core.utils import JobReturn, configure_log, run_job, setup_globals
from hydra.plugins.launcher import Launcher
from hydra.types import HydraContext, TaskFunction
from omegaconf import DictConfig, open_dict

log = logging.getLogger("hydra.gan")


@dataclasses.dataclass
class VmapLauncherConf:
    """What can be set of it.

    mode: auto, vmap, loop or spread. max_lanes: the most members that train as one program.
    """

    _target_: str = "hydra_plugins.gan_launchers.VmapLauncher"
    mode: str = "auto"
    max_lanes: int = 64


@dataclasses.dataclass
class SideBySideLauncherConf:
    """What can be set of it.

    cores: on a CPU, how many members train at once; 0 stands for as many as there are cores.
    max_lanes: on a GPU or TPU, the most members that train as one program.
    """

    _target_: str = "hydra_plugins.gan_launchers.SideBySideLauncher"
    cores: int = 0
    max_lanes: int = 64


for name, node in (("vmap", VmapLauncherConf), ("side_by_side", SideBySideLauncherConf)):
    ConfigStore.instance().store(group="hydra/launcher", name=name, node=node, provider="gan")


class VmapLauncher(Launcher):
    """Trains members that can share a program as one program.

    A task that has a method `together` gets all configurations first, and its results are what the
    single jobs then return. Any other task is called job by job.
    """

    def __init__(self, mode: str, max_lanes: int) -> None:
        self.mode, self.max_lanes, self.cores = mode, max_lanes, 0

    def setup(
        self, *, hydra_context: HydraContext, task_function: TaskFunction, config: DictConfig
    ) -> None:
        self.context, self.task, self.config = hydra_context, task_function, config

    def launch(
        self, job_overrides: Sequence[Sequence[str]], initial_job_idx: int
    ) -> Sequence[JobReturn]:
        setup_globals()
        configure_log(self.config.hydra.hydra_logging, self.config.hydra.verbose)
        Path(self.config.hydra.sweep.dir).mkdir(parents=True, exist_ok=True)
        jobs = [
            self._compose(number, overrides)
            for number, overrides in enumerate(job_overrides, initial_job_idx)
        ]
        tasks: Sequence[TaskFunction] = [self.task] * len(jobs)
        if hasattr(self.task, "together"):
            tasks = self.task.together(jobs, self.mode, self.max_lanes, self.cores)
        done = []
        for composed, task in zip(jobs, tasks, strict=True):
            done.append(self._run(composed, task))
            configure_log(self.config.hydra.hydra_logging, self.config.hydra.verbose)
        return done

    def _compose(self, number: int, overrides: Sequence[str]) -> DictConfig:
        composed: DictConfig = self.context.config_loader.load_sweep_config(
            self.config, list(overrides)
        )
        log.info("\t#%d : %s", number, " ".join(composed.hydra.overrides.task))
        with open_dict(composed):
            composed.hydra.job.id = composed.hydra.job.num = number
        return composed

    def _run(self, composed: DictConfig, task: Any) -> JobReturn:
        return run_job(
            hydra_context=self.context,
            task_function=task,
            config=composed,
            job_dir_key="hydra.sweep.dir",
            job_subdir_key="hydra.sweep.subdir",
        )


class SideBySideLauncher(VmapLauncher):
    """Trains members at the same time: on a CPU one a core, on a GPU as lanes of one program."""

    def __init__(self, cores: int, max_lanes: int) -> None:
        super().__init__("side_by_side", max_lanes)
        self.cores = cores
