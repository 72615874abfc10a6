"""`gan train`: its options, and which of them do what."""

from enum import StrEnum
from typing import Annotated

import typer

from gan_cli.cli.completion import complete_override, complete_run
from gan_cli.cli.options import ConfigDir, Imports
from gan_cli.errors import UsageError
from gan_cli.imports import import_modules
from gan_cli.interrupts import stop_request
from gan_cli.logs.streams import lasting


class Part(StrEnum):
    """Which part of the configuration to show."""

    JOB = "job"
    HYDRA = "hydra"
    ALL = "all"


class Info(StrEnum):
    """What to tell of the composition."""

    ALL = "all"
    CONFIG = "config"
    DEFAULTS = "defaults"
    DEFAULTS_TREE = "defaults-tree"
    PLUGINS = "plugins"
    SEARCHPATH = "searchpath"


def train(
    overrides: Annotated[
        list[str] | None,
        typer.Argument(
            help="Hydra overrides, such as dataset=mnist objective=wgan k=5 steps=20000.",
            autocompletion=complete_override,
            show_default=False,
        ),
    ] = None,
    multirun: Annotated[
        bool,
        typer.Option("--multirun", "-m", help="Sweep: one run for each combination of the values."),
    ] = False,
    cfg: Annotated[
        Part | None, typer.Option("--cfg", "-c", help="Show the configuration and exit.")
    ] = None,
    resolve: Annotated[
        bool, typer.Option("--resolve", help="With --cfg: resolve interpolations first.")
    ] = False,
    package: Annotated[
        str | None, typer.Option("--package", "-p", help="With --cfg: show only this part.")
    ] = None,
    info: Annotated[
        Info | None,
        typer.Option(
            "--info",
            "-i",
            metavar="WHAT",
            help=f"Tell how the configuration is composed and exit: {', '.join(Info)}.",
        ),
    ] = None,
    hydra_help: Annotated[bool, typer.Option("--hydra-help", help="Hydra's own help.")] = False,
    config_dir: ConfigDir = None,
    imports: Imports = None,
    resume: Annotated[
        str | None,
        typer.Option(
            "--resume",
            metavar="RUN",
            autocompletion=complete_run,
            help="Go on with a run (its directory, or latest); with -m, with a sweep.",
        ),
    ] = None,
    take_over: Annotated[
        bool,
        typer.Option(
            "--take-over",
            help="With --resume, on a file system without locks: the run's process on another "
            "machine, which has given no sign of life for two minutes, has ended.",
        ),
    ] = False,
    accept_changes: Annotated[
        bool,
        typer.Option(
            "--accept-changes",
            help="With --resume: go on although the settings or the data have changed; "
            "the summary says so.",
        ),
    ] = False,
    dry_run: Annotated[
        bool,
        typer.Option(
            "--dry-run",
            help="Check everything, show what would be trained and the memory, disk space and time "
            "that it takes, exit.",
        ),
    ] = False,
    no_timing: Annotated[
        bool,
        typer.Option(
            "--no-timing", help="With --dry-run: leave out the time, which needs compiling."
        ),
    ] = False,
) -> None:
    """Train a GAN, or a sweep of them with -m.

    Without arguments: handwritten digits, in about a minute, with no download.
    Every setting and its default: gan train --cfg job
    """
    from gan_cli.composition import given_twice

    lines, modules = given_twice.once(overrides or [], can_sweep=resume is None), imports or []
    import_modules(modules)
    shown = bool(cfg or info or hydra_help)
    if (resolve or package) and not cfg:
        raise UsageError("--resolve and --package go with --cfg.")
    asked = {"--cfg": cfg, "--info": info, "--hydra-help": hydra_help, "--dry-run": dry_run}
    if len(several := [name for name, wanted in asked.items() if wanted]) > 1:
        raise UsageError(f"{' and '.join(several)} cannot be shown together.")
    if take_over and resume is None:
        raise UsageError("--take-over goes with --resume.")
    if accept_changes and resume is None:
        raise UsageError("--accept-changes goes with --resume.")
    if no_timing and not dry_run:
        raise UsageError("--no-timing goes with --dry-run.")
    if resume is not None:
        if shown:
            raise UsageError(
                "--resume goes on as it was saved: --cfg, --info and --hydra-help do not go "
                "with it."
            )
        if dry_run and take_over:
            raise UsageError("--dry-run only looks at a run: leave out --take-over.")
        if config_dir and not multirun:
            raise UsageError(
                "--config-dir does not go with --resume: a run keeps its whole configuration. "
                "With -m, for a sweep, it does."
            )
        if dry_run:
            from gan_cli.cli import dry_run_resumed

            shown_how = {"timed": not no_timing, "accept_changes": accept_changes}
            if multirun:
                return dry_run_resumed.tell_of_sweep(resume, lines, config_dir, **shown_how)
            return dry_run_resumed.tell_of_run(resume, lines, **shown_how)
        how = {"take_over": take_over, "accept_changes": accept_changes}
        with lasting("stdout"), stop_request() as stop:
            if multirun:
                from gan_cli.cli.resume_sweep import resume_sweep

                return resume_sweep(resume, lines, modules, config_dir, stop, **how)
            from gan_cli.cli.resume import resume_run

            return resume_run(resume, lines, stop, **how)
    if shown:
        from gan_cli.cli import show

        if multirun:
            raise UsageError(
                "--multirun shows no configuration: leave out -m, or --cfg and --info."
            )
        if hydra_help:
            return show.show_help(lines, config_dir)
        if info:
            return show.show_composition(lines, config_dir, info.value)
        assert cfg is not None
        return show.show_configuration(lines, config_dir, cfg.value, package, resolve=resolve)
    if dry_run:
        from gan_cli.cli.dry_run import check_and_tell

        return check_and_tell(lines, config_dir, multirun=multirun, timed=not no_timing)
    from gan_cli.cli import launch

    with lasting("stdout"), stop_request() as stop:
        return launch.start(lines, modules, config_dir, stop, multirun=multirun)


def complete_info(arguments: list[str]) -> list[str]:
    """`--info` alone means `--info all`, as in every Hydra application."""
    completed = []
    for i, argument in enumerate(arguments):
        completed.append(argument)
        following = arguments[i + 1] if i + 1 < len(arguments) else ""
        if argument in ("--info", "-i") and following not in [*Info]:
            completed.append(Info.ALL)
    return completed
