"""A generator read back from a run directory."""

from typing import NamedTuple

import jax
import jax.numpy as jnp
import numpy as np

from gan_cli import checkpoints, saved_config
from gan_cli.architectures.base import DataSpec
from gan_cli.config import Experiment
from gan_cli.errors import DataError, UsageError
from gan_cli.runs import RunDirectory
from gan_cli.training.chunk import draw
from gan_cli.training.networks import Networks
from gan_cli.training.state import TrainState, from_flat_names, outline, sampler

BATCH = 256


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
        network = sampler(self.networks, self.state)
        batches = (latents[i : i + BATCH] for i in range(0, len(latents), BATCH))
        precision = self.experiment.precision
        return np.concatenate([np.asarray(draw(network, z, precision)) for z in batches])


def load(place: RunDirectory, step: int | None = None) -> Trained:
    """Rebuilds the networks of a run and reads a checkpoint into them; the data is not needed.

    Args:
        place: the run's directory.
        step: the checkpoint's step, or None for the newest that is whole.

    Raises:
        UsageError: if the run has no checkpoint (of that step).
        DataError: if it is damaged, or the run's summary is missing.
    """
    experiment = saved_config.load_run(place.path)
    saved = checkpoints.steps(place.checkpoints)
    if not saved:
        raise UsageError(f"{place.path} has no checkpoint yet.")
    if step is not None and step not in saved:
        listed = ", ".join(str(s) for s in saved)
        raise UsageError(f"{place.path} has no checkpoint of step {step}; it has: {listed}.")
    summary = place.read_summary()
    if "data_shape" not in summary:
        raise DataError(f"{place.summary} is missing. {place.resume_command} writes it anew.")
    spec = DataSpec(tuple(summary["data_shape"]))
    networks, template = outline(experiment.recipe, spec)
    if step is None:
        restored = checkpoints.restore_latest(
            place.checkpoints, template, "to draw with", rename=from_flat_names
        )
        assert restored is not None
    else:
        state = checkpoints.restore(place.checkpoints, step, template, rename=from_flat_names)
        restored = checkpoints.Restored(step, state, [])
    state = jax.tree.map(jnp.asarray, restored.state)
    return Trained(experiment, spec, networks, state, restored.step, restored.damaged)
