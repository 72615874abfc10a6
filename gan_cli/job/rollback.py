"""A run that became non-finite goes back to its last checkpoint, and on with other random numbers.

The state tells how often: each rollback takes the next random stream. A run that is killed after a
rollback and before its next checkpoint is resumed in the stream before, becomes non-finite at the
same step, and is rolled back once more, so that it is the same run to the bit.
"""

import jax.numpy as jnp

from gan_cli.config import Experiment
from gan_cli.runs import Summary, updated
from gan_cli.training.outcome import Outcome
from gan_cli.training.state import TrainState


def is_due(experiment: Experiment, outcome: Outcome) -> bool:
    """Whether a training that has ended is to be rolled back."""
    if experiment.on_divergence == "stop" or outcome.spare is None:
        return False
    return int(outcome.spare.stream) < experiment.rollbacks


def onto_next_stream(state: TrainState, outcome: Outcome) -> tuple[TrainState, str]:
    """The state to go on from, and what the user is told.

    Args:
        state: the newest state that was saved.
        outcome: how the training ended; its stream may be later than the saved state's.
    """
    assert outcome.spare is not None
    stream = int(outcome.spare.stream) + 1
    note = (
        f"step {outcome.step:,} was not finite, so the training goes back to step "
        f"{int(state.step):,} and continues with random stream {stream}"
    )
    return state._replace(stream=jnp.int32(stream)), note


def noted(summary: Summary, broken: Summary, to: int) -> Summary:
    """The summary of a run that goes on after a rollback.

    Args:
        summary: what is known of the run up to the step that it goes on from.
        broken: what was known when it ended.
        to: that step.
    """
    rollback = {"from": broken["step"], "to": to, "reason": broken["reason"]}
    known = {key: value for key, value in summary.items() if key not in ("reason", "diagnosis")}
    rollbacks = [*summary.get("rollbacks", []), rollback]
    return updated(Summary(), known | {"status": "running", "rollbacks": rollbacks})


def known_at(summary: Summary, stream: int) -> Summary:
    """The summary without the rollbacks that a state of this stream has yet to do again."""
    rollbacks = summary.get("rollbacks", [])
    return updated(summary, {"rollbacks": rollbacks[:stream]}) if rollbacks else summary
