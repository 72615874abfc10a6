"""Samples of the generator in a state, drawn in batches."""

import jax
import jax.numpy as jnp
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

    The moving average of G draws them where there is one. After the first batch, every batch is a
    whole one: for a shorter one, G would be compiled a second time.
    """
    network, count = sampler(networks, state), len(latents)
    surplus = -count % BATCH if count > BATCH else 0
    whole = jnp.concatenate([latents, latents[:surplus]])
    batches = (whole[i : i + BATCH] for i in range(0, count, BATCH))
    return np.concatenate([np.asarray(draw(network, z, precision)) for z in batches])[:count]
