"""One run: from an experiment to a run directory and a score."""

import logging
import math
from collections.abc import Callable
from pathlib import Path

import jax

from gan_cli import checkpoints
from gan_cli.config import Experiment
from gan_cli.errors import Diverged, GanError
from gan_cli.interrupts import Interrupted, Wish, wish_to_end
from gan_cli.logs import scalars
from gan_cli.logs.terminal import Terminal
from gan_cli.problem import Problem, feed, picture, prepare
from gan_cli.recorder import Recorder
from gan_cli.report import closing, facts, first_summary, hyperparameters, what_broke
from gan_cli.runs import RunDirectory, Summary
from gan_cli.training.loop import Outcome, Plan, train
from gan_cli.training.state import TrainState, build

log = logging.getLogger(__name__)


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
    place = RunDirectory(directory)
    with place.lock(), wish_to_end() as wish:
        summary: Summary = {"step": 0, "steps": experiment.steps, "seed": experiment.seed}
        if resume:
            summary |= place.read_summary()
        try:
            problem = prepare(experiment)
            with jax.default_device(problem.device):
                fresh = first_summary(problem)
                fresh["wall_seconds"] = summary.get("wall_seconds", 0.0)
                state, purge_step = _begin(problem, place, fresh, terminal, resume)
                summary = fresh
                outcome = _train(problem, place, summary, state, purge_step, terminal, wish)
        except BaseException as error:
            terminal.end([])
            status = "interrupted" if isinstance(error, Interrupted) else "failed"
            kind = "" if isinstance(error, GanError) else f"{type(error).__name__}: "
            reason = f"{kind}{error}"
            place.write_summary(summary | {"status": status, "reason": reason})
            log.info("the run ended early", exc_info=True)
            raise
        place.write_summary(summary)
        lines = closing(summary, place)
        log.info("%s", "; ".join(lines))
        terminal.end(lines)
    if outcome.ending == "diverged":
        raise Diverged(summary["reason"])
    if outcome.ending == "interrupted" and wish.signal is not None:
        raise Interrupted(wish.signal)
    return summary


def score(summary: Summary, metric: str) -> float:
    """The run's score for a sweeper: the last value of a tag, or nan where there is none."""
    return float(summary.get("metrics", {}).get(metric, math.nan))


def _begin(
    problem: Problem, place: RunDirectory, summary: Summary, terminal: Terminal, resume: bool
) -> tuple[TrainState, int | None]:
    """The state to start from, and from which step on earlier TensorBoard points are superseded.

    What an earlier process logged after that state is dropped.
    """
    header = facts(problem) | {"run": str(place.path)}
    log.info("training %s", header)
    terminal.header(header)
    recipe, spec = problem.experiment.recipe, problem.spec
    if not resume:
        return build(recipe, spec)[1], None
    checkpoints.discard_unfinished(place.checkpoints)
    restored = checkpoints.restore_latest(place.checkpoints, problem.abstract)
    step = 0
    if restored is not None:
        step = restored.step
        for damage in restored.damaged:
            terminal.note(f"{damage} Going on from the one before, of step {step:,}.")
    terminal.note(f"resuming from step {step:,}")
    first_dropped = _forget(problem.experiment, place, summary, step)
    if restored is None:
        return build(recipe, spec)[1], 0
    return jax.device_put(restored.state), min(first_dropped, step + 1)


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
    summary["step"] = step
    if rows:
        summary["wall_seconds"] = max(summary["wall_seconds"], rows[-1].pop("wall_seconds"))
        summary["metrics"] = {tag: value for tag, value in rows[-1].items() if tag != "step"}
    return min(dropped, default=step + 1)


def _train(
    problem: Problem,
    place: RunDirectory,
    summary: Summary,
    state: TrainState,
    purge_step: int | None,
    terminal: Terminal,
    wish: Wish,
) -> Outcome:
    """Trains, writes, and brings the summary to the end of the run."""
    experiment = problem.experiment
    place.write_summary(summary)
    drawer, latents = picture(experiment, problem.spec)
    kept = experiment.checkpoints
    plan = Plan(experiment.steps, experiment.log_every, experiment.sample_every, kept.every)
    recorder = Recorder(place, summary, drawer, kept.keep, terminal, purge_step)
    try:
        if not purge_step:
            _introduce(recorder, experiment, place)
        terminal.begin(summary["step"], experiment.steps)
        outcome = train(
            problem.networks,
            experiment.recipe,
            feed(experiment, problem.device),
            state,
            latents,
            plan,
            recorder,
            wish,
        )
    finally:
        recorder.close()
    summary["status"] = outcome.ending
    summary["step"] = outcome.step
    summary["wall_seconds"] = round(recorder.wall_seconds, 3)
    summary["steps_per_second"] = round(outcome.steps_per_second, 3)
    if outcome.ending == "diverged":
        summary["reason"] = what_broke(outcome, place)
    return outcome


def _introduce(recorder: Recorder, experiment: Experiment, place: RunDirectory) -> None:
    """Writes the configuration and the hyper-parameters to TensorBoard."""
    text = place.config.read_text(encoding="utf-8")
    recorder.events.text("configuration", f"```yaml\n{text}\n```")
    recorder.events.hparams(hyperparameters(experiment, place))
    recorder.events.flush()
