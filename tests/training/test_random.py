"""Keys: one for each purpose, step and update, and the same ones for ever."""

import itertools

import jax
import jax.numpy as jnp
import numpy as np

from gan_cli.training.random import Purpose, key_for

LAST = 2**31 - 1


def test_the_numbers_of_the_purposes_are_fixed() -> None:
    """They are part of every run: another number would give another run for the same seed."""
    assert {purpose.name: purpose.value for purpose in Purpose} == {
        "GENERATOR_INIT": 0,
        "DISCRIMINATOR_INIT": 1,
        "LATENTS": 2,
        "DISCRIMINATOR_DATA": 3,
        "GENERATOR_DATA": 4,
        "DISCRIMINATOR_LOSS": 5,
        "GENERATOR_LOSS": 6,
        "SAMPLE_LATENTS": 7,
        "THEORY": 8,
        "SAMPLES": 9,
        "LINES": 10,
        "EVALUATION": 11,
        "VALIDATION": 12,
        "UNROLLED_LOSS": 13,
    }


def test_a_key_is_folded_from_seed_purpose_step_and_update() -> None:
    key = jax.random.key(11)
    for number in (2, 1000, 4):
        key = jax.random.fold_in(key, number)
    assert key_for(11, Purpose.LATENTS, 1000, 4) == key


def test_no_two_keys_are_equal() -> None:
    cases = itertools.product((0, 1, LAST), Purpose, (0, 1, 2, LAST - 1), (0, 1, 4))
    keys = [tuple(np.asarray(jax.random.key_data(key_for(*case)))) for case in cases]
    assert len(set(keys)) == len(keys) == 3 * len(Purpose) * 4 * 3


def test_a_traced_key_is_the_same() -> None:
    traced = jax.jit(lambda seed, step: key_for(seed, Purpose.LATENTS, step, 3))
    for seed, step in [(0, 0), (LAST, LAST - 1)]:
        plain = key_for(seed, Purpose.LATENTS, step, 3)
        assert traced(seed, step) == plain
        assert traced(jnp.int32(seed), jnp.int32(step)) == plain
