"""Data fed from disk in blocks gives the minibatches of data that lies on the device."""

import threading
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from gan_cli.architectures.base import DataSpec
from gan_cli.config import Experiment, Recipe
from gan_cli.datasets.base import Split
from gan_cli.prepared import prepare
from gan_cli.training import feeds
from gan_cli.training.batches import Batch, Resident, Source, Streamed
from gan_cli.training.calendar import Calendar
from gan_cli.training.feeds import FromDisk, SameSource
from gan_cli.training.loop import train
from gan_cli.training.program import Single
from gan_cli.training.state import begin

Make = Callable[..., Experiment]

SHAPE = (4, 4, 1)


@pytest.fixture
def images(tmp_path: Path) -> np.ndarray:
    """100 random images, mapped from a file."""
    path = tmp_path / "images.npy"
    np.save(path, np.random.default_rng(0).integers(0, 256, (100, *SHAPE), np.uint8))
    return np.load(path, mmap_mode="r")


@jax.jit
def minibatches(source: Source, recipe: Recipe, step: int) -> list[Batch]:
    """All minibatches of a step."""
    for_d = [source.discriminator_batch(recipe, step, inner) for inner in range(recipe.k)]
    return [*for_d, source.generator_batch(recipe, step)]


@pytest.mark.parametrize("steps", [range(10), range(6, 11), [9, 3, 40, 4]])
def test_blocks_hold_the_same_minibatches(
    make: Make, images: np.ndarray, monkeypatch: pytest.MonkeyPatch, steps: Any
) -> None:
    """In order, from the middle of a block on, and back and forth."""
    monkeypatch.setattr(feeds, "MAX_BLOCK", 4)
    recipe = make(k=2, batch_size=12).recipe
    labels = np.arange(len(images), dtype=np.int32)
    resident = Resident(Batch(jnp.asarray(images), jnp.asarray(labels)), 255)
    from_disk = FromDisk(recipe, Split(images, labels), 255)
    assert from_disk.block == 4
    for step in steps:
        source, available = from_disk.at(step)
        assert available == 4 - step % 4
        expected = minibatches(resident, recipe, step)
        found = minibatches(source, recipe, step)
        assert [batch.x.dtype for batch in found] == [np.float32] * 3
        for a, b in zip(found, expected, strict=True):
            np.testing.assert_allclose(a.x, b.x, atol=1e-7)
            np.testing.assert_array_equal(np.round((a.x + 1) * 127.5), np.round((b.x + 1) * 127.5))
            np.testing.assert_array_equal(a.label, b.label)
    from_disk.close()


def test_labels_say_which_examples_a_minibatch_holds(make: Make, images: np.ndarray) -> None:
    recipe = make(k=2, batch_size=12).recipe
    feed = FromDisk(recipe, Split(images, np.arange(100, dtype=np.int32)), 255)
    for batch in minibatches(feed.at(0)[0], recipe, 3):
        shown = np.asarray(images)[np.asarray(batch.label)]
        np.testing.assert_array_equal(np.round((batch.x + 1) * 127.5), shown)
    feed.close()


def test_a_closed_feed_leaves_no_thread(make: Make, images: np.ndarray) -> None:
    def threads() -> list[str]:
        return [t.name for t in threading.enumerate() if t.name.startswith("feed")]

    before = len(threads())
    feed = FromDisk(make(batch_size=12).recipe, Split(images), 255)
    feed.at(0)
    assert len(threads()) == before + 1
    feed.close()
    assert len(threads()) == before


