"""From overrides to trained runs: compose, check every member, then hand over to Hydra."""

import shlex
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from gan_cli.cli import places
from gan_cli.cli.member import MemberTask, plain, relative
from gan_cli.errors import GanError, UsageError, nearest
from gan_cli.interrupts import Interrupted, wish_to_end

if TYPE_CHECKING:
    from omegaconf import DictConfig

    from gan_cli.compose import Member
    from gan_cli.sweep.groups import Batch


def show(lines: list[str], flags: list[str], config_dir: Path | None) -> None:
    """Lets Hydra show the configuration, or tell how it is composed.

    Raises:
        UsageError: if it does not compose, or has no such package.
    """
    from gan_cli import compose

    with compose.hydra(config_dir) as program:
        composed = compose.compose(program, lines)
    if "--package" in flags:
        package, part = (flags[flags.index(flag) + 1] for flag in ("--package", "--cfg"))
        _check_package(composed, package, part)
    _hydra_main([*lines, *flags], config_dir, lambda _: None)


def _check_package(composed: "DictConfig", package: str, part: str) -> None:
    """Refuses a package that the shown part of the configuration does not have."""
    from hydra.core.hydra_config import HydraConfig
    from omegaconf import OmegaConf

    HydraConfig.instance().set_config(composed)  # what ${hydra:...} means
    wanted = {"job": set(composed) - {"hydra"}, "hydra": {"hydra"}}.get(part, set(composed))
    shown = OmegaConf.masked_copy(composed, [str(key) for key in wanted])
    if package == "_global_" or _select(shown, package) is not None:
        return
    above = package.rpartition(".")[0]
    group = _select(shown, above) if above else shown
    if not OmegaConf.is_dict(group):
        above, group = "", shown
    names = [f"{above}.{key!s}".lstrip(".") for key in group.keys() if key in group]  # noqa: SIM118
    raise UsageError(f"--package {package}: no such part. {nearest(package, names)}")


def _select(config: "DictConfig", key: str) -> Any:
    """What is at a dotted key; None where there is nothing, or where the key is none."""
    from omegaconf import OmegaConf
    from omegaconf.errors import ConfigIndexError, ConfigKeyError

    try:
        return OmegaConf.select(config, key)
    except (ConfigIndexError, ConfigKeyError):
        return None


def dry_run(lines: list[str], config_dir: Path | None, multirun: bool) -> None:
    """Checks every member and shows what would be trained; writes nothing."""
    from gan_cli import compose
    from gan_cli.logs.terminal import Lines
    from gan_cli.report import facts

    found, sweep = _compose(lines, config_dir, multirun)
    problems = []
    for number, member in enumerate(found):
        problems.append(check(found, number, sweep))
        if sweep:
            print(compose.name_member(number, member.overrides))
        Lines().header(facts(problems[-1]))
    if sweep and (batches := _batches(found, problems)):
        from gan_cli.sweep.report import programs

        print("\n".join(programs(problems, batches)))


def start(lines: list[str], modules: list[str], config_dir: Path | None, multirun: bool) -> None:
    """Trains what the overrides describe.

    Raises:
        GanError: before anything is written, if a member does not load or fit; or after a single
            run that did not complete.
        Interrupted: when the user ended it.
    """
    found, sweep = _compose(lines, config_dir, multirun)
    with wish_to_end() as wish:
        problems = []
        for number in range(len(found)):
            problems.append(check(found, number, sweep))
            wish.obey()
    if sweep:
        _batches(found, problems)
        directory = places.new_sweep(found[0].config, lines)
        run_sweep(lines, directory, MemberTask(modules), config_dir)
        return
    place = places.quote("hydra.run.dir", places.new_run(found[0].config, lines))
    errors: list[Exception] = []
    _hydra_main([*lines, place], config_dir, _single_task(errors))
    if errors:
        raise errors[0]


def run_sweep(lines: list[str], directory: Path, task: MemberTask, config_dir: Path | None) -> None:
    """Lets Hydra run every member below a directory, and says how they ended."""
    place = places.quote("hydra.sweep.dir", directory)
    try:
        _hydra_main([*lines, place, "--multirun"], config_dir, task)
    except Interrupted:
        print(f"go on    gan train -m --resume {shlex.quote(str(directory))}")
        raise
    finish_sweep(directory)


def _batches(found: "Sequence[Member]", problems: list[Any]) -> "list[Batch]":
    """The programs of a sweep that the vmap launcher runs; none for another launcher.

    Raises:
        UsageError: for a wrong setting of the launcher.
    """
    launcher = found[0].config.hydra.launcher
    if not launcher._target_.endswith(".VmapLauncher"):
        return []
    from gan_cli.sweep.groups import batches

    return batches(problems, launcher.mode, launcher.max_lanes)


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
        return prepare(config.load(plain(found[number].config)))
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


def _single_task(errors: list[Exception]) -> Callable[["DictConfig"], None]:
    """A run by itself; its error is kept, since Hydra would print it its own way and exit."""

    def task(composed: "DictConfig") -> None:
        from hydra.core.hydra_config import HydraConfig

        from gan_cli import config, job
        from gan_cli.logs.terminal import for_standard_output

        directory = relative(Path(HydraConfig.get().runtime.output_dir))
        try:
            job.run(config.load(plain(composed)), directory, for_standard_output(), resume=False)
        except Exception as error:
            errors.append(error)

    return task


def finish_sweep(directory: Path) -> None:
    """Says how the members ended; exits 1 if any failed, else 3 if any diverged."""
    from gan_cli import runs

    statuses = [runs.RunDirectory(run).read_summary()["status"] for run in runs.find(directory)]
    ended = [f"{statuses.count(status)} {status}" for status in runs.STATUSES if status in statuses]
    print(f"sweep: {', '.join(ended)}")
    pasted = shlex.quote(str(directory))
    print(f"compare  gan runs {pasted}")
    print(f"look     tensorboard --logdir {pasted}")
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
