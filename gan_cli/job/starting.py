"""Where a run starts: at its beginning, or from its newest checkpoint with nothing logged after."""

from collections.abc import Callable
from typing import NamedTuple

from gan_cli import checkpoints
from gan_cli.job import best_checkpoint, changes
from gan_cli.job.open_run import OpenRun
from gan_cli.logs import scalars
from gan_cli.numerics import differences
from gan_cli.runs import RunDirectory, updated
from gan_cli.training.state import TrainState, from_earlier_versions


class Start(NamedTuple):
    """Where a run starts from.

    purge_step: the first step whose TensorBoard points an earlier process may have written, or
        None for a new run.
    notes: what the user is told.
    """

    state: TrainState
    purge_step: int | None
    notes: list[str]


def starting_state(run: OpenRun, *, resume: bool) -> Start:
    """The state that a run starts from; what an earlier process logged after it is dropped."""
    place = run.place
    now = changes.identity(run.prepared, run.summary)
    if not resume:
        run.summary = run.summary | now
        return Start(run.prepared.begin(), None, [])
    place.discard_unfinished()
    checkpoints.discard_unfinished(place.checkpoints)
    restored = checkpoints.restore_latest(
        place.checkpoints,
        run.prepared.abstract,
        no_checkpoint_left(place),
        rename=from_earlier_versions,
    )
    step = restored.step if restored is not None else 0
    damaged = restored.damaged if restored is not None else []
    notes = [f"{damage} Going on from the one before, of step {step:,}." for damage in damaged]
    notes.append(f"resuming from step {step:,}")
    before = place.read_summary()
    other = differences(before.get("numerics", {}), run.summary["numerics"])
    notes += [other] if other else []
    run.summary, accepted = changes.go_on(run.summary, now, step)
    notes += accepted
    first_dropped = _forget(run, step)
    if restored is None:
        return Start(run.prepared.begin(), 0, notes)
    return Start(run.prepared.placed(restored.state), min(first_dropped, step + 1), notes)


def no_checkpoint_left(place: RunDirectory) -> str:
    """What to do with a run whose checkpoints are all damaged."""
    return (
        f"No checkpoint is left to go on from. Move {place.checkpoints} elsewhere to start again "
        f"from step 0: {place.resume_command}"
    )


def _forget(run: OpenRun, step: int) -> int:
    """Drops what was logged after a step, and what only a run that ended earlier would hold.

    Returns:
        The first step of which something was dropped, or the next step where nothing was.
    """
    place, experiment = run.place, run.prepared.experiment
    before_end = place.read_summary().get("steps", experiment.steps)

    def stays(every: int) -> Callable[[int], bool]:
        ended_early = before_end if before_end != experiment.steps and before_end % every else None
        return lambda at: at <= step and at != ended_early

    best_checkpoint.forget_after(place, step)
    logged = [row["step"] for row in scalars.read(place.metrics)]
    rows = scalars.keep(place.metrics, stays(experiment.log_every))
    dropped = set(logged) - {row["step"] for row in rows}
    for at in place.sample_steps():
        if not stays(experiment.sample_every)(at):
            place.sample(at).unlink()
            dropped.add(at)
    last = {tag: value for row in rows for tag, value in row.items()}
    seconds = max(run.summary["wall_seconds"], last.pop("wall_seconds", 0.0))
    metrics = {tag: value for tag, value in last.items() if tag != "step"}
    run.summary = run.summary | {"step": step, "metrics": metrics, "wall_seconds": seconds}
    if (warnings := run.summary.get("warnings")) is not None:
        kept = [each for each in warnings if each["step"] <= step]
        run.summary = updated(run.summary, {"warnings": kept})
    return min(dropped, default=step + 1)
