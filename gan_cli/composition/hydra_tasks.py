"""Tasks run in Hydra's way, with its logging, environment, callbacks, sweepers and launchers.

Hydra's private names are used in `requested`, `compose`, `hydra_tasks`, `loader` and `parsing`
alone.
"""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from hydra._internal.callbacks import Callbacks
from hydra._internal.hydra import Hydra
from hydra.core.plugins import Plugins
from hydra.core.utils import JobStatus, configure_log, run_job
from hydra.plugins.launcher import Launcher
from hydra.types import HydraContext, TaskFunction
from omegaconf import DictConfig, OmegaConf

from gan_cli.composition.overrides import quoted, typed
from gan_cli.composition.parsing import CONFIG_NAME
from gan_cli.tuned.configuration import without_hydra

NO_SETTINGS = "hydra.output_subdir=null"
"""Keeps Hydra from writing a member's .hydra/, which gan writes whole and under the run's lock."""


def settings(config: DictConfig, hydra: DictConfig, directory: Path) -> dict[str, str]:
    """The files of a run's .hydra/ as Hydra writes them, by name.

    Args:
        config: composed, with or without Hydra's part.
        hydra: a configuration with Hydra's part.
        directory: the run directory.
    """
    own: Any = OmegaConf.to_container(hydra.hydra)
    own["runtime"]["output_dir"] = str(directory.absolute())
    own["output_subdir"] = ".hydra"
    overrides = own["overrides"]
    overrides["hydra"] = [line for line in overrides["hydra"] if line != NO_SETTINGS]
    parts = {
        "config": without_hydra(config),
        "hydra": {"hydra": own},
        "overrides": overrides["task"],
    }
    return {f"{name}.yaml": OmegaConf.to_yaml(OmegaConf.create(p)) for name, p in parts.items()}


def run(program: Hydra, config: DictConfig, directory: Path, task: TaskFunction) -> Any:
    """Runs a task with a configuration, with Hydra's logging, environment and callbacks.

    Args:
        program: see `compose.hydra`.
        config: composed, Hydra's part included.
        directory: the output directory, in which Hydra writes the log alone.
        task: takes the configuration without Hydra's part.

    Returns:
        What the task returns.

    Raises:
        Exception: what the task raises.
    """
    config.hydra.run.dir, config.hydra.output_subdir = str(directory), None
    callbacks = Callbacks(config)
    callbacks.on_run_start(config=config, config_name=CONFIG_NAME)
    context = HydraContext(config_loader=program.config_loader, callbacks=callbacks)
    ended = run_job(task, config, "hydra.run.dir", None, context)
    callbacks.on_run_end(config=config, config_name=CONFIG_NAME, job_return=ended)
    if ended.status == JobStatus.FAILED:
        raise ended._return_value  # `return_value` would print it in Hydra's way
    return ended.return_value


def sweep(
    program: Hydra,
    base: DictConfig,
    directory: Path,
    task: TaskFunction,
    through: Callable[[Launcher], Launcher] | None = None,
) -> None:
    """Lets Hydra's sweeper and launcher run a task for every member of a sweep.

    Args:
        program: see `compose.hydra`.
        base: what the members have in common.
        directory: the sweep's directory.
        task: takes a member's configuration without Hydra's part.
        through: makes of Hydra's launcher the one that the basic sweeper is to use.
    """
    for member in program.config_loader.members.values():
        member.hydra.sweep.dir, member.hydra.output_subdir = str(directory), None
    base.hydra.sweep.dir = str(directory)
    base.hydra.overrides.hydra += [quoted("hydra.sweep.dir", directory), NO_SETTINGS]
    configure_log(base.hydra.hydra_logging, base.hydra.verbose)
    callbacks = Callbacks(base)
    callbacks.on_multirun_start(config=base, config_name=CONFIG_NAME)
    context = HydraContext(config_loader=program.config_loader, callbacks=callbacks)
    sweeper = Plugins.instance().instantiate_sweeper(
        config=base, hydra_context=context, task_function=task
    )
    if through is not None:
        sweeper.launcher = through(sweeper.launcher)
    if not base.hydra.sweeper._target_.endswith(".BasicSweeper"):  # it writes the file itself
        OmegaConf.save(base, directory / "multirun.yaml")
    sweeper.sweep(arguments=typed(base))
    callbacks.on_multirun_end(config=base, config_name=CONFIG_NAME)
