"""What is odd about a data set: pixels in a small range, points far from 1, copies of images."""

from collections import Counter

import numpy as np

from gan_cli.datasets.base import Dataset, FiniteDataset, Split, scaled

SOME = 10_000
"""The most examples that the mean example and the scale are taken over."""

FAR = 30.0
"""How far from 0 the mean of a coordinate may lie, and how many times larger or smaller than 1 its
deviation may be. Those of the package have means of -.6 to 0 and deviations of .7 to 2.8."""

VALUES = 512
"""By how many of their values examples are compared before they are compared as a whole."""

MANY_COPIES = 0.01
"""The share of images that are copies of others from which on it is told."""

REMEDY = (
    "subtract the mean of each coordinate from your points and divide by its standard deviation"
)
"""What is told of points of another scale."""


def odd_scale(dataset: Dataset, split: Split | None) -> str:
    """What is odd about the scale of the training examples, in words; empty where nothing is."""
    if split is None or not isinstance(dataset, FiniteDataset):
        return ""
    examples = some(split.examples)
    if len(dataset.shape) == 3:
        found = odd_pixels(examples, dataset.levels)
    else:
        found = odd_points(scaled(examples, dataset.levels))
    return found or odd_copies(examples, are_images=len(dataset.shape) == 3)


def odd_copies(examples: np.ndarray, *, are_images: bool) -> str:
    """How many examples are copies, or nothing; points on a grid may well be equal."""
    count, copied = len(examples), copies(examples)
    if 0 < copied == count - 1:
        return "all examples are the same: are these the data that you mean?"
    if not are_images or copied < MANY_COPIES * count:
        return ""
    return f"{copied:,} of {count:,} images are copies of others: are these the data that you mean?"


def copies(examples: np.ndarray) -> int:
    """How many examples are equal to one before them."""
    values = examples.reshape(len(examples), -1)
    some_of_each = values[:, :: -(-values.shape[1] // VALUES)]
    starts = [hash(row.tobytes()) for row in some_of_each]
    times = Counter(starts)
    alike = [row for row, start in zip(values, starts, strict=True) if times[start] > 1]
    return len(alike) - len({hash(row.tobytes()) for row in alike})


def odd_pixels(images: np.ndarray, levels: int | None) -> str:
    """What is odd about pixels that fill no more than half of the range, or nothing.

    Args:
        images: the images as they are stored, (N, H, W, C).
        levels: the stored value of white, where 0 is black; None for floats from -1 to 1.
    """
    low, high = images.min(), images.max()
    darkest, brightest = (-1, 1) if levels is None else (0, levels)
    if high - low > (brightest - darkest) / 2:
        return ""
    if low == high:
        return (
            f"every pixel is {low:g}, where {darkest} is black and {brightest} is white: "
            "are these the images that you mean?"
        )
    return (
        f"pixels from {low:g} to {high:g}, where {darkest} is black and {brightest} is white: "
        "scale them if they should fill that range"
    )


def odd_points(points: np.ndarray) -> str:
    """What is odd about points whose scale is far from that which settings are tuned for.

    Args:
        points: the points as the networks see them, (N, D).
    """
    mean = np.abs(points.mean(axis=0, dtype=np.float64)).max()
    deviations = points.std(axis=0, dtype=np.float64)
    low, high = deviations.min(), deviations.max()
    if high == 0 or (mean <= FAR and 1 / FAR <= high <= FAR):
        return ""
    spread = f"{low:.3g} to {high:.3g}" if low < high else f"{high:.3g}"
    return (
        f"coordinates have means of up to {mean:.3g} and standard deviations of {spread}, and "
        f"settings are tuned for about 0 and 1: {REMEDY}"
    )


def some(examples: np.ndarray) -> np.ndarray:
    """At most `SOME` examples from all over the data set."""
    return examples[:: -(-len(examples) // SOME)]
