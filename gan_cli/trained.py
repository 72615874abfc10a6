"""A generator read back from a run directory."""

from typing import Literal, NamedTuple

import jax
import jax.numpy as jnp
import numpy as np

from gan_cli import checkpoints, no_checkpoint, saved_config
from gan_cli.architectures.base import DataSpec
from gan_cli.config import Experiment
from gan_cli.errors import DataError, UsageError
from gan_cli.runs import RunDirectory
from gan_cli.training.networks import Networks
from gan_cli.training.sampling import samples
from gan_cli.training.state import TrainState, from_earlier_versions, outline

Wanted = int | Literal["best"] | None
"""A checkpoint: its step, the best by a metric, or the newest that is whole."""


def wanted(text: str | None) -> Wanted:
    """The checkpoint that a user names.

    Raises:
        UsageError: for what is neither a step nor `best`.
    """
    if text is None:
        return None
    if text == "best":
        return "best"
    if text.isdecimal():
        return int(text)
    raise UsageError(f"--checkpoint {text}: must be the step of a checkpoint, or best.")


class Trained(NamedTuple):
    """A trained pair: what was trained, on what data, and the state at a step.

    damaged: what was wrong with the newer checkpoints that were passed over.
    """

    experiment: Experiment
    spec: DataSpec
    networks: Networks
    state: TrainState
    step: int
    damaged: list[str]

    def generate(self, latents: jax.Array) -> np.ndarray:
        """Samples for latents (N, latent), as (N, *shape) in the data's own scale."""
        return samples(self.networks, self.state, latents, self.experiment.precision)


def load(place: RunDirectory, checkpoint: Wanted = None) -> Trained:
    """Rebuilds the networks of a run and reads a checkpoint into them; the data is not needed.

    Args:
        place: the run's directory.
        checkpoint: its step, `best`, or None for the newest that is whole.

    Raises:
        UsageError: if the run has no such checkpoint.
        DataError: if it is damaged, or the run's summary is missing.
    """
    experiment = saved_config.load_run(place.path)
    directory = place.best_checkpoints if checkpoint == "best" else place.checkpoints
    saved = checkpoints.steps(directory)
    if not saved and (checkpoint != "best" or not checkpoints.steps(place.checkpoints)):
        raise UsageError(no_checkpoint.told(place, experiment))
    if not saved:
        raise UsageError(
            f"{place.path} has kept no best checkpoint. A training keeps one with "
            "evaluate_every=N and checkpoints.best=METRIC/NUMBER, such as modes/reverse_kl."
        )
    if isinstance(checkpoint, int) and checkpoint not in saved:
        if checkpoint in checkpoints.steps(place.best_checkpoints):
            return load(place, "best")
        listed = ", ".join(str(s) for s in saved)
        raise UsageError(f"{place.path} has no checkpoint of step {checkpoint}; it has: {listed}.")
    summary = place.read_summary()
    if "data_shape" not in summary:
        raise DataError(f"{place.summary} is missing. {place.rewriting_command()} writes it anew.")
    spec = DataSpec(tuple(summary["data_shape"]))
    networks, template = outline(experiment.recipe, spec)
    if isinstance(checkpoint, int):
        state = checkpoints.restore(directory, checkpoint, template, rename=from_earlier_versions)
        restored = checkpoints.Restored(checkpoint, state, [])
    else:
        remedy = (
            f"No checkpoint is left to draw with. Move {directory} elsewhere to start again "
            f"from step 0: {place.resume_command}"
            if checkpoint is None
            else "Without --checkpoint best the newest checkpoint is used."
        )
        found = checkpoints.restore_latest(
            directory, template, remedy, rename=from_earlier_versions
        )
        assert found is not None
        restored = found
    state = jax.tree.map(jnp.asarray, restored.state)
    return Trained(experiment, spec, networks, state, restored.step, restored.damaged)
