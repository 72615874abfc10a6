"""From overrides to trained runs: compose, check every member, then hand over to Hydra."""

import logging
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from gan_cli.cli import places
from gan_cli.cli.imports import import_modules
from gan_cli.errors import GanError
from gan_cli.interrupts import wish_to_end

if TYPE_CHECKING:
    from omegaconf import DictConfig

    from gan_cli.compose import Member

log = logging.getLogger(__name__)


def show(lines: list[str], flags: list[str], config_dir: Path | None) -> None:
    """Lets Hydra show the configuration, or tell how it is composed.

    Raises:
        UsageError: if it does not compose.
    """
    from gan_cli import compose

    with compose.hydra(config_dir) as program:
        compose.compose(program, lines)
    _hydra_main([*lines, *flags], config_dir, lambda _: None)


def dry_run(lines: list[str], config_dir: Path | None, multirun: bool) -> None:
    """Checks every member and shows what would be trained; writes nothing."""
    from gan_cli import compose
    from gan_cli.logs.terminal import Lines
    from gan_cli.report import facts

    found, sweep = _compose(lines, config_dir, multirun)
    for number, member in enumerate(found):
        problem = check(found, number, sweep)
        if sweep:
            print(compose.name_member(number, member.overrides))
        Lines().header(facts(problem))


def start(lines: list[str], modules: list[str], config_dir: Path | None, multirun: bool) -> None:
    """Trains what the overrides describe.

    Raises:
        GanError: before anything is written, if a member does not load or fit; or after a single
            run that did not complete.
        Interrupted: when the user ended it.
    """
    found, sweep = _compose(lines, config_dir, multirun)
    with wish_to_end() as wish:
        for number in range(len(found)):
            check(found, number, sweep)
            wish.obey()
    if sweep:
        directory = places.new_sweep(found[0].config, lines)
        place = places.quote("hydra.sweep.dir", directory)
        _hydra_main([*lines, place, "--multirun"], config_dir, _member_task(modules))
        _finish_sweep(directory)
        return
    place = places.quote("hydra.run.dir", places.new_run(found[0].config, lines))
    errors: list[Exception] = []
    _hydra_main([*lines, place], config_dir, _single_task(errors))
    if errors:
        raise errors[0]


def check(found: "Sequence[Member]", number: int, sweep: bool) -> Any:
    """Loads a member and checks its device, data and networks; nothing is written.

    Returns:
        The member's `Problem`.

    Raises:
        GanError: naming the member, where there are several.
    """
    from gan_cli import compose, config
    from gan_cli.problem import prepare

    try:
        return prepare(config.load(_plain(found[number].config)))
    except GanError as error:
        if not sweep:
            raise
        name = compose.name_member(number, found[number].overrides)
        raise type(error)(f"{name}: {error}") from error


def _compose(
    lines: list[str], config_dir: Path | None, multirun: bool
) -> "tuple[list[Member], bool]":
    """The members of the command, and whether they are a sweep."""
    from hydra.types import RunMode

    from gan_cli import compose

    with compose.hydra(config_dir) as program:
        if multirun or compose.mode(program, lines) == RunMode.MULTIRUN:
            return compose.members(program, lines), True
        return [compose.Member([], compose.compose(program, lines))], False


def _plain(composed: "DictConfig") -> dict[str, Any]:
    """A composed configuration as nested plain values, Hydra's own part left out."""
    from omegaconf import OmegaConf

    values = composed.copy()
    OmegaConf.set_struct(values, False)
    values.pop("hydra", None)
    return OmegaConf.to_container(values, resolve=True)  # type: ignore[return-value]


def _single_task(errors: list[Exception]) -> Callable[["DictConfig"], None]:
    """A run by itself; its error is kept, since Hydra would print it its own way and exit."""

    def task(composed: "DictConfig") -> None:
        from hydra.core.hydra_config import HydraConfig

        from gan_cli import config, job
        from gan_cli.logs.terminal import for_standard_output

        directory = _relative(HydraConfig.get().runtime.output_dir)
        try:
            job.run(config.load(_plain(composed)), directory, for_standard_output(), resume=False)
        except Exception as error:
            errors.append(error)

    return task


def _member_task(modules: list[str]) -> Callable[["DictConfig"], float]:
    """A member of a sweep: returns its score; what goes wrong is in its summary, and nan here."""

    def task(composed: "DictConfig") -> float:
        from hydra.core.hydra_config import HydraConfig

        from gan_cli import config, job
        from gan_cli.logs.terminal import Brief, for_standard_output

        import_modules(modules)
        experiment = config.load(_plain(composed))
        directory = _relative(HydraConfig.get().runtime.output_dir)
        try:
            summary = job.run(experiment, directory, Brief(for_standard_output()), resume=False)
        except Exception as error:
            log.warning("%s: %s", directory, error)
            return float("nan")
        return job.score(summary, experiment.optimized_metric)

    return task


def _relative(directory: str) -> Path:
    """A path as the user would write it: from the directory they stand in, where it is below."""
    path, here = Path(directory), Path.cwd()
    return path.relative_to(here) if path.is_relative_to(here) else path


def _finish_sweep(directory: Path) -> None:
    """Says how the members ended; exits 1 if any failed, else 3 if any diverged."""
    from gan_cli import runs

    statuses = [runs.RunDirectory(run).read_summary()["status"] for run in runs.find(directory)]
    ended = [f"{statuses.count(status)} {status}" for status in runs.STATUSES if status in statuses]
    print(f"sweep: {', '.join(ended)}")
    print(f"compare  gan runs {directory}")
    print(f"look     tensorboard --logdir {directory}")
    if "failed" in statuses:
        raise typer.Exit(1)
    if "diverged" in statuses:
        raise typer.Exit(3)


def _hydra_main(
    arguments: list[str], config_dir: Path | None, task: Callable[["DictConfig"], Any]
) -> None:
    """Hands over to Hydra, which reads its arguments from sys.argv."""
    import hydra

    from gan_cli.compose import CONFIG_NAME, conf_directory

    chosen = ["--config-dir", str(config_dir)] if config_dir else []
    before = sys.argv
    sys.argv = ["gan train", *arguments, *chosen]
    try:
        hydra.main(version_base="1.3", config_path=str(conf_directory()), config_name=CONFIG_NAME)(
            task
        )()
    finally:
        sys.argv = before
