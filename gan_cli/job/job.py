"""One run: from a prepared experiment to a run directory and a score."""

import contextlib
import logging
import math
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

import jax

from gan_cli import commands
from gan_cli.collapse import Watch
from gan_cli.errors import Diverged
from gan_cli.hosts.company import Leader
from gan_cli.interrupts import Interrupted, StopRequest
from gan_cli.job import best_checkpoint, examination, rollback, together
from gan_cli.job.best_checkpoint import BestCheckpoint
from gan_cli.job.explanation import explained
from gan_cli.job.open_run import OpenRun, open_run
from gan_cli.job.recorder import Recorder
from gan_cli.job.report import closing, closing_at_once, facts, hyperparameters
from gan_cli.job.sample_pictures import picture, picture_latents, reference
from gan_cli.job.sinks import (
    Checkpoints,
    InPlace,
    Log,
    Metrics,
    Pictures,
    Sink,
    SummaryFile,
    TensorBoard,
)
from gan_cli.job.starting import Start, starting_state
from gan_cli.logs.tensorboard import EventFile
from gan_cli.logs.terminal import Terminal
from gan_cli.plots.samples import DRAWING
from gan_cli.prepared import Prepared
from gan_cli.runs import RunDirectory, Summary, kept, updated
from gan_cli.training import compilation
from gan_cli.training.calendar import Calendar
from gan_cli.training.clock import Clock
from gan_cli.training.compilation import Compiling
from gan_cli.training.feeds import Feed
from gan_cli.training.loop import SPEED, Outcome, train
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
    calendar = Calendar(
        experiment.steps,
        experiment.log_every,
        experiment.sample_every,
        experiment.checkpoints.every,
        experiment.theory_every,
        experiment.evaluate_every,
    )
    recorders: list[Recorder] = []
    files: list[SummaryFile] = []
    with compilation.timed() as compiling, contextlib.ExitStack() as stack:
        device = runs[0][0].prepared.device
        on_device = jax.default_device(device)  # every thread has its own
        thread = stack.enter_context(
            ThreadPoolExecutor(1, thread_name_prefix="recorder", initializer=on_device.__enter__)
        )
        for run, purge_step in runs:
            files.append(SummaryFile(run.place, run.summary))
            name = f"member {run.place.path.name}" if len(runs) > 1 else ""
            stack.callback(_learn, run, files[-1])
            recorders.append(_record(run, files[-1], thread, terminal, purge_step, name, compiling))
            stack.callback(recorders[-1].close)
        terminal.begin(runs[0][0].summary["step"], experiment.steps)
        clock = Clock(lambda: compiling.seconds)
        outcomes = train(program, feed, state, latents, calendar, recorders, stop, clock)
    times = [recorder.times() for recorder in recorders]  # before replays, which take long
    for (run, _), file, outcome, took in zip(runs, files, outcomes, times, strict=True):
        run.summary = _completed(run, file.known | took, outcome)
        if outcome.ending == "diverged":
            terminal.note(f"step {outcome.step:,} is not finite: it is taken again to see why")
            run.summary = updated(run.summary, explained(run.prepared, outcome, run.place))
    return outcomes


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


def _learn(run: OpenRun, file: SummaryFile) -> None:
    """Takes what was learned of a run while it trained, however that ended."""
    run.summary = file.known


def _record(
    run: OpenRun,
    summary: SummaryFile,
    thread: ThreadPoolExecutor,
    terminal: Terminal,
    purge_step: int | None,
    name: str,
    compiling: Compiling,
) -> Recorder:
    """The recorder of a run and its sinks; a new run's events begin with its configuration."""
    prepared, place = run.prepared, run.place
    experiment = prepared.experiment
    probes = examination.probes(prepared, terminal.note)
    metrics, pictures = Metrics(place.metrics), Pictures(place)
    events = EventFile(place.path, purge_step)
    if probes.theory is not None:
        events.charts({"theory": probes.theory.charts})
    if not purge_step:
        text = place.config.read_text(encoding="utf-8")
        events.text("configuration", f"```yaml\n{text}\n```")
        events.hparams(hyperparameters(experiment, place))
        events.flush()
    keep = experiment.checkpoints.keep
    saved = Checkpoints(place.checkpoints, keep, kept.of(run.summary))
    sinks: list[Sink] = [
        InPlace(place.path),
        metrics,
        TensorBoard(events),
        pictures,
        saved,
        summary,
        Log(place),
    ]
    if probes.evaluation is not None and (tag := experiment.checkpoints.best) is not None:
        sinks.append(BestCheckpoint(place, tag, probes.evaluation.directions[tag]))
    with DRAWING:
        drawer = picture(experiment.dataset, prepared.spec, prepared.split)
    told = frozenset(each["sign"] for each in run.summary.get("warnings", []))
    examples = reference(experiment.dataset, prepared.split)
    watch = Watch(examples, told, experiment.objective.remedy)
    return Recorder(
        sinks,
        drawer,
        thread,
        terminal,
        run.summary,
        probes.by_name(),
        name,
        watch,
        lambda: compiling.seconds,
    )
