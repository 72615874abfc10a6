"""Which examples are seen when: by counting, and against a permutation in plain Python."""

import math
from collections import Counter
from collections.abc import Callable

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from scipy import stats

from gan_cli.config import Experiment, Recipe
from gan_cli.datasets.base import SyntheticDataset
from gan_cli.training.batches import (
    Batch,
    Resident,
    Synthetic,
    discriminator_rows,
    generator_rows,
    permute,
    pick,
)
from gan_cli.training.random import Purpose, key_for

Make = Callable[..., Experiment]

SIZES = [1, 2, 3, 5, 64, 100, 1397, 60_000]
LAST_STEP = 2**31 - 2


def whole(n: int, seed: int) -> np.ndarray:
    return np.asarray(permute(jax.random.key(seed), n, jnp.arange(n, dtype=jnp.uint32)))


def mix(x: int) -> int:
    x = ((x ^ (x >> 16)) * 0x7FEB352D) % 2**32
    x = ((x ^ (x >> 15)) * 0x846CA68B) % 2**32
    return x ^ (x >> 16)


def permuted(round_keys: list[int], n: int, position: int) -> int:
    """The place that one position goes to, by six rounds of Feistel on strings of bits."""
    bits = max(6, math.ceil(math.log2(n)))
    x = position
    while True:
        text = f"{x:0{bits}b}"
        left, right = text[: bits // 2], text[bits // 2 :]
        for key in round_keys:
            mixed = mix(int(right, 2) ^ key) ^ int(left, 2)
            left, right = right, f"{mixed % 2 ** len(left):0{len(left)}b}"
        x = int(left + right, 2)
        if x < n:
            return x


@pytest.mark.parametrize("n", SIZES)
def test_a_permutation_has_every_index_once(n: int) -> None:
    for seed in (0, 1):
        np.testing.assert_array_equal(np.sort(whole(n, seed)), np.arange(n))


@pytest.mark.parametrize("n", SIZES)
def test_a_permutation_equals_the_one_written_out(n: int) -> None:
    keys = [int(word) for word in jax.random.bits(jax.random.key(3), (6,), jnp.uint32)]
    found = whole(n, seed=3)
    for position in {*range(0, n, 1 + n // 200), n - 1}:
        assert found[position] == permuted(keys, n, position)


def test_permutations_of_two_keys_have_little_in_common() -> None:
    n = 60_000
    one, other = whole(n, 0), whole(n, 1)
    assert (one == other).sum() < 10, "about one position in n agrees by chance"
    assert (one == np.arange(n)).sum() < 10
    assert abs(np.corrcoef(one, other)[0, 1]) < 0.02
    assert abs(np.corrcoef(one[:-1], one[1:])[0, 1]) < 0.02


@pytest.mark.parametrize("n", [3, 5, 8, 100])
def test_every_position_is_equally_likely_to_get_every_index(n: int) -> None:
    keys = jax.vmap(jax.random.key)(jnp.arange(5000))
    places = jax.jit(jax.vmap(lambda key: permute(key, n, jnp.arange(n, dtype=jnp.uint32))))(keys)
    for position in {0, n // 2, n - 1}:
        counts = np.bincount(np.asarray(places)[:, position], minlength=n)
        assert stats.chisquare(counts).pvalue > 1e-3
    pairs = Counter(zip(*np.asarray(places)[:, :2].T.tolist(), strict=True))
    if n < 100:
        counts = [pairs[i, j] for i in range(n) for j in range(n) if i != j]
        assert stats.chisquare(counts).pvalue > 1e-3


@pytest.mark.parametrize(("n", "batch", "k"), [(1397, 64, 5), (100, 100, 1), (10, 3, 2)])
def test_an_epoch_has_every_example_at_most_once(make: Make, n: int, batch: int, k: int) -> None:
    recipe = make(batch_size=batch, k=k).recipe
    minibatches = n // batch
    rows_of = jax.jit(
        jax.vmap(lambda update: discriminator_rows(recipe, n, update // k, update % k))
    )
    epochs = [
        np.asarray(rows_of(jnp.arange(epoch * minibatches, (epoch + 1) * minibatches)))
        for epoch in range(3)
    ]
    for rows in epochs:
        assert rows.shape == (minibatches, batch)
        assert rows.min() >= 0
        assert rows.max() < n
        assert len(np.unique(rows)) == minibatches * batch
    assert not np.array_equal(epochs[0], epochs[1])
    assert not np.array_equal(epochs[1], epochs[2])


def test_g_goes_through_epochs_of_its_own(make: Make) -> None:
    recipe = make(batch_size=7, k=5).recipe
    rows_of = jax.jit(jax.vmap(lambda step: generator_rows(recipe, 50, step)))
    rows = np.asarray(rows_of(jnp.arange(2 * (50 // 7))))
    for epoch in np.split(rows, 2):
        assert len(np.unique(epoch)) == 49
    first = np.asarray(discriminator_rows(recipe, 50, jnp.int32(0), 0))
    assert not np.array_equal(np.sort(rows[0]), np.sort(first))


@pytest.mark.parametrize("step", [0, 1, 2**30, LAST_STEP - 1, LAST_STEP])
@pytest.mark.parametrize("k", [1, 5])
def test_rows_are_exact_at_any_step(make: Make, step: int, k: int) -> None:
    """Against Python's whole numbers, which have no largest one."""
    n, batch = 1397, 64
    recipe = make(batch_size=batch, k=k, seed=2**31 - 1).recipe

    def expected(purpose: Purpose, update: int) -> list[int]:
        epoch, place = divmod(update, n // batch)
        key = key_for(recipe.seed, purpose, epoch)
        round_keys = [int(word) for word in jax.random.bits(key, (6,), jnp.uint32)]
        return [permuted(round_keys, n, place * batch + i) for i in range(batch)]

    for inner in {0, k - 1}:
        found = discriminator_rows(recipe, n, jnp.int32(step), jnp.int32(inner))
        assert found.tolist() == expected(Purpose.DISCRIMINATOR_DATA, step * k + inner)
    found = generator_rows(recipe, n, jnp.int32(step))
    assert found.tolist() == expected(Purpose.GENERATOR_DATA, step)


@jax.jit
def draw(source: Synthetic, recipe: Recipe, step: int, inner: int) -> tuple[jax.Array, jax.Array]:
    for_d = source.discriminator_batch(recipe, step, inner)
    return for_d.x, source.generator_batch(recipe, step).x


def minibatches(recipe: Recipe, dataset: SyntheticDataset) -> list[bytes]:
    """Every minibatch of three steps of a synthetic data set."""
    source = Synthetic(dataset=dataset)
    drawn = [[draw(source, recipe, step, i) for i in range(recipe.k)] for step in range(3)]
    found = [for_d for of_step in drawn for for_d, _ in of_step]
    found += [for_g for ((_, for_g), *_) in drawn]
    assert {x.shape for x in found} == {(recipe.batch_size, 2)}
    return [np.asarray(x).tobytes() for x in found]


def test_fresh_minibatches_depend_on_seed_step_and_update_alone(make: Make) -> None:
    experiment = make(k=3)
    first = minibatches(experiment.recipe, experiment.dataset)
    assert len(set(first)) == len(first) == 12, "no minibatch comes twice"
    same = make(k=3, objective={"name": "hinge"}, ema=0.0, update="simultaneous")
    assert minibatches(same.recipe, same.dataset) == first
    other = make(k=3, seed=1)
    assert not set(minibatches(other.recipe, other.dataset)) & set(first)


def test_resident_examples_are_gathered_and_scaled(make: Make) -> None:
    recipe = make(batch_size=4).recipe
    examples = np.random.default_rng(0).integers(0, 17, (30, 2, 2, 1), np.uint8)
    labels = np.arange(30, dtype=np.int32)
    source = Resident(Batch(jnp.asarray(examples), jnp.asarray(labels)), 16)
    rows = discriminator_rows(recipe, 30, jnp.int32(9), 1)
    found = source.discriminator_batch(recipe, jnp.int32(9), jnp.int32(1))
    assert found.x.dtype == jnp.float32
    np.testing.assert_allclose(found.x, examples[np.asarray(rows)] / 8.0 - 1.0, atol=1e-6)
    np.testing.assert_array_equal(found.label, rows)
    rows = generator_rows(recipe, 30, jnp.int32(9))
    found = source.generator_batch(recipe, jnp.int32(9))
    np.testing.assert_allclose(found.x, examples[np.asarray(rows)] / 8.0 - 1.0, atol=1e-6)
    np.testing.assert_array_equal(found.label, rows)
    unlabelled = Resident(Batch(source.stored.x), 16).generator_batch(recipe, jnp.int32(9))
    assert unlabelled.label is None


@pytest.mark.parametrize("levels", [16, 255])
def test_levels_fill_the_range_exactly(levels: int) -> None:
    stored = Batch(jnp.arange(levels + 1, dtype=jnp.uint8))
    scaled = np.asarray(pick(stored, slice(None), levels).x)
    assert scaled[0] == -1.0
    assert scaled[-1] == 1.0
    np.testing.assert_allclose(scaled, np.linspace(-1, 1, levels + 1), atol=1e-6)


def test_values_without_levels_stand_as_they_are() -> None:
    values = jnp.asarray([-3.5, 0.0, 7.25])
    np.testing.assert_array_equal(pick(Batch(values), slice(None), None).x, values)
