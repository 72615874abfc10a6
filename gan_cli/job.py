"""One run: from an experiment to a run directory and a score."""

import contextlib
import logging
import math
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import NamedTuple

import jax

from gan_cli import checkpoints
from gan_cli.config import Experiment
from gan_cli.datasets.mixture import Mixture
from gan_cli.errors import Diverged, GanError
from gan_cli.interrupts import Interrupted, Wish, wish_to_end
from gan_cli.logs import scalars
from gan_cli.logs.terminal import Terminal
from gan_cli.problem import Problem, feed, picture, picture_latents, prepare
from gan_cli.recorder import Recorder
from gan_cli.report import closing, facts, first_summary, hyperparameters, what_broke
from gan_cli.runs import RunDirectory, Summary
from gan_cli.theory.live import Truth, charts
from gan_cli.training import compilation
from gan_cli.training.feeds import Feed
from gan_cli.training.loop import Outcome, Plan, train
from gan_cli.training.program import Alone, Program
from gan_cli.training.state import TrainState, build

log = logging.getLogger(__name__)

LASTING = (
    *("step", "metrics", "wall_seconds", "theory_seconds", "compile_seconds"),
    "steps_per_second",
)
"""What a run that is resumed keeps of its summary until it knows better."""


class Begun(NamedTuple):
    """A run whose directory is held; `summary` is what summary.json holds, kept up to date."""

    problem: Problem
    place: RunDirectory
    summary: Summary


class Start(NamedTuple):
    """Where a run starts from.

    purge_step: from which step on TensorBoard points of an earlier process are superseded, or None.
    notes: for the user.
    """

    state: TrainState
    purge_step: int | None
    notes: list[str]


def run(experiment: Experiment, directory: Path, terminal: Terminal, *, resume: bool) -> Summary:
    """Trains one experiment in its run directory.

    Args:
        experiment: what to train.
        directory: the run directory; its .hydra/ is there already.
        terminal: what the user sees.
        resume: go on from the newest whole checkpoint, or from step 0 where none was saved.

    Returns:
        The final summary, of a completed run.

    Raises:
        Diverged, Interrupted: after the state was saved and the summary written.
        GanError: for what the user can mend.
    """
    with wish_to_end() as wish:
        try:
            with begin(experiment, RunDirectory(directory), resume=resume) as begun:
                terminal.header(facts(begun.problem) | {"run": str(directory)})
                start = state_of(begun, resume=resume)
                for note in start.notes:
                    terminal.note(note)
                problem = begun.problem
                program = Alone(problem.networks, experiment.recipe)
                source = feed(experiment, problem.device)
                latents = picture_latents(experiment, problem.spec)
                runs = [(begun, start.purge_step)]
                [outcome] = train_all(runs, program, source, start.state, latents, terminal, wish)
        except BaseException:
            terminal.end([])
            raise
        summary = begun.summary
        terminal.end(closing(summary, begun.place))
    if outcome.ending == "diverged":
        raise Diverged(summary["reason"])
    if outcome.ending == "interrupted" and wish.signal is not None:
        raise Interrupted(wish.signal)
    return summary


@contextlib.contextmanager
def begin(experiment: Experiment, place: RunDirectory, *, resume: bool) -> Iterator[Begun]:
    """Holds a run directory while its run trains, and writes the summary however that ends."""
    own = {"run": place.path}
    with place.lock():
        summary: Summary = {"step": 0, "steps": experiment.steps, "seed": experiment.seed}
        if resume:
            summary |= place.read_summary()
        try:
            problem = prepare(experiment)
            lasting = {key: summary[key] for key in LASTING if key in summary}
            summary = first_summary(problem) | lasting
            log.info("training %s", facts(problem) | {"run": str(place.path)}, extra=own)
            with jax.default_device(problem.device):
                yield Begun(problem, place, summary)
        except BaseException as error:
            status = "interrupted" if isinstance(error, Interrupted) else "failed"
            kind = "" if isinstance(error, GanError) else f"{type(error).__name__}: "
            reason = f"{kind}{error}"
            place.write_summary(summary | {"status": status, "reason": reason})
            log.info("the run ended early", exc_info=True, extra=own)
            raise
        place.write_summary(summary)
        ended = [*closing(summary, place), *filter(None, [summary.get("reason")])]
        log.info("%s", "; ".join(ended), extra=own)


