"""One run: from a prepared experiment to a run directory and a score."""

import contextlib
import logging
import math
from collections.abc import Sequence

import jax

from gan_cli import commands
from gan_cli.config import Experiment
from gan_cli.errors import Diverged
from gan_cli.hosts.company import Leader
from gan_cli.interrupts import Interrupted, StopRequest
from gan_cli.job import best_checkpoint, rollback, together
from gan_cli.job.closing import closing, closing_at_once
from gan_cli.job.explanation import explained
from gan_cli.job.header import facts
from gan_cli.job.open_run import OpenRun, open_run
from gan_cli.job.sample_pictures import picture_latents
from gan_cli.job.sinks_of_runs import open_recorders
from gan_cli.job.starting import Start, starting_state
from gan_cli.logs.terminal import Terminal
from gan_cli.prepared import Prepared
from gan_cli.runs import RunDirectory, Summary, updated
from gan_cli.training import compilation
from gan_cli.training.calendar import Calendar
from gan_cli.training.clock import Clock
from gan_cli.training.feeds import Feed
from gan_cli.training.loop import SPEED, train
from gan_cli.training.outcome import Outcome
from gan_cli.training.program import Program
from gan_cli.training.state import TrainState

log = logging.getLogger(__name__)


def train_run(
    prepared: Prepared,
    place: RunDirectory,
    terminal: Terminal,
    stop: StopRequest,
    *,
    resume: bool = False,
    leader: Leader | None = None,
) -> Summary:
    """Trains one experiment in its run directory, whose lock the caller holds.

    Args:
        prepared: what to train.
        place: the run directory; its .hydra/ is there already.
        terminal: what the user sees.
        stop: whether the user asked to stop.
        resume: go on from the newest whole checkpoint, or from step 0 where none was saved.
        leader: lets other processes train it too.

    Returns:
        The final summary, of a completed run.

    Raises:
        Diverged, Interrupted: after the state was saved and the summary written.
        GanError: for what the user can mend.
    """
    try:
        with open_run(prepared, place, resume=resume) as run:
            terminal.header(facts(prepared) | {"run": commands.path(place.path)})
            start = starting_state(run, resume=resume)
            outcome = _train_from(run, start, terminal, stop, leader)
            while rollback.is_due(prepared.experiment, outcome):
                terminal.end([])
                start = _rolled_back(run, outcome)
                outcome = _train_from(run, start, terminal, stop, leader)
    except BaseException as error:
        terminal.end(closing_at_once(place) if isinstance(error, Interrupted) else [])
        raise
    terminal.end(closing(run.summary, place))
    if leader is not None and outcome.ending == "completed":
        leader.dismiss(0)  # the samples are judged in this process alone
    judge_at_end(run, terminal)
    if outcome.ending == "diverged":
        raise Diverged(run.summary["reason"])
    if outcome.ending == "interrupted":
        stop.obey()
    return run.summary


def _train_from(
    run: OpenRun, start: Start, terminal: Terminal, stop: StopRequest, leader: Leader | None
) -> Outcome:
    """Trains a run by itself from a state, with the random numbers of the state's stream."""
    for note in start.notes:
        terminal.note(note)
    run.summary = rollback.known_at(run.summary, int(start.state.stream))
    played = run.prepared.of_stream(int(start.state.stream))
    latents = picture_latents(run.prepared.experiment, run.prepared.spec)
    with contextlib.closing(played.feed()) as feed:
        runs = [(run, start.purge_step)]
        if leader is None:
            program: Program = played.program()
            [outcome] = train_all(runs, program, feed, start.state, latents, terminal, stop)
        else:
            with leader.blaming():
                program = together.led(played, leader, start.state)
                [outcome] = train_all(runs, program, feed, start.state, latents, terminal, stop)
    return outcome


def _rolled_back(run: OpenRun, outcome: Outcome) -> Start:
    """The newest state that was saved, or that of step 0, with the next random stream."""
    broken = run.summary
    start = starting_state(run, resume=True)
    state, note = rollback.onto_next_stream(start.state, outcome)
    run.summary = rollback.noted(run.summary, broken, int(state.step))
    log.info("%s", note, extra={"run": run.place.path})
    return Start(run.prepared.placed(state), start.purge_step, [note, *start.notes])


def judge_at_end(run: OpenRun, terminal: Terminal) -> None:
    """Judges the samples of a run that has ended, where that is due."""
    experiment = run.prepared.experiment
    if not experiment.judged_at_end or run.summary["status"] != "completed":
        return
    from gan_cli import judging  # it needs SciPy, which a short training need not wait for

    told = judging.at_end(run.prepared, run.place)
    log.info("%s", "; ".join(told), extra={"run": run.place.path})
    terminal.judged(told)


def train_all(
    runs: Sequence[tuple[OpenRun, int | None]],
    program: Program,
    feed: Feed,
    state: TrainState,
    latents: jax.Array,
    terminal: Terminal,
    stop: StopRequest,
) -> list[Outcome]:
    """Trains runs that share a program, writes what they log, completes their summaries.

    Args:
        runs: runs that are all at one step and with one calendar, each with its `purge_step`.
        program, feed, state, latents: see `train`.
        terminal: shows the progress.
        stop: whether the user asked to stop.
    """
    compilation.make_room()
    experiment = runs[0][0].prepared.experiment
    with compilation.timed() as compiling, open_recorders(runs, terminal, compiling) as recorders:
        terminal.begin(runs[0][0].summary["step"], experiment.steps)
        clock, calendar = Clock(lambda: compiling.seconds), _calendar(experiment)
        outcomes = train(program, feed, state, latents, calendar, recorders, stop, clock)
    times = [recorder.times() for recorder in recorders]  # before replays, which take long
    for (run, _), outcome, took in zip(runs, outcomes, times, strict=True):
        run.summary = _completed(run, run.summary | took, outcome)
        if outcome.ending == "diverged":
            terminal.note(f"step {outcome.step:,} is not finite: it is taken again to see why")
            run.summary = updated(run.summary, explained(run.prepared, outcome, run.place))
    return outcomes


def _calendar(experiment: Experiment) -> Calendar:
    return Calendar(
        experiment.steps,
        experiment.log_every,
        experiment.sample_every,
        experiment.checkpoints.every,
        experiment.theory_every,
        experiment.evaluate_every,
    )


def _completed(run: OpenRun, known: Summary, outcome: Outcome) -> Summary:
    """The summary of a run with how its training ended.

    A run that was killed after its last checkpoint has no step left to take, and tells the speed
    that it had logged.
    """
    before = known["steps_per_second"] or known["metrics"].get(SPEED, 0.0)
    speed = outcome.steps_per_second or float(before)
    ended: Summary = {
        "status": outcome.ending,
        "step": outcome.step,
        "steps_per_second": round(speed, 3),
    }
    tag = run.prepared.experiment.checkpoints.best
    if tag is not None and (best := best_checkpoint.saved(run.place, tag)) is not None:
        ended["best"] = best
    return known | ended


def score(summary: Summary, metric: str) -> float:
    """The run's score for a sweeper: the last value of a tag, or nan where there is none."""
    return float(summary.get("metrics", {}).get(metric, math.nan))
