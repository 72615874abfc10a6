"""Samples of G judged while it is trained, on examples that choose and never on those that test."""

import functools
import time
from collections.abc import Callable, Sequence

import jax
import numpy as np

from gan_cli import evaluation, standard
from gan_cli.config import Experiment, Recipe
from gan_cli.datasets.base import Dataset
from gan_cli.features.base import Extractor
from gan_cli.metrics import choice
from gan_cli.metrics.base import Metric
from gan_cli.standard import Standard
from gan_cli.training.networks import Networks
from gan_cli.training.random import Purpose, key_for
from gan_cli.training.sampling import samples
from gan_cli.training.state import TrainState


class Validation:
    """Judges samples of G by metrics, beside what as many real examples score.

    Every judgement draws new samples. Their latents come from the run's seed by a purpose of their
    own, so a training is the same with and without it.

    directions: the tags of the numbers that it finds, and which values are better.
    seconds: the time spent so far.
    """

    def __init__(
        self,
        networks: Networks,
        recipe: Recipe,
        dataset: Dataset,
        metrics: Sequence[Metric],
        extractor: Extractor,
    ) -> None:
        """Keeps what is needed; the data is read when it is needed first.

        Args:
            networks, recipe: see `train_step`.
            dataset: what is imitated.
            metrics: what judges.
            extractor: gives the features of examples to the metrics that compare features.
        """
        self._networks, self._recipe, self._dataset = networks, recipe, dataset
        self._metrics, self._extractor = tuple(metrics), extractor
        self.directions = choice.directions(metrics)
        self.seconds = 0.0

    def __call__(self, state: TrainState) -> dict[str, float]:
        """The numbers of all metrics that say how good samples are, and their perfect values.

        Args:
            state: the state of the training; the moving average of G's parameters is used.
        """
        begin = time.perf_counter()
        judged_by = _standard(self._dataset, self._extractor)
        found = evaluation.scalars(self._draw(state), judged_by, self._metrics)
        found |= _perfect(judged_by, self._metrics)
        self.seconds += time.perf_counter() - begin
        return found

    def _draw(self, state: TrainState) -> np.ndarray:
        recipe, count = self._recipe, max(metric.samples for metric in self._metrics)
        key = key_for(recipe.seed, Purpose.VALIDATION, state.step)
        latents = recipe.architecture.sample_latent(key, count)
        return samples(self._networks, jax.device_put(state), latents, recipe.precision)


def of(networks: Networks, experiment: Experiment, note: Callable[[str], None]) -> Validation:
    """The validation that an experiment asks for.

    Args:
        networks: see `train_step`.
        experiment: what is trained, and what judges it.
        note: is told what one waits for where an extractor has to be trained first.
    """
    dataset = experiment.dataset
    metrics = choice.chosen([*experiment.metric.values()], dataset)
    seen = evaluation.extractor_for(metrics, dataset, note)
    return Validation(networks, experiment.recipe, dataset, metrics, seen)


@functools.lru_cache(maxsize=2)
def _standard(dataset: Dataset, extractor: Extractor) -> Standard:
    """The examples that choose, which the members of a sweep share."""
    return Standard(standard.reference(dataset, "validation"), extractor)


@functools.lru_cache(maxsize=8)
def _perfect(judged_by: Standard, metrics: tuple[Metric, ...]) -> dict[str, float]:
    """What real examples score, which does not change in a training."""
    return evaluation.perfect_scalars(judged_by, metrics)
