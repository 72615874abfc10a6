"""`gan bench`: what an experiment costs on this device."""

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from gan_cli.cli.completion import complete_override
from gan_cli.cli.imports import Imports, import_modules
from gan_cli.cli.member import plain
from gan_cli.cli.places import quote
from gan_cli.errors import UsageError
from gan_cli.interrupts import wish_to_end

if TYPE_CHECKING:
    from gan_cli.bench.start import Command
    from gan_cli.bench.table import Row
    from gan_cli.config import Experiment
    from gan_cli.problem import Problem

MOST_LANES = 4096
LONGEST = 600.0


def bench(
    overrides: Annotated[
        list[str] | None,
        typer.Argument(
            help="Hydra overrides, as for gan train.",
            autocompletion=complete_override,
            show_default=False,
        ),
    ] = None,
    lanes: Annotated[
        str | None,
        typer.Option(metavar="N,N,...", help="Also this many trainings as one program: 1,4,16,64."),
    ] = None,
    rounds: Annotated[int, typer.Option(help="How often each is measured, in turn.")] = 7,
    seconds: Annotated[
        float, typer.Option(help="About how long each takes in a round, in seconds.")
    ] = 1.0,
    no_start: Annotated[
        bool, typer.Option("--no-start", help="Leave out the time to the first step.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON document.")] = False,
    config_dir: Annotated[
        Path | None,
        typer.Option("--config-dir", help="A directory of your own configuration files."),
    ] = None,
    imports: Imports = None,
) -> None:
    """Measure what an experiment costs on this device; no run is kept.

    The time to a first step, before any program is compiled and after; steps
    per second; the arithmetic of a step, and how its rate compares to the
    best matrix product here; memory; with --lanes, what several trainings
    gain from being one program. Less noise: close other programs.
    """
    lines, modules = list(overrides or []), list(imports or [])
    numbers = _lanes(lanes)
    if rounds < 1:
        raise UsageError(f"--rounds {rounds}: must be at least 1.")
    if not 0 < seconds <= LONGEST:
        raise UsageError(f"--seconds {seconds:g}: must be more than 0 and at most {LONGEST:g}.")
    import_modules(modules)
    experiment = _experiment(lines, config_dir)

    from gan_cli.bench import start, table
    from gan_cli.bench.measurement import measure
    from gan_cli.logs.terminal import Lines
    from gan_cli.problem import prepare
    from gan_cli.report import facts

    with wish_to_end() as wish:

        def note(text: str) -> None:
            wish.obey()
            if text:
                print(text, file=sys.stderr, flush=True)

        starts = None
        if not no_start:  # before this process takes a GPU's memory
            note("two trainings of one step, as new processes")
            starts = start.cold_and_warm(_command(lines, modules, config_dir), wish.obey)
        problem = prepare(experiment)
        if not as_json:
            Lines().header(facts(problem))
        measured = measure(problem, numbers, rounds, seconds, note)
    if as_json:
        about = _about(problem, lines) | {"rounds": rounds, "seconds": seconds}
        print(json.dumps(about | table.document(measured, starts), indent=2))
        return
    show(table.rows(measured, starts, problem.spec.is_image))


def _lanes(text: str | None) -> list[int]:
    """The numbers of lanes in order, each once."""
    words = text.split(",") if text is not None else []
    for word in words:
        if not word.strip().isdecimal() or not 1 <= int(word) <= MOST_LANES:
            raise UsageError(
                f"--lanes {text}: must be whole numbers from 1 to {MOST_LANES}, such as 1,4,16,64."
            )
    return sorted({int(word) for word in words})


def _experiment(lines: list[str], config_dir: Path | None) -> "Experiment":
    """What the overrides describe; no device is looked for yet."""
    from gan_cli import compose, config

    with compose.hydra(config_dir) as program:
        return config.load(plain(compose.compose(program, lines)))


def _command(lines: list[str], modules: list[str], config_dir: Path | None) -> "Command":
    """The words of a training of one step, which writes only where it is told."""
    options = [f"--import={module}" for module in modules]
    if config_dir:
        options.append(f"--config-dir={config_dir}")

    def command(programs: Path, run: Path) -> list[str]:
        places = quote("compile_cache", programs), quote("hydra.run.dir", run)
        return ["train", *options, *lines, "steps=1", "hydra.mode=RUN", *places]

    return command


def _about(problem: "Problem", lines: list[str]) -> dict[str, object]:
    """What was measured, and where."""
    from gan_cli.report import facts, versions

    return {
        "overrides": lines,
        "experiment": facts(problem),
        "device": problem.device.device_kind,
        "versions": versions(),
    }


def show(rows: "list[Row]") -> None:
    """A table with a line for each thing that was measured."""
    from rich.console import Console
    from rich.table import Table

    table = Table(box=None, pad_edge=False, header_style="bold")
    table.add_column("what")
    table.add_column("median", justify="right")
    table.add_column("lowest to highest", justify="right")
    table.add_column("", overflow="fold")
    for row in rows:
        table.add_row(*row)
    console = Console(highlight=False)
    width = None if console.is_terminal else 200
    Console(highlight=False, width=width).print(table)
