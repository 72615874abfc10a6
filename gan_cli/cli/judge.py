"""What `gan evaluate` does: read or draw samples, judge them, tell and write what was found."""

import dataclasses
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np

from gan_cli import arrays, commands, config, evaluation, judging, reading, runs, trained
from gan_cli.cli import own_data
from gan_cli.cli.moved_data import telling_the_way
from gan_cli.cli.out import check_file, check_own, unwritable_file
from gan_cli.cli.tables import show_table
from gan_cli.composition import compose
from gan_cli.composition.origins import naming_files
from gan_cli.composition.overrides import key_of
from gan_cli.datasets import checked, partition
from gan_cli.datasets.base import Dataset, FiniteDataset
from gan_cli.errors import UsageError
from gan_cli.evaluation import Judgement
from gan_cli.features import extractors
from gan_cli.features.base import ExtractorName
from gan_cli.features.classifier import to_stderr
from gan_cli.files import path_of
from gan_cli.imports import import_modules
from gan_cli.loading import construct
from gan_cli.logs.waiting import waiting
from gan_cli.metrics import choice
from gan_cli.metrics.base import Metric, Points
from gan_cli.narrow import fitted, sentences
from gan_cli.runs import RunDirectory
from gan_cli.trained import Trained
from gan_cli.training import devices


class Found(NamedTuple):
    """Where samples come from.

    dataset: what they are judged by.
    what: how the source is named to the user.
    run: the run that they are drawn from, and its generator; None for a file.
    """

    dataset: Dataset
    what: str
    run: tuple[RunDirectory, Trained] | None


def judge_target(
    target: str,
    overrides: Sequence[str],
    names: Sequence[str],
    samples: int | None,
    extractor: ExtractorName | None,
    checkpoint: str | None,
    out: Path | None,
    config_dir: Path | None,
    modules: Sequence[str],
    *,
    as_json: bool,
) -> None:
    """Judges samples and tells what was found; see `gan evaluate`."""
    devices.started()
    import_modules(modules)
    if out is not None:
        check_file(out)
    found = _open(target, overrides, checkpoint, config_dir)
    others = _other_data(found, overrides)
    if out is None and found.run is not None and not others:
        check_own(found.run[0].evaluation)
    by = extractor or extractors.suiting(found.dataset)
    extractors.check(by, found.dataset)
    metrics = [
        metric.taking(samples) if samples else metric
        for metric in choice.named(names, found.dataset, by)
    ]
    with waiting("gan evaluate", "gan_cli.evaluation"):
        eyes = evaluation.extractor_for(metrics, found.dataset, to_stderr, by)
        judgements = judging.judge(_samples(target, found, metrics), found.dataset, metrics, eyes)
    document = evaluation.document(judgements)
    if out is not None:
        try:
            judging.write(document, out)
        except OSError as error:
            raise unwritable_file(out, error) from error
    elif found.run is not None and not others:
        place, generator = found.run
        out = judging.add(document, place, generator.step)
    if as_json:
        print(json.dumps(document))
        if others:
            print(others, file=sys.stderr)
        return
    print(f"{found.what}, judged by dataset={found.dataset.name}")
    if any(judgement.extractor for judgement in judgements):
        print(*fitted([f"features  {eyes.description}"]), sep="\n")
    show(judgements, found.dataset)
    if others:
        print(f"\n{others}")
    if out is not None:
        print(f"\nwritten  {commands.path(out)}")


def _other_data(found: Found, overrides: Sequence[str]) -> str:
    """What is told where a run is judged by other data than its own; empty where it is not."""
    if found.run is None:
        return ""
    place, generator = found.run
    with telling_the_way(found.dataset, overrides):
        told = own_data.differences(place, generator.experiment, found.dataset)
    if not told:
        return ""
    return sentences(
        f"This is not the data that the run was trained on: {'; '.join(told)}. What the run holds "
        "of its own data stays as it is; --out FILE keeps these numbers."
    )


def show(judgements: Sequence[Judgement], dataset: Dataset) -> None:
    """Prints what the numbers mean, a table of them, and published results."""
    rows = [row for judgement in judgements for row in _rows(judgement, dataset)]
    verdicts = [f"{judgement.metric.name}: {judgement.verdict}" for judgement in judgements]
    print(sentences("\n".join([*verdicts, "", evaluation.overall(judgements)])), end="\n\n")
    sides = {"metric": "left", "number": "left"} | dict.fromkeys(
        ("value", "95 % interval", "real data", "samples"), "right"
    )
    show_table(sides | {"better": "left", "compares": "left"}, rows)  # type: ignore[arg-type]
    for judgement in judgements:
        if judgement.samples < judgement.metric.samples:
            told = (
                f"{judgement.metric.name} judged {judgement.samples:,} samples and not "
                f"{judgement.metric.samples:,}: there are no more, or no more real examples of "
                "their kind."
            )
            print(sentences(told))
    for judgement in judgements:
        _show_published(judgement, dataset)


def _show_published(judgement: Judgement, dataset: Dataset) -> None:
    """Prints the results that papers have by a metric's protocol, where there are any."""
    lines, usual = judgement.metric.published(dataset), type(judgement.metric).samples
    if lines and judgement.samples == usual:
        print("\npublished, by the same protocol:")
    elif lines:
        print(f"\npublished, by this protocol with {usual:,} samples:")
    for line in lines:
        print(sentences(f"  {line}"))


def _rows(judgement: Judgement, dataset: Dataset) -> list[tuple[str, ...]]:
    rows: list[tuple[str, ...]] = []
    for name, interval in judgement.values.items():
        better = judgement.metric.better.get(name)
        told = better or interval.low < interval.high
        bounds = f"{interval.low:.4g} to {interval.high:.4g}" if told else ""
        beside = (bounds, "", "")
        if better:
            beside = (bounds, f"{judgement.perfect[name]:.4g}", f"{judgement.samples:,}")
        first = judgement.metric.name if not rows else ""
        ending = (better or "", _compared(judgement, dataset) if better else "")
        rows.append((first, name, f"{interval.value:.4g}", *beside, *ending))
    return rows


def _compared(judgement: Judgement, dataset: Dataset) -> str:
    """What is compared: the examples, or by the name of an extractor their features."""
    if judgement.extractor == "pixels" and len(dataset.shape) != 3:
        return "coordinates"
    return judgement.extractor or "examples"


def _composed(overrides: Sequence[str], config_dir: Path | None) -> Dataset:
    """The data set that overrides describe, one of which names it."""
    with compose.hydra(config_dir) as program:
        composed = compose.compose(program, overrides)
    with naming_files(composed):
        return config.load(compose.plain(composed)).dataset


def _open(
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
    place = runs.resolve(target)
    dataset = chosen or own_data.of_run(place, overrides)
    generator = trained.load(place, trained.wanted(checkpoint))
    for damage in generator.damaged:
        print(f"{damage} Using the one of step {generator.step:,}.", file=sys.stderr)
    return Found(dataset, f"{place.path}, step {generator.step:,}", (place, generator))


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


def _samples(target: str, found: Found, metrics: Sequence[Metric]) -> Points:
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
