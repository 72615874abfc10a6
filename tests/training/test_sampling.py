"""Samples in batches: those of single calls, by one program."""

from collections.abc import Callable

import jax
import numpy as np

from gan_cli.architectures.base import DataSpec
from gan_cli.config import Experiment
from gan_cli.training.chunk import draw
from gan_cli.training.sampling import BATCH, samples
from gan_cli.training.state import begin, sampler


def test_many_samples_are_drawn_by_one_program(make: Callable[..., Experiment]) -> None:
    recipe = make(architecture={"name": "mlp", "latent": 3, "generator_widths": [5]}).recipe
    networks, state = begin(recipe, DataSpec((2,)))
    z = recipe.architecture.sample_latent(jax.random.key(0), 2 * BATCH + 7)
    before = draw._cache_size()
    drawn = samples(networks, state, z, recipe.precision)
    assert draw._cache_size() == before + 1
    assert drawn.shape == (2 * BATCH + 7, 2)
    few = samples(networks, state, z[:7], recipe.precision)
    assert few.shape == (7, 2)
    alone = draw(sampler(networks, state), z, recipe.precision)
    np.testing.assert_allclose(drawn, alone, rtol=1e-5, atol=1e-6)
    np.testing.assert_allclose(few, drawn[:7], rtol=1e-5, atol=1e-6)
    whole = samples(networks, state, z[: 2 * BATCH], recipe.precision)
    np.testing.assert_array_equal(whole, drawn[: 2 * BATCH])
