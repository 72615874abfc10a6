"""`gan train --resume RUN`: the saved experiment, with what may change, goes on."""

import contextlib
from collections.abc import Iterator, Sequence
from typing import Any

from omegaconf import DictConfig, OmegaConf

from gan_cli import checkpoints, commands, config, runs, saved_config
from gan_cli.cli.joining import meet
from gan_cli.cli.moved_data import moving, refuse_changes, save, telling_the_way
from gan_cli.cli.saved_overrides import put
from gan_cli.composition.experiment_defaults import EXPERIMENT
from gan_cli.composition.overrides import key_of
from gan_cli.composition.whole_numbers import told_as_typed
from gan_cli.config import Distributed, Experiment
from gan_cli.errors import UsageError, alike
from gan_cli.hosts import starting
from gan_cli.hosts.company import Follower, Leader
from gan_cli.interrupts import StopRequest
from gan_cli.job import job, unwritable
from gan_cli.job.changes import CHANGEABLE
from gan_cli.keys import keys, namesakes
from gan_cli.loading import construct
from gan_cli.logs.files import run_log
from gan_cli.logs.terminal import for_standard_output
from gan_cli.players import of_both
from gan_cli.prepared import Prepared, prepare

OPEN = (
    *("evaluate_end=auto", "compile_cache=auto", "device=auto"),
    "distributed.processes=auto",
)
"""Where auto is a choice of its own, which no table replaces."""


def resume_run(
    text: str,
    lines: Sequence[str],
    stop: StopRequest,
    *,
    take_over: bool = False,
    accept_changes: bool = False,
) -> None:
    """Goes on with a run to its last step.

    Args:
        text: the RUN argument.
        lines: overrides of RESUMABLE and MOVABLE keys.
        stop: whether the user asked to stop.
        take_over: see `runs.release`.
        accept_changes: go on with other settings or data than the run was started with.

    Raises:
        UsageError: if there is no such run, if it is running, for another key, or where its
            settings or its data have changed.
    """
    kept = [line for line in lines if not of_processes(line)]
    with starting.joined(processes(lines), stop) as company:
        if isinstance(company, Follower):
            _follow(company)
        else:
            _resume(text, kept, stop, company, take_over=take_over, accept_changes=accept_changes)


def of_processes(line: str) -> bool:
    """Whether an override says who trains, which a run does not keep."""
    return key_of(line).startswith("distributed.")


def processes(lines: Sequence[str]) -> Distributed:
    """What overrides say of the processes that go on with a run."""
    said = with_overrides({}, [line for line in lines if of_processes(line)])
    return construct(Distributed, said.get("distributed", {}), "distributed")


def _follow(follower: Follower) -> None:
    """Trains what process 0 resumes, whose files this process need not see."""
    for order in follower.orders():
        meet(prepare(config.load(order.values["experiment"])), follower)


def _resume(
    text: str,
    lines: Sequence[str],
    stop: StopRequest,
    leader: Leader | None,
    *,
    take_over: bool,
    accept_changes: bool,
) -> None:
    """See `resume_run`; in a process by itself, or in process 0 of several."""
    place = runs.resolve(text)
    if take_over:
        runs.release(place.path)
    values = saved_config.saved_values(place.path)
    changed = with_overrides(values, lines)
    accepted = ["--accept-changes"] if accept_changes else []
    again = commands.resume(place.path, *lines, *accepted)
    with told_as_typed(lines):
        experiment = config.load(changed)
    reached = max([0, *checkpoints.steps(place.checkpoints)])
    check_steps(place, experiment.steps, reached)
    if place.read_summary()["status"] == "completed" and experiment.steps == reached:
        if moving(lines):
            with _begun(place, again):
                prepared = _prepared(experiment, lines)
                if not accept_changes:
                    refuse_changes(place, prepared, lines)
                save(place, changed, lines)
        further = commands.resume(place.path, f"steps={2 * reached}")
        print(f"{place.path} is completed: step {reached:,}. More steps go on: {further}")
        return
    with _begun(place, again):
        if leader is not None:
            leader.order("resume", experiment=changed)
        prepared = _prepared(experiment, lines)
        if not accept_changes:
            refuse_changes(place, prepared, lines)
        meet(prepared, leader)
        if changed != values:
            save(place, changed, lines)
        with run_log(place.log, place.path):
            terminal = for_standard_output()
            job.train_run(prepared, place, terminal, stop, resume=True, leader=leader)


@contextlib.contextmanager
def _begun(place: runs.RunDirectory, again: str) -> Iterator[None]:
    """Holds the run. Where nothing can be written, the error says how to go on later.

    What is raised once the run trains has its own words, see `open_run`.

    Args:
        place: the run.
        again: the command that was given.
    """
    with unwritable.explained(place, again, UsageError), place.lock():
        yield


def _prepared(experiment: Experiment, lines: Sequence[str]) -> Prepared:
    with telling_the_way(experiment.dataset, lines):
        return prepare(experiment)


def check_steps(place: runs.RunDirectory, steps: int, reached: int) -> None:
    """Refuses to end a run before the step that it has reached.

    Raises:
        UsageError: naming that step.
    """
    if steps < reached:
        raise UsageError(
            f"steps={steps}: {place.path} is already at step {reached}. "
            "Name more steps than that, or start a new run."
        )


def with_overrides(values: dict[str, Any], lines: Sequence[str]) -> dict[str, Any]:
    """The saved values of a run with the overrides in place.

    Raises:
        UsageError: for a key that cannot change.
    """
    for line in lines:
        key = key_of(line)
        if key not in CHANGEABLE:
            why = _why_not(key, OmegaConf.create(values))
            raise UsageError(f"{line}: {why} {', '.join(CHANGEABLE)}.")
        if line == f"{key}=auto" and line not in OPEN:
            raise UsageError(
                f"{line}: a run keeps the values that were chosen when it started. Write a number."
            )
    return put(values, lines)


def _why_not(key: str, saved: DictConfig) -> str:
    """Why a key cannot be given when a run is resumed, in words that end before what can."""
    known = {*keys(saved), *of_both(saved), EXPERIMENT}
    if key.replace("/", ".") in known or key.startswith("hydra"):
        return "cannot change when a run is resumed. What can:"
    meant, others = alike(key, CHANGEABLE), namesakes(key, saved)
    if not meant and others:
        meant = f"'{others[0]}' cannot change when a run is resumed."
    what = "What can:" if meant.endswith(".") else "What can change when a run is resumed:"
    return " ".join(filter(None, ("no such setting.", meant, what)))
