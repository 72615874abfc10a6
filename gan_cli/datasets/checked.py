"""Whether a data set of the user's own is what the contract asks for; those of the package are."""

from typing import Any

import jax
import jax.numpy as jnp
import numpy as np

from gan_cli.datasets import values
from gan_cli.datasets.base import Dataset, FiniteDataset, Split, SplitName, SyntheticDataset
from gan_cli.errors import DataError, GanError, UsageError
from gan_cli.own_code import is_own, place, reason, telling


def check(dataset: Dataset) -> None:
    """Refuses a data set whose examples have no valid shape, or that draws others.

    Raises:
        UsageError: naming the data set, what it gives and what is needed.
    """
    if not is_own(dataset):
        return
    what = f"dataset '{dataset.name}'"
    with telling(f"shape of {what}"):
        shape: Any = dataset.shape
    if not isinstance(shape, tuple) or not all(isinstance(n, int) and n > 0 for n in shape):
        raise UsageError(
            f"the shape of {what} is {shape!r}. It must be a tuple of whole numbers: (D,) for "
            "points, such as (2,), or (height, width, channels) for images."
        )
    if len(shape) not in (1, 3):
        raise UsageError(
            f"the shape of {what} is {shape}. It must be (D,) for points or (height, width, "
            "channels) for images."
        )
    if isinstance(dataset, SyntheticDataset):
        _check_draws(dataset, what)
        if len(shape) == 1:
            _check_density(dataset, what)
    elif not isinstance(dataset, FiniteDataset):
        raise UsageError(f"{what} must be a FiniteDataset or a SyntheticDataset.")


def _check_draws(dataset: SyntheticDataset, what: str) -> None:
    """Refuses draws of another shape or type; nothing is drawn."""
    with telling(f"sample of {what}"):
        drawn = jax.eval_shape(lambda key: dataset.sample(key, 3), jax.random.key(0))
    needed = (3, *dataset.shape)
    if not isinstance(drawn, jax.ShapeDtypeStruct):
        raise UsageError(f"sample of {what} gave a {type(drawn).__name__}. It must be one array.")
    if drawn.shape != needed or not jnp.issubdtype(drawn.dtype, jnp.floating):
        raise UsageError(
            f"sample of {what} gave {drawn.dtype} numbers of shape {drawn.shape} for 3 examples. "
            f"They must be floats of shape {needed}, as the shape of the data set says."
        )


def _check_density(dataset: SyntheticDataset, what: str) -> None:
    """Refuses points without a log density, over which their samples are drawn."""
    points = jax.ShapeDtypeStruct((3, *dataset.shape), jnp.float32)
    with telling(f"log_prob of {what}"):
        found = jax.eval_shape(dataset.log_prob, points)
    if getattr(found, "shape", None) != (3,):
        raise UsageError(
            f"log_prob of {what} gave the shape {getattr(found, 'shape', None)} for 3 examples. "
            "It must be (3,), one number for each."
        )


def split(dataset: FiniteDataset, name: SplitName) -> Split:
    """One part of a data set, checked where the data set is the user's own.

    Raises:
        DataError: naming the data set, what it gives and what is needed, or as `FiniteDataset`.
    """
    if not is_own(dataset):
        return dataset.split(name)
    what = f"split('{name}') of dataset '{dataset.name}'"
    try:
        found: Any = dataset.split(name)
    except GanError:
        raise
    except (Exception, SystemExit) as error:
        hint = "" if name == "train" else " Without such examples it gives an array of length 0."
        raise DataError(f"{what} failed: {reason(error)}{place(error)}.{hint}") from error
    if not isinstance(found, Split):
        raise DataError(
            f"{what} gave a {type(found).__name__}. It must give a Split, such as Split(examples)."
        )
    examples = _checked(dataset, found.examples, what)
    if name == "train" and not len(examples):
        raise DataError(f"{what} gave no examples, so there is nothing to train on.")
    return Split(examples, _checked_labels(found.labels, len(examples), what))


def _checked(dataset: FiniteDataset, given: Any, what: str) -> np.ndarray:
    """The examples as they are stored: uint8 levels, or float32 values."""
    if not hasattr(given, "__array__"):
        raise DataError(f"{what} holds a {type(given).__name__}. It must hold a NumPy array.")
    examples, levels = np.asarray(given), dataset.levels
    if examples.ndim == 0 or examples.shape[1:] != dataset.shape:
        needed = ", ".join(["N", *map(str, dataset.shape)])
        raise DataError(
            f"{what} holds an array of shape {examples.shape}. It must be ({needed}), as the shape "
            "of the data set says."
        )
    if levels is not None and examples.dtype != np.uint8:
        raise DataError(
            f"{what} holds {examples.dtype} values, and levels={levels} is for uint8. Set "
            "levels = None in the class for floats, of which images lie in [-1, 1]."
        )
    if levels is not None:
        if examples.size and examples.max() > levels:
            raise DataError(f"{what} holds values up to {examples.max()}, beyond levels={levels}.")
        return examples
    if examples.dtype.kind not in "fiu" or (examples.dtype == np.uint8 and examples.ndim == 4):
        raise DataError(
            f"{what} holds {examples.dtype} values, and levels is None, which is for floats. Store "
            "float32, of which images lie in [-1, 1], or uint8 images with levels = 255."
        )
    with np.errstate(over="ignore"):
        floats = examples.astype(np.float32, copy=False)
    values.check(floats, f"{what}: example")
    return floats


def _checked_labels(labels: Any, count: int, what: str) -> np.ndarray | None:
    """The labels, one whole number for each example, or None without labels."""
    if labels is None:
        return None
    found = np.asarray(labels)
    if found.shape != (count,) or found.dtype.kind not in "iu":
        raise DataError(
            f"{what} has labels of {found.dtype} and shape {found.shape} for {count} examples. "
            f"They must be whole numbers of shape ({count},), or None."
        )
    return found
