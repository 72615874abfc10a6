"""The works of `ours.py` without Hydra and without a download: plain values and made-up pixels."""

import dataclasses
import hashlib
from typing import Any

import jax
import numpy as np

from gan_cli import config
from gan_cli.datasets.base import Dataset, FiniteDataset, Split
from gan_cli.prepared import Prepared, prepare
from gan_cli.training.chunk import CAPACITY, Window
from gan_cli.training.program import Single
from gan_cli.training.state import TrainState, begin

NEVER = 2**31 - 1
"""A run's end that is not reached."""
IMAGES = 50_000

ADAM = {"generator": {"name": "adam"}, "discriminator": {"name": "adam"}}
PUBLISHED = {
    "name": "sgd",
    "learning_rate": 0.1,
    "schedule": {"kind": "exponential", "steps": 250_000, "rate": 0.36788017, "end": 1e-6},
    "momentum": 0.5,
    "momentum_schedule": {"kind": "linear", "steps": 125_000, "end": 0.7},
}
WORKS: dict[str, dict[str, Any]] = {
    "ring": {
        "dataset": {"name": "ring"},
        "architecture": {
            "name": "mlp",
            "latent": 2,
            "generator_widths": [128, 128],
            "discriminator_widths": [128, 128],
        },
        "optimizer": ADAM,
        "batch_size": 256,
    },
    "mnist-mlp": {
        "dataset": {"name": "mnist"},
        "architecture": {
            "name": "mlp",
            "latent": 128,
            "generator_widths": [256, 512, 1024],
            "generator_batch_norm": True,
            "discriminator_widths": [512, 256],
        },
        "optimizer": ADAM,
        "batch_size": 64,
    },
    "maxout": {
        "dataset": {"name": "mnist"},
        "architecture": {"name": "maxout"},
        "optimizer": {
            "generator": PUBLISHED,
            "discriminator": PUBLISHED | {"learning_rate": 0.05},
        },
        "batch_size": 100,
        "update": "simultaneous",
    },
    "dcgan": {
        "dataset": {"name": "mnist", "size": 32},
        "architecture": {"name": "dcgan"},
        "optimizer": ADAM,
        "batch_size": 64,
    },
}
FEW = {"generator_widths": [8], "discriminator_widths": [8]}
SMALL = {
    "ring": FEW,
    "mnist-mlp": FEW,
    "maxout": {"generator_widths": [8], "discriminator_units": [4]},
    "dcgan": {"filters": 2},
}
"""Changes of the networks for a try on a slow machine."""


def values(work: str, *, small: bool = False, **changes: Any) -> dict[str, Any]:
    """The configuration of a work, without a moving average of G, on JAX's own choice of device."""
    whole = WORKS[work] | {"objective": {"name": "non_saturating"}, "ema": 0.0} | changes
    if small:
        whole["architecture"] = whole["architecture"] | SMALL[work]
    return whole


def ready(values: dict[str, Any]) -> Prepared:
    """The experiment of a configuration, with made-up pixels where it is of images."""
    experiment = config.load(values)
    splits: dict[Dataset, Split] = {}
    if isinstance(experiment.dataset, FiniteDataset):
        splits[experiment.dataset] = Split(blobs(IMAGES, experiment.dataset.shape[0]))
    return prepare(experiment, splits)


def blobs(count: int, side: int) -> np.ndarray:
    """Grey images (count, side, side, 1) of one bright blob each, with a place and a width."""
    rng = np.random.default_rng(0)
    rows, columns = rng.uniform(0.25 * side, 0.75 * side, (2, count, 1))
    widths = rng.uniform(0.1 * side, 0.2 * side, (count, 1))
    pixels = np.arange(side)
    vertical, horizontal = (
        np.exp(-(((pixels - at) / widths) ** 2), dtype=np.float32) for at in (rows, columns)
    )
    return (255 * vertical[:, :, None, None] * horizontal[:, None, :, None]).astype(np.uint8)


def settings(part: Any) -> Any:
    """An experiment with all its values as plain ones, as Hydra composes them."""
    if dataclasses.is_dataclass(part):
        named = {"name": part.name} if hasattr(part, "name") else {}
        fields = dataclasses.fields(part)
        return named | {field.name: settings(getattr(part, field.name)) for field in fields}
    return [settings(each) for each in part] if isinstance(part, tuple) else part


def trained(prepared: Prepared, steps: int) -> TrainState:
    """The state after some steps from the start; they are few enough for one chunk."""
    experiment = prepared.experiment
    assert steps <= CAPACITY * experiment.log_every
    _, state = begin(experiment.recipe, prepared.spec)
    source, _ = prepared.feed().at(0)
    program = Single(prepared.networks, experiment.recipe)
    chunk = program.run(source, state, Window(steps, experiment.log_every, NEVER))
    assert chunk.finite
    return jax.block_until_ready(chunk.state)


def digest(state: TrainState) -> str:
    """A hash of every bit of a state."""
    found = hashlib.sha256()
    for leaf in jax.tree.leaves(state):
        found.update(np.asarray(leaf).tobytes())
    return found.hexdigest()[:16]
