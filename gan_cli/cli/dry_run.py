"""`gan train --dry-run`: everything is checked, and what it would take is told."""

from collections.abc import Iterable, Sequence
from pathlib import Path

import jax

from gan_cli import checkpoints, config, runs, saved_config
from gan_cli.cli.launch import (
    SIDE_BY_SIDE,
    check,
    check_places,
    groups_of,
    naming,
    offer_devices,
    place_key,
    place_of,
    sign_of_life,
)
from gan_cli.cli.moved_data import refuse_changes
from gan_cli.cli.resume import check_steps, with_overrides
from gan_cli.composition import compose
from gan_cli.errors import UsageError
from gan_cli.interrupts import StopRequest
from gan_cli.job.report import facts
from gan_cli.job.starting import no_checkpoint_left
from gan_cli.logs.terminal import Lines
from gan_cli.preflight.survey import Survey
from gan_cli.prepared import Prepared, prepare
from gan_cli.runs.new import check_place
from gan_cli.sweep.report import programs
from gan_cli.training.state import from_flat_names


def check_and_tell(
    lines: Sequence[str], config_dir: Path | None, *, multirun: bool, timed: bool
) -> None:
    """Checks every member and shows what would be trained, and what it takes; writes nothing.

    Args:
        lines: the overrides.
        config_dir: the user's own configuration files.
        multirun: whether they are of a sweep.
        timed: whether each program is compiled and a few of its steps are timed.

    Raises:
        GanError: for what cannot be trained, or does not fit in the memory or on the disk.
    """
    with compose.hydra(config_dir) as program, sign_of_life(multirun):
        command = compose.read(program, lines, multirun=multirun)
        offer_devices(command)
        wanted, named = place_of(lines, command)
        check_place(wanted, place_key(command), named=named)
        if command.base is not None:
            check_places(command, wanted)
        prepared = check(command, StopRequest())
    found = groups_of(command.base, prepared) if command.base is not None else []
    survey = Survey(
        prepared, wanted, place_key(command), at_once=_at_once(command, prepared), timed=timed
    )
    for number, (member, each) in enumerate(zip(command.members, prepared, strict=True)):
        with naming(number, member, alone=command.base is None):
            survey.rehearse(number)
            if command.base is not None:
                print(compose.name_member(number, member.overrides))
            shown = facts(each)
            Lines().header(shown)
            _show(survey.rows(number), len(max(shown, key=len)))
    if command.base is not None:
        for line in programs(prepared, found):
            print(line)
        _show(survey.totals(), len("together"))


def check_and_tell_resumed(
    text: str, lines: Sequence[str], *, timed: bool, accept_changes: bool
) -> None:
    """Checks what resuming a run needs and shows it; writes nothing.

    Args:
        text: the RUN argument.
        lines: see `resume.resume_run`.
        timed: see `check_and_tell`.
        accept_changes: see `resume.resume_run`.

    Raises:
        GanError: for what cannot go on, or does not fit in the memory or on the disk.
    """
    place = runs.resolve(text)
    place.refuse_links()
    if place.is_running():
        raise UsageError(f"{place.path} is still running, in another process.")
    experiment = config.load(with_overrides(saved_config.saved_values(place.path), lines))
    saved = checkpoints.steps(place.checkpoints)
    check_steps(place, experiment.steps, max(saved, default=0))
    prepared = prepare(experiment)
    if not accept_changes:
        refuse_changes(place, prepared, lines)
    found = checkpoints.restore_latest(
        place.checkpoints, prepared.abstract, no_checkpoint_left(place), rename=from_flat_names
    )
    begun = found.step if found is not None else 0
    for damage in found.damaged if found is not None else ():
        Lines().note(f"{damage} The one before is used, of step {begun:,}.")
    survey = Survey(
        [prepared], place.path, "", at_once=1, timed=timed, begun=begun, there=len(saved)
    )
    survey.rehearse(0)
    shown = facts(prepared) | {"resume": f"from step {begun:,} of {experiment.steps:,}"}
    Lines().header(shown)
    if begun < experiment.steps:
        _show(survey.rows(0), len(max(shown, key=len)))


def _show(rows: Iterable[tuple[str, str]], width: int) -> None:
    """Shows rows one by one, as they become known."""
    for name, text in rows:
        print(f"{name:<{width}}  {text}", flush=True)


def _at_once(command: compose.Command, prepared: Sequence[Prepared]) -> int:
    """How many members train at the same time, each with memory of its own."""
    if command.base is None or not command.base.hydra.launcher._target_.endswith(SIDE_BY_SIDE):
        return 1
    if {(each.device.platform, each.layout.size) for each in prepared} <= {("cpu", 1)}:
        return min(jax.local_device_count("cpu"), len(prepared))
    return 1
