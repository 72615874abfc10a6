"""The samples of a run judged: by `gan evaluate`, and by a training at its end."""

import contextlib
import json
import logging
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import jax
import numpy as np

from gan_cli import commands, evaluation, standard, storage, trained
from gan_cli.datasets.base import Dataset, SplitName
from gan_cli.errors import DataError, UsageError, sentence
from gan_cli.evaluation import Judgement
from gan_cli.features import extractors
from gan_cli.features.base import Extractor, Pixels
from gan_cli.files import made_folder, write_atomically
from gan_cli.logs.tensorboard import EventFile
from gan_cli.metrics import choice
from gan_cli.metrics.base import Metric, Points
from gan_cli.prepared import Prepared
from gan_cli.runs import RunDirectory, evaluations
from gan_cli.trained import Trained
from gan_cli.training.random import Purpose, key_for

log = logging.getLogger(__name__)

SPLIT: SplitName = "test"


def draw(generator: Trained, metrics: Sequence[Metric]) -> Points:
    """As many samples as the metrics take: the same ones for a checkpoint's step, whoever asks."""
    key = key_for(0, Purpose.EVALUATION, generator.step)
    count = max(metric.samples for metric in metrics)
    return generator.generate(generator.experiment.architecture.sample_latent(key, count))


def judge(
    samples: np.ndarray, dataset: Dataset, metrics: Sequence[Metric], extractor: Extractor
) -> list[Judgement]:
    """Judges samples by the examples of a data set that are kept for tests.

    Raises:
        UsageError: if the samples cannot be samples of this data set, or it has none to judge by.
        DataError: if the data is missing or damaged.
    """
    checked = evaluation.checked(samples, dataset)
    real = standard.reference(dataset, SPLIT)
    return evaluation.evaluate(checked, real, metrics, extractor, SPLIT)


def write(found: Mapping[str, Any], path: Path) -> None:
    """Writes what was found as JSON."""
    write_atomically(path, f"{json.dumps(found, indent=2)}\n".encode())


def add(found: Mapping[str, Any], place: RunDirectory, step: int) -> Path:
    """Adds what was found to what a run's file for a step holds of other metrics.

    Raises:
        UsageError: if the file cannot be written.
        DataError: if the file is damaged.
    """
    path = place.judgements(step)
    try:
        with made_folder(path.parent):
            known = evaluations.read(path) if path.exists() else {}
            write({**known, **found}, path)
    except OSError as error:
        raise UsageError(
            f"{path} cannot be written: {storage.why(error, path)}. --out FILE names another place."
        ) from error
    except ValueError as error:
        raise DataError(f"{path} is damaged. Delete it, and the same command writes it.") from error
    return path


def at_end(prepared: Prepared, place: RunDirectory) -> list[str]:
    """Judges a completed run, writes what was found, and says it in lines.

    A run is complete without it, so what goes wrong here is a line as well.
    """
    try:
        with jax.default_device(prepared.device):
            return _at_end(prepared, place)
    except Exception as error:
        log.info("the samples were not judged", exc_info=error, extra={"run": place.path})
        return [f"not judged: {sentence(error)}"]


def _at_end(prepared: Prepared, place: RunDirectory) -> list[str]:
    experiment = prepared.experiment
    dataset = experiment.dataset
    metrics = choice.chosen([*experiment.metric.values()], dataset)
    seen = extractors.ready(dataset)
    later = [] if seen else [metric for metric in metrics if metric.compares != "examples"]
    now = [metric for metric in metrics if metric not in later]
    lines = _judged(place, dataset, now, seen or Pixels()) if now else []
    if later:
        names = ", ".join(metric.name for metric in later)
        lines.append(
            f"judge    {commands.evaluate(place.path)}  (trains a classifier once, for {names})"
        )
    return lines


def _judged(
    place: RunDirectory, dataset: Dataset, metrics: Sequence[Metric], extractor: Extractor
) -> list[str]:
    """Judges the newest samples of a run by at least one metric, and writes what was found."""
    generator = trained.load(place)
    judgements = judge(draw(generator, metrics), dataset, metrics, extractor)
    path = add(evaluation.document(judgements), place, generator.step)
    with contextlib.closing(EventFile(place.path)) as events:  # TensorBoard's table of settings
        events.scalars(generator.step, evaluations.newest(place).values)
    verdicts = [f"{each.metric.name}: {each.verdict}" for each in judgements]
    return [*verdicts, evaluation.overall(judgements), f"judged   {path}"]
