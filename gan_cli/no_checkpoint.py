"""Why a run has no checkpoint, what can be done about it, and which run can be used instead."""

from gan_cli import checkpoints, runs
from gan_cli.config import Experiment
from gan_cli.runs import OUTPUTS, RunDirectory


def told(place: RunDirectory, experiment: Experiment) -> str:
    """What a user is told who wants to draw with a run that has no checkpoint.

    Raises:
        DataError: if the run's summary is damaged.
    """
    kept = checkpoints.steps(place.best_checkpoints)
    best = f"Its best state, of step {kept[-1]:,}, is kept: --checkpoint best." if kept else ""
    reason = " ".join(filter(None, (why(place, experiment), best)))
    return "\n".join(filter(None, (reason, _another(place))))


def why(place: RunDirectory, experiment: Experiment) -> str:
    """How a run ended without a checkpoint, and what to do.

    Raises:
        DataError: if the run's summary is damaged.
    """
    known, path = place.read_summary(), place.path
    step, reason = known.get("step", 0), known.get("reason", "").rstrip(".")
    if known["status"] == "running":
        first = min(experiment.checkpoints.every, experiment.steps)
        return (
            f"{path} has no checkpoint yet: it is running, at step {step:,}, and saves the first "
            f"at step {first:,}."
        )
    if known["status"] == "completed":
        return (
            f"{path} is completed, but its checkpoints are gone. Put them back, or train it "
            f"again: {place.resume_command}"
        )
    if known["status"] == "diverged":
        tried = known.get("diagnosis", {}).get("try", "a lower learning rate")
        return f"{path} has no checkpoint, since it diverged: {reason}. Try {tried}."
    if known["status"] == "failed":
        return (
            f"{path} has no checkpoint, since it failed at step {step:,}: {reason}. "
            f"Mend that, and go on with it: {place.resume_command}"
        )
    how = f"was interrupted ({reason})" if reason else "was killed"
    return (
        f"{path} has no checkpoint, since it {how} at step {step:,}, before the first was saved. "
        f"Go on with it: {place.resume_command}"
    )


def _another(place: RunDirectory) -> str:
    """The newest run that can be used, for a run below outputs/, as the one named latest is."""
    if not place.path.is_relative_to(OUTPUTS):
        return ""
    usable = [
        path for path in runs.find(OUTPUTS) if checkpoints.steps(RunDirectory(path).checkpoints)
    ]
    return f"The newest run with a checkpoint: {usable[-1]}" if usable else ""
