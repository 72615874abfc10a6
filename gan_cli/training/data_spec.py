"""The shape and the mean example of a data set, as the networks know them."""

import numpy as np

from gan_cli.architectures.base import DataSpec
from gan_cli.datasets.base import Dataset, FiniteDataset, Split
from gan_cli.datasets.scale import some
from gan_cli.errors import UsageError


def data_spec(dataset: Dataset, split: Split | None, batch_size: int, unit: int = 1) -> DataSpec:
    """The shape and the mean example of a data set.

    Args:
        dataset: the data set.
        split: its training examples; None where they are drawn fresh.
        batch_size: the number of examples in a minibatch.
        unit: what that has to be a multiple of.

    Raises:
        UsageError: if it has fewer examples than a minibatch.
    """
    if split is None or not isinstance(dataset, FiniteDataset):
        return DataSpec(dataset.shape)
    examples = split.examples
    if len(examples) < batch_size:
        noun, most = "example" if len(examples) == 1 else "examples", len(examples) // unit * unit
        less = f" or a smaller multiple of {unit}" if unit > 1 else " or less"
        mend = f"Set batch_size={most}{less if most > unit else ''}."
        if not most:
            mend = "Choose a smaller architecture.packing, or fewer devices."
        raise UsageError(
            f"batch_size={batch_size}: dataset '{dataset.name}' has only {len(examples)} "
            f"training {noun}. {mend}"
        )
    mean = some(examples).mean(axis=0, dtype=np.float64)
    if dataset.levels is not None:
        mean = mean * (2.0 / dataset.levels) - 1.0
    return DataSpec(dataset.shape, tuple(mean.astype(np.float32).ravel().tolist()))
