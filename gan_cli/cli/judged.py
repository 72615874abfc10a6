"""The samples that `gan evaluate` judges, of a run or in a file, and the data that judges them."""

import dataclasses
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np

from gan_cli import arrays, commands, config, evaluation, judging, reading, runs, trained
from gan_cli.cli import own_data
from gan_cli.cli.moved_data import moving, telling_the_way
from gan_cli.composition import compose
from gan_cli.composition.origins import naming_files
from gan_cli.composition.overrides import key_of
from gan_cli.datasets import checked, formats, partition
from gan_cli.datasets.base import Dataset, FiniteDataset
from gan_cli.errors import UsageError
from gan_cli.files import path_of
from gan_cli.loading import construct
from gan_cli.metrics.base import Metric, Points
from gan_cli.runs import RunDirectory
from gan_cli.trained import Trained


class Found(NamedTuple):
    """Where samples come from.

    dataset: what they are judged by.
    what: how the source is named to the user.
    run: the run that they are drawn from, and its generator; None for a file.
    """

    dataset: Dataset
    what: str
    run: tuple[RunDirectory, Trained] | None


def opened(
    target: str, overrides: Sequence[str], checkpoint: str | None, config_dir: Path | None
) -> Found:
    """Reads a run's generator, and finds the data set that judges.

    Raises:
        UsageError: for an override that sets anything else than a data set.
    """
    for override in overrides:
        if not override.lstrip("+~").startswith(("dataset=", "dataset.")):
            key, equals, value = override.partition("=")
            hint = f" A metric is an option: --metric {value}" if key == "metric" and equals else ""
            raise UsageError(
                f"{override}: gan evaluate takes overrides of the data set alone.{hint}"
            )
    named = any(key_of(override) == "dataset" for override in overrides)
    chosen = _composed(overrides, config_dir) if named else None
    if chosen is not None:
        _check_kept(chosen)
    if target.endswith(".npz"):
        if chosen is None:
            raise UsageError(f"{target}: --dataset NAME says by which data set to judge it.")
        if checkpoint is not None:
            raise UsageError("--checkpoint goes with a run, and not with a file.")
        return Found(chosen, target, None)
    _refuse_others(target, overrides if named else ())
    place = runs.resolve(target)
    dataset = chosen or own_data.of_run(place, overrides)
    generator = trained.load(place, trained.wanted(checkpoint))
    if overrides:
        _check_shape(place.path, dataset, generator.spec.shape, overrides)
    for damage in generator.damaged:
        print(f"{damage} Using the one of step {generator.step:,}.", file=sys.stderr)
    return Found(dataset, f"{place.path}, step {generator.step:,}", (place, generator))


def _refuse_others(target: str, overrides: Sequence[str]) -> None:
    """Refuses what holds samples in another form than an .npz file, and says how to judge them.

    Args:
        target: the file, or a folder such as one of images.
        overrides: what names the data set that judges, if anything does.

    Raises:
        UsageError: if the target is such a file or folder.
    """
    path = path_of(target)
    if path.is_file() or (overrides and path.is_dir() and not runs.find(path)):
        written = path.with_suffix(".npz")
        packages, array = formats.reading(path) or ("numpy as np", "ARRAY")
        raise UsageError(
            f"{target}: gan evaluate judges a run or an .npz file with one array `samples`. "
            f"In Python: import {packages}; np.savez({str(written)!r}, samples={array}). "
            f"Then: {commands.evaluate(written, *(overrides or ('--dataset', 'NAME')))}"
        )


def _check_shape(
    run: Path, dataset: Dataset, shape: tuple[int, ...], overrides: Sequence[str]
) -> None:
    """Refuses overrides by which a run would be judged by examples of another shape.

    Raises:
        UsageError: naming the overrides.
    """
    with telling_the_way(dataset, overrides):
        judging_shape = dataset.shape
    if judging_shape != shape:
        own = commands.evaluate(run, *moving(overrides))
        raise UsageError(
            f"{' '.join(overrides)}: the examples then have the shape {judging_shape}, and the "
            f"samples of {run} have {shape}. Judge it by its own data: {own}"
        )


def _check_kept(dataset: Dataset) -> None:
    """Refuses a data set named for this judgement alone that keeps no examples for it.

    Raises:
        UsageError: naming settings that keep some.
    """
    if not isinstance(dataset, FiniteDataset) or 0 not in partition.set_aside(dataset):
        return
    train = len(checked.split(dataset, "train").examples)
    raise UsageError(
        f"dataset={dataset.name} keeps no examples by which samples are judged. "
        f"{partition.keeping(dataset, train, partition.A_JUDGEMENT)}"
    )


def _check_size(samples: np.ndarray, dataset: Dataset) -> None:
    """Refuses square images of another size than those that a data set makes of its files.

    Raises:
        UsageError: naming the size.
    """
    if samples.ndim != 4 or samples.shape[1] != samples.shape[2]:
        return
    own, size = getattr(dataset, "size", None), samples.shape[1]
    if own in (None, size) or samples.shape[3:] != dataset.shape[2:]:
        return
    settings = {field.name: getattr(dataset, field.name) for field in dataclasses.fields(dataset)}  # type: ignore[arg-type]
    try:
        construct(type(dataset), settings | {"size": size})
    except UsageError:  # this data set has no examples of that size
        return
    raise UsageError(
        f"The samples are images of {size} x {size} pixels, and those of dataset={dataset.name} of "
        f"{own} x {own}. Write dataset.size={size}"
    )


def drawn(target: str, found: Found, metrics: Sequence[Metric]) -> Points:
    """The samples of a file, or as many of a run's as the metrics take."""
    if found.run is None:
        given = _read(path_of(target))
        _check_size(given, found.dataset)
        return evaluation.shuffled(given)
    return judging.draw(found.run[1], metrics)


def _read(path: Path) -> np.ndarray:
    """The array `samples` of a file.

    Raises:
        DataError: if there is no such file, or it is damaged.
        UsageError: if it holds no such array.
    """
    with reading.naming(path, "cannot be read: it is no .npz file of numbers, or it is damaged."):
        held = arrays.names(path)
        if held is None or "samples" not in held:
            told = "no arrays with names" if held is None else ", ".join(held) or "none"
            raise UsageError(
                f"{path} holds no array `samples`; it holds: {told}. "
                "np.savez(FILE, samples=array) writes one."
            )
        return arrays.unpacked(path, "samples")


def _composed(overrides: Sequence[str], config_dir: Path | None) -> Dataset:
    """The data set that overrides describe, one of which names it."""
    with compose.hydra(config_dir) as program:
        composed = compose.compose(program, overrides)
    with naming_files(composed):
        return config.load(compose.plain(composed)).dataset