def test_rows_are_chosen_on_the_device_of_the_run(
    make: Make, images: np.ndarray, monkeypatch: pytest.MonkeyPatch
) -> None:
    devices: set[jax.Device | None] = set()

    def rows(recipe: Recipe, n: int, first: jax.Array, steps: int) -> tuple[np.ndarray, ...]:
        devices.add(jax.config.jax_default_device)
        return np.zeros((steps, recipe.k, 8), int), np.zeros((steps, 8), int)

    monkeypatch.setattr(feeds, "block_rows", rows)
    feed = FromDisk(make(batch_size=8).recipe, Split(images), 255, jax.devices()[0])
    feed.at(0)
    feed.close()
    assert devices == {jax.devices()[0]} != {jax.config.jax_default_device}


def test_a_block_keeps_the_stored_bytes_and_stays_small(make: Make, images: np.ndarray) -> None:
    recipe = make(k=2, batch_size=12).recipe
    source, available = FromDisk(recipe, Split(images), 255).at(0)
    assert available == feeds.MAX_BLOCK == 256
    assert isinstance(source, Streamed)
    assert source.discriminator.x.dtype == jnp.uint8
    assert source.discriminator.x.shape == (256, 2, 12, *SHAPE)
    assert source.generator.x.shape == (256, 12, *SHAPE)

    large = np.broadcast_to(np.zeros((256, 256, 3), np.uint8), (64, 256, 256, 3))
    wide = FromDisk(make(k=1, batch_size=64).recipe, Split(large), 255)
    assert wide.block == feeds.BLOCK_BYTES // (256 * 256 * 3 * 64 * 2) == 2
    huge = FromDisk(make(k=5, batch_size=64).recipe, Split(large), 255)
    assert huge.block == 1


class Last:
    """Keeps the last checkpoint and the losses."""

    def __init__(self) -> None:
        self.state: Any = None
        self.losses: list[float] = []

    def scalars(self, step: int, values: Mapping[str, float]) -> None:
        self.losses.append(values["loss/discriminator"])

    def samples(self, step: int, samples: np.ndarray) -> None: ...

    def checkpoint(self, step: int, state: Any) -> None:
        self.state = jax.device_get(state)

    def progress(self, step: int, rate: float, last: Mapping[str, float]) -> None: ...


def test_trained_from_disk_and_from_memory_the_networks_agree(
    make: Make, images: np.ndarray, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(feeds, "MAX_BLOCK", 4)
    sgd = {player: {"name": "sgd"} for player in ("generator", "discriminator")}
    recipe = make(batch_size=12, optimizer=sgd, ema=0.0).recipe
    networks, state = begin(recipe, DataSpec(SHAPE))
    start = jax.device_get(state)
    latents = recipe.architecture.sample_latent(jax.random.key(0), 4)
    ended = []
    for source in (
        SameSource(Resident(Batch(jnp.asarray(images)), 255), 30),
        FromDisk(recipe, Split(images), 255),
    ):
        last, state = Last(), jax.device_put(start)
        plan = Calendar(30, 1, 30, 30)
        train(Single(networks, recipe), source, state, latents, plan, [last], lambda: False)
        ended.append(last)
    memory, disk = ended
    assert np.isfinite(disk.losses).all()
    assert int(disk.state.step) == 30
    np.testing.assert_allclose(disk.losses, memory.losses, rtol=1e-3)
    jax.tree.map(
        lambda a, b: np.testing.assert_allclose(a, b, rtol=1e-2, atol=1e-3),
        disk.state.generator.parameters,
        memory.state.generator.parameters,
    )


def test_data_above_resident_mib_is_fed_from_disk(make: Make, tmp_path: Path) -> None:
    path = tmp_path / "large.npy"
    np.save(path, np.zeros((300, 64, 64, 1), np.uint8))
    assert 2**20 < path.stat().st_size < 2 * 2**20
    dataset = {"name": "array", "path": str(path)}
    assert isinstance(prepare(make(dataset=dataset, resident_mib=1)).feed(), FromDisk)
    kept = prepare(make(dataset=dataset, resident_mib=2)).feed()
    assert isinstance(kept, SameSource)
    assert kept.at(0)[0].stored.x.dtype == jnp.uint8  # type: ignore[attr-defined]
