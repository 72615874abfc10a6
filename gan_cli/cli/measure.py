"""What `gan bench` does: measure an experiment and print a table or JSON."""

import json
import sys
from collections.abc import Sequence
from pathlib import Path

from gan_cli import config
from gan_cli.bench import start as first_steps
from gan_cli.bench import table
from gan_cli.bench.measurement import measure
from gan_cli.bench.start import Command
from gan_cli.cli.tables import show_table
from gan_cli.composition import compose
from gan_cli.composition.given_twice import changed
from gan_cli.composition.origins import naming_files
from gan_cli.composition.overrides import quoted
from gan_cli.imports import import_modules
from gan_cli.interrupts import stop_request
from gan_cli.job.first_summary import versions
from gan_cli.job.header import facts
from gan_cli.logs.terminal import Lines
from gan_cli.prepared import Prepared, prepare
from gan_cli.soundness import refuse_wrong_jax
from gan_cli.tuned import configuration


def measure_experiment(
    lines: Sequence[str],
    modules: Sequence[str],
    config_dir: Path | None,
    lanes: Sequence[int],
    rounds: int,
    seconds: float,
    *,
    start: bool,
    as_json: bool,
) -> None:
    """Measures an experiment and prints what was found; see `gan bench`.

    Args:
        lines: the overrides.
        modules: the user's own modules.
        config_dir: the user's own configuration files.
        lanes: how many trainings to measure as one program.
        rounds: how often each is measured.
        seconds: about how long each takes in a round.
        start: whether the time to the first step is measured.
        as_json: whether to print one JSON document.
    """
    refuse_wrong_jax()
    import_modules(modules)
    with compose.hydra(config_dir) as program:
        composed = compose.compose(program, lines)
    with naming_files(composed):
        experiment = config.load(compose.plain(composed))
    with stop_request() as stop:

        def note(text: str) -> None:
            stop.obey()
            if text:
                print(text, file=sys.stderr, flush=True)

        starts = None
        if start:  # before this process takes a GPU's memory
            note("two trainings of one step, as new processes")
            starts = first_steps.cold_and_warm(_command(lines, modules, config_dir), stop.obey)
        prepared = prepare(experiment)._replace(tuned=configuration.told(composed))
        if not as_json:
            Lines().header(facts(prepared))
        measured = measure(prepared, lanes, rounds, seconds, note)
    if as_json:
        about = _about(prepared, lines) | {"rounds": rounds, "seconds": seconds}
        print(json.dumps(about | table.document(measured, starts), indent=2))
        return
    columns = {"what": "left", "median": "right", "lowest to highest": "right", "": "left"}
    show_table(columns, table.rows(measured, starts, prepared.spec.is_image))  # type: ignore[arg-type]


def _command(lines: Sequence[str], modules: Sequence[str], config_dir: Path | None) -> Command:
    """The words of a training of one step, which writes only where it is told."""
    options = [f"--import={module}" for module in modules]
    if config_dir:
        options.append(f"--config-dir={config_dir}")

    def command(programs: Path, run: Path) -> list[str]:
        places = quoted("compile_cache", programs), quoted("hydra.run.dir", run)
        return ["train", *options, *changed(lines, ["steps=1", "hydra.mode=RUN", *places])]

    return command


def _about(prepared: Prepared, lines: Sequence[str]) -> dict[str, object]:
    """What was measured, and where."""
    return {
        "overrides": list(lines),
        "experiment": facts(prepared),
        "device": prepared.device.device_kind,
        "versions": versions(),
    }
