"""What PyTorch's side is given of a training that is about to begin here."""

from pathlib import Path
from typing import Any

import jax
import numpy as np

from gan_cli.datasets.base import FiniteDataset
from gan_cli.datasets.mixture import Mixture
from gan_cli.prepared import Prepared
from gan_cli.training.state import begin
from tests.benchmarks import handover


def hand_over(prepared: Prepared, settings: dict[str, Any], file: Path) -> None:
    """Writes the settings, the data and the initial parameters of a training for PyTorch."""
    dataset, split = prepared.experiment.dataset, prepared.split
    _, state = begin(prepared.experiment.recipe, prepared.spec)
    data = {"shape": np.array(prepared.spec.shape)}
    if isinstance(dataset, FiniteDataset) and split is not None:
        data |= {"examples": split.examples, "levels": np.array(dataset.levels)}
    else:
        assert isinstance(dataset, Mixture)
        data |= {name: np.asarray(values) for name, values in dataset.modes()._asdict().items()}
    handover.save(
        file,
        settings,
        data=data,
        generator=by_path(state.generator.parameters),
        discriminator=by_path(state.discriminator.parameters),
    )


def by_path(parameters: Any) -> dict[str, np.ndarray]:
    """A network's parameters by path, such as hidden/0/kernel."""
    leaves, _ = jax.tree_util.tree_flatten_with_path(parameters)
    return {
        jax.tree_util.keystr(path, simple=True, separator="/"): np.asarray(leaf)
        for path, leaf in leaves
    }
