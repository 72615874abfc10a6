"""Samples of the generator in a state, drawn in batches."""

import jax
import numpy as np

from gan_cli.config import Precision
from gan_cli.training.chunk import draw
from gan_cli.training.networks import Networks
from gan_cli.training.state import TrainState, sampler

BATCH = 256


def samples(
    networks: Networks, state: TrainState, latents: jax.Array, precision: Precision
) -> np.ndarray:
    """Samples for latents (N, latent), as (N, *shape) in the data's own scale.

    The moving average of G's parameters draws them where there is one.
    """
    network = sampler(networks, state)
    batches = (latents[i : i + BATCH] for i in range(0, len(latents), BATCH))
    return np.concatenate([np.asarray(draw(network, z, precision)) for z in batches])
