"""`gan train --resume --dry-run`: what a run or a sweep would go on with; nothing is written."""

from collections.abc import Sequence
from pathlib import Path

from gan_cli import checkpoints, config, runs, saved_config
from gan_cli.cli import moved_sweep, sweep_command
from gan_cli.cli.checking import groups_of, lanes_key, naming, offer_devices, sign_of_life
from gan_cli.cli.dry_run import at_once, show, show_programs
from gan_cli.cli.missing_members import Missing, going_on, missing
from gan_cli.cli.moved_data import moving, refuse_changes, telling_the_way
from gan_cli.cli.resume import check_steps, with_overrides
from gan_cli.cli.resume_sweep import refuse_other_choices, sweep_directory
from gan_cli.composition import compose, requested
from gan_cli.composition.requested import Command
from gan_cli.errors import DataError
from gan_cli.job.header import facts
from gan_cli.job.starting import no_checkpoint_left
from gan_cli.locks import lock
from gan_cli.logs.terminal import Lines
from gan_cli.preflight.survey import Survey
from gan_cli.prepared import Prepared, prepare
from gan_cli.runs import RunDirectory, sweep_start
from gan_cli.runs.directory import still_running
from gan_cli.training.state import from_earlier_versions


def tell_of_run(text: str, lines: Sequence[str], *, timed: bool, accept_changes: bool) -> None:
    """Checks what resuming a run needs and shows it.

    Args:
        text: the RUN argument.
        lines: see `resume.resume_run`.
        timed: see `dry_run.check_and_tell`.
        accept_changes: see `resume.resume_run`.

    Raises:
        GanError: for what cannot go on, or does not fit in the memory or on the disk.
    """
    place = runs.resolve(text)
    place.refuse_links()
    place.refuse_running()
    experiment = config.load(with_overrides(saved_config.saved_values(place.path), lines))
    saved = checkpoints.steps(place.checkpoints)
    check_steps(place, experiment.steps, max(saved, default=0))
    with telling_the_way(experiment.dataset, lines):
        prepared = prepare(experiment)
    if not accept_changes:
        refuse_changes(place, prepared, lines)
    begun = _first_step(place, prepared)
    survey = Survey(
        [prepared], place.path, "", at_once=1, timed=timed, begun=[begun], there=[len(saved)]
    )
    survey.rehearse(0)
    width = _header(prepared, begun)
    if begun < experiment.steps:
        show(survey.rows(0), width)


def tell_of_sweep(
    text: str, typed: Sequence[str], config_dir: Path | None, *, timed: bool, accept_changes: bool
) -> None:
    """Checks what is missing of a sweep, and shows which members go on and from which step.

    Args:
        text, typed, config_dir: see `resume_sweep.resume_sweep`.
        timed: see `dry_run.check_and_tell`.
        accept_changes: see `resume.resume_run`.

    Raises:
        GanError: for what cannot go on, or does not fit in the memory or on the disk.
    """
    directory, moved = sweep_directory(text), moving(typed)
    lines = sweep_command.read(directory, typed, config_dir)
    if lock.is_held(directory):
        raise still_running(
            directory, lock.holder(directory), sweep_start.resume_command(directory)
        )
    if moved:
        moved_sweep.check(directory, moved, accept_changes=accept_changes)
        lines = moved_sweep.moved_command(lines, moved)
    start = sweep_start.start(directory)
    with compose.hydra(config_dir, start) as program, sign_of_life(True):
        command = requested.read(program, lines, multirun=True)
        base = command.base
        assert base is not None
        offer_devices(command)
        if requested.searches(base):
            refuse_other_choices(directory, base)
            print(f"{directory}: the search is done again, and what has been trained is kept")
            return
        found = missing(directory, command, moved, accept_changes=accept_changes)
    if not found:
        print(f"{directory}: all {len(command.members)} members have ended.")
        return
    print(going_on(directory, command, found))
    _tell_of_members(directory, command, found, timed=timed)


def _tell_of_members(
    directory: Path, command: Command, found: dict[int, Missing], *, timed: bool
) -> None:
    """Shows each member that goes on; of one that cannot, the reason, since the others do."""
    begun: dict[int, int] = {}
    for number, each in found.items():
        name = requested.name_member(number, command.members[number].overrides)
        try:
            begun[number] = _first_step(each.place, each.prepared, f"{name}: ")
        except DataError as error:
            Lines().note(f"{name} cannot go on: {error}")
    prepared = [found[number].prepared for number in begun]
    if not prepared:
        return
    saved = [len(checkpoints.steps(found[number].place.checkpoints)) for number in begun]
    survey = Survey(
        prepared,
        directory,
        "",
        at_once=at_once(command, prepared),
        timed=timed,
        begun=[*begun.values()],
        there=saved,
    )
    for i, (number, step) in enumerate(begun.items()):
        member = command.members[number]
        with naming(number, member, alone=False):
            survey.rehearse(i)
            print(requested.name_member(number, member.overrides))
            show(survey.rows(i), _header(prepared[i], step))
    assert command.base is not None
    groups = groups_of(command.base, prepared)
    show_programs(prepared, [*begun], groups, lanes_key(command.base))
    show(survey.totals(), len("together"))


def _first_step(place: RunDirectory, prepared: Prepared, whose: str = "") -> int:
    """The step that a run goes on from: that of its newest checkpoint that is whole, else 0."""
    found = checkpoints.restore_latest(
        place.checkpoints,
        prepared.abstract,
        no_checkpoint_left(place),
        rename=from_earlier_versions,
    )
    if found is None:
        return 0
    for damage in found.damaged:
        Lines().note(f"{whose}{damage} The one before is used, of step {found.step:,}.")
    return found.step


def _header(prepared: Prepared, begun: int) -> int:
    """Shows a run's facts and the step that it goes on from; returns the width of their names."""
    shown = facts(prepared) | {"resume": f"from step {begun:,} of {prepared.experiment.steps:,}"}
    Lines().header(shown)
    return len(max(shown, key=len))
