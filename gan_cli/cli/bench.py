"""`gan bench`: what an experiment costs on this device."""

from typing import Annotated

import typer

from gan_cli.cli.completion import complete_override
from gan_cli.cli.options import AsJson, ConfigDir, Imports
from gan_cli.errors import UsageError

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
    rounds: Annotated[
        int, typer.Option(min=1, max=1000, help="How often each is measured, in turn.")
    ] = 7,
    seconds: Annotated[
        float, typer.Option(help="About how long each takes in a round, in seconds.")
    ] = 1.0,
    no_start: Annotated[
        bool, typer.Option("--no-start", help="Leave out the time to the first step.")
    ] = False,
    as_json: AsJson = False,
    config_dir: ConfigDir = None,
    imports: Imports = None,
) -> None:
    """Measure what an experiment costs on this device; no run is kept.

    It measures the time to a first step, before any program is compiled and
    after; the steps per second; the arithmetic of a step, and how its rate
    compares to the best matrix product here; the memory; and with --lanes what
    several trainings gain from being one program. Close other programs first.
    """
    numbers = parse_lanes(lanes)
    if not 0 < seconds <= LONGEST:
        raise UsageError(f"--seconds {seconds:g}: must be more than 0 and at most {LONGEST:g}.")
    from gan_cli.cli.measure import measure_experiment
    from gan_cli.composition import given_twice

    measure_experiment(
        given_twice.once(overrides or [], can_sweep=False),
        imports or [],
        config_dir,
        numbers,
        rounds,
        seconds,
        start=not no_start,
        as_json=as_json,
    )


def parse_lanes(text: str | None) -> list[int]:
    """The numbers of lanes in order, each once.

    Raises:
        UsageError: for what is no whole number, or too great a one.
    """
    from gan_cli import reading

    words = text.split(",") if text is not None else []
    for word in words:
        number = reading.number(word.strip())
        if number is None or not 1 <= number <= MOST_LANES:
            raise UsageError(
                f"--lanes {text}: must be whole numbers from 1 to {MOST_LANES}, such as 1,4,16,64."
            )
    return sorted({int(word) for word in words})
