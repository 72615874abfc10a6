"""Data fed from disk in blocks gives the minibatches of data that lies on the device."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from gan_cli.architectures.base import DataSpec
from gan_cli.config import Experiment, Recipe
from gan_cli.problem import feed
from gan_cli.training import feeds
from gan_cli.training.batches import Resident, Source, Streamed
from gan_cli.training.feeds import Fixed, FromDisk
from gan_cli.training.loop import Plan, train
from gan_cli.training.program import Alone
from gan_cli.training.state import build

Make = Callable[..., Experiment]

SHAPE = (4, 4, 1)


@pytest.fixture
def images(tmp_path: Path) -> np.ndarray:
    """100 random images, mapped from a file."""
    path = tmp_path / "images.npy"
    np.save(path, np.random.default_rng(0).integers(0, 256, (100, *SHAPE), np.uint8))
    return np.load(path, mmap_mode="r")


@jax.jit
def of_step(source: Source, recipe: Recipe, step: int) -> list[jax.Array]:
    """All minibatches of a step."""
    for_d = [source.discriminator_batch(recipe, step, inner) for inner in range(recipe.k)]
    return [*for_d, source.generator_batch(recipe, step)]


def minibatches(source: Source, recipe: Recipe, step: int) -> list[np.ndarray]:
    return [np.asarray(x) for x in of_step(source, recipe, step)]


@pytest.mark.parametrize("steps", [range(10), range(6, 11), [9, 3, 40, 4]])
def test_blocks_hold_the_same_minibatches(
    make: Make, images: np.ndarray, monkeypatch: pytest.MonkeyPatch, steps: Any
) -> None:
    """In order, from the middle of a block on, and back and forth."""
    monkeypatch.setattr(feeds, "MAX_BLOCK", 4)
    recipe = make(k=2, batch_size=12).recipe
    resident = Resident(jnp.asarray(images), 255)
    from_disk = FromDisk(recipe, images, 255)
    assert from_disk.block == 4
    for step in steps:
        source, available = from_disk.at(step)
        assert available == 4 - step % 4
        expected = minibatches(resident, recipe, step)
        found = minibatches(source, recipe, step)
        assert [x.dtype for x in found] == [np.float32] * 3
        for a, b in zip(found, expected, strict=True):
            np.testing.assert_allclose(a, b, atol=1e-7)
        for a, b in zip(found, expected, strict=True):
            np.testing.assert_array_equal(np.round((a + 1) * 127.5), np.round((b + 1) * 127.5))


def test_a_block_keeps_the_stored_bytes_and_stays_small(make: Make, images: np.ndarray) -> None:
    recipe = make(k=2, batch_size=12).recipe
    source, available = FromDisk(recipe, images, 255).at(0)
    assert available == feeds.MAX_BLOCK == 256
    assert isinstance(source, Streamed)
    assert source.discriminator.dtype == jnp.uint8
    assert source.discriminator.shape == (256, 2, 12, *SHAPE)
    assert source.generator.shape == (256, 12, *SHAPE)

    large = np.broadcast_to(np.zeros((256, 256, 3), np.uint8), (64, 256, 256, 3))
    wide = FromDisk(make(k=1, batch_size=64).recipe, large, 255)
    assert wide.block == feeds.BLOCK_BYTES // (256 * 256 * 3 * 64 * 2) == 2
    huge = FromDisk(make(k=5, batch_size=64).recipe, large, 255)
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
    networks, state = build(recipe, DataSpec(SHAPE))
    start = jax.device_get(state)
    latents = recipe.architecture.sample_latent(jax.random.key(0), 4)
    ended = []
    for source in (
        Fixed(Resident(jnp.asarray(images), 255), 30),
        FromDisk(recipe, images, 255),
    ):
        last, state = Last(), jax.device_put(start)
        plan = Plan(30, 1, 30, 30)
        train(Alone(networks, recipe), source, state, latents, plan, [last], lambda: False)
        ended.append(last)
    memory, disk = ended
    assert np.isfinite(disk.losses).all()
    assert int(disk.state.step) == 30
    np.testing.assert_allclose(disk.losses, memory.losses, rtol=1e-3)
    jax.tree.map(
        lambda a, b: np.testing.assert_allclose(a, b, rtol=1e-2, atol=1e-3),
        disk.state.generator,
        memory.state.generator,
    )


def test_data_above_resident_mib_is_fed_from_disk(make: Make, tmp_path: Path) -> None:
    path = tmp_path / "large.npy"
    np.save(path, np.zeros((300, 64, 64, 1), np.uint8))
    assert 2**20 < path.stat().st_size < 2 * 2**20
    dataset = {"name": "array", "path": str(path)}
    assert isinstance(feed(make(dataset=dataset, resident_mib=1)), FromDisk)
    kept = feed(make(dataset=dataset, resident_mib=2))
    assert isinstance(kept, Fixed)
    assert kept.at(0)[0].examples.dtype == jnp.uint8  # type: ignore[attr-defined]