def state_of(begun: Begun, *, resume: bool) -> Start:
    """The state that a run starts from; what an earlier process logged after it is dropped."""
    problem, place, summary = begun
    recipe, spec = problem.experiment.recipe, problem.spec
    if not resume:
        return Start(build(recipe, spec)[1], None, [])
    checkpoints.discard_unfinished(place.checkpoints)
    restored = checkpoints.restore_latest(place.checkpoints, problem.abstract)
    step = restored.step if restored is not None else 0
    damaged = restored.damaged if restored is not None else []
    notes = [f"{damage} Going on from the one before, of step {step:,}." for damage in damaged]
    notes.append(f"resuming from step {step:,}")
    first_dropped = _forget(problem.experiment, place, summary, step)
    if restored is None:
        return Start(build(recipe, spec)[1], 0, notes)
    return Start(jax.device_put(restored.state), min(first_dropped, step + 1), notes)


def train_all(
    runs: Sequence[tuple[Begun, int | None]],
    program: Program,
    source: Feed,
    state: TrainState,
    latents: jax.Array,
    terminal: Terminal,
    wish: Wish,
) -> list[Outcome]:
    """Trains runs that share a program, writes what they log, brings their summaries to the end.

    Args:
        runs: all at one step and with one plan; each with its `purge_step`.
        program, source, state, latents: see `train`.
        terminal: told of the progress.
        wish: the user's, to end.
    """
    experiment = runs[0][0].problem.experiment
    every = experiment.checkpoints.every
    plan = Plan(
        experiment.steps,
        experiment.log_every,
        experiment.sample_every,
        every,
        experiment.theory_every,
    )
    with contextlib.ExitStack() as stack:
        thread = stack.enter_context(ThreadPoolExecutor(1, thread_name_prefix="recorder"))
        recorders = []
        for begun, purge_step in runs:
            begun.place.write_summary(begun.summary)
            recorders.append(_record(begun, thread, terminal, purge_step))
            stack.callback(recorders[-1].close)
        terminal.begin(runs[0][0].summary["step"], experiment.steps)
        with compilation.timed() as compiling:
            outcomes = train(program, source, state, latents, plan, recorders, wish)
    for (begun, _), recorder, outcome in zip(runs, recorders, outcomes, strict=True):
        begun.summary["status"] = outcome.ending
        begun.summary["step"] = outcome.step
        begun.summary["wall_seconds"] = round(recorder.wall_seconds, 3)
        begun.summary["compile_seconds"] = round(compiling.seconds, 3)
        begun.summary["steps_per_second"] = round(outcome.steps_per_second, 3)
        if experiment.theory_every:
            begun.summary["theory_seconds"] = round(recorder.theory_seconds, 3)
        if outcome.ending == "diverged":
            begun.summary["reason"] = what_broke(outcome, begun.place)
    return outcomes


def score(summary: Summary, metric: str) -> float:
    """The run's score for a sweeper: the last value of a tag, or nan where there is none."""
    return float(summary.get("metrics", {}).get(metric, math.nan))


def _forget(experiment: Experiment, place: RunDirectory, summary: Summary, step: int) -> int:
    """Drops what was logged after a step, and what only a run that ended earlier would hold.

    Returns:
        The first step of which something was dropped, or the next step where nothing was.
    """
    before_end = place.read_summary().get("steps", experiment.steps)

    def stays(every: int) -> Callable[[int], bool]:
        ended_early = before_end if before_end != experiment.steps and before_end % every else None
        return lambda at: at <= step and at != ended_early

    logged = [row["step"] for row in scalars.read(place.metrics)]
    rows = scalars.keep(place.metrics, stays(experiment.log_every))
    dropped = set(logged) - {row["step"] for row in rows}
    for at in place.sample_steps():
        if not stays(experiment.sample_every)(at):
            place.sample(at).unlink()
            dropped.add(at)
    summary["step"], summary["metrics"] = step, {}
    if rows:
        summary["wall_seconds"] = max(summary["wall_seconds"], rows[-1].pop("wall_seconds"))
        summary["metrics"] = {tag: value for tag, value in rows[-1].items() if tag != "step"}
    return min(dropped, default=step + 1)


def _record(
    begun: Begun, thread: ThreadPoolExecutor, terminal: Terminal, purge_step: int | None
) -> Recorder:
    """The sinks of a run; of a new one, with its configuration and hyper-parameters written."""
    problem, place, summary = begun
    experiment = problem.experiment
    drawer = picture(experiment, problem.spec)
    keep = experiment.checkpoints.keep
    truth = None
    if experiment.theory_every and isinstance(experiment.dataset, Mixture):
        truth = Truth(problem.networks, experiment.recipe, experiment.dataset)
    recorder = Recorder(place, summary, drawer, keep, thread, terminal, purge_step, truth)
    if truth is not None:
        recorder.events.charts({"theory": charts(experiment.objective)})
    if not purge_step:
        text = place.config.read_text(encoding="utf-8")
        recorder.events.text("configuration", f"```yaml\n{text}\n```")
        recorder.events.hparams(hyperparameters(experiment, place))
        recorder.events.flush()
    return recorder
