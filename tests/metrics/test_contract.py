"""What holds for every metric: its documentation, its names, its errors and its misfits."""

import math
from collections.abc import Callable

import numpy as np
import pytest

from gan_cli import evaluation
from gan_cli.component import REGISTRY
from gan_cli.datasets.digits import Digits
from gan_cli.datasets.ring import Ring
from gan_cli.features.base import Extractor
from gan_cli.metrics import register
from gan_cli.metrics.base import Interval, Metric, Reference
from gan_cli.reference import docstrings

register()
METRICS = [pytest.param(made, id=name) for name, made in sorted(REGISTRY["metric"].items())]


@pytest.fixture
def real(points: Reference, images: Reference) -> Callable[[Metric], Reference]:
    """Data that a metric can judge."""
    return lambda metric: points if metric.misfit(Ring()) is None else images


@pytest.mark.parametrize("made", METRICS)
def test_it_says_what_it_is(made: type[Metric]) -> None:
    doc = docstrings.read(made)
    assert doc.purpose.endswith(".")
    assert doc.source
    assert "samples" in doc.fields
    assert made.better
    assert set(made.better.values()) <= {"higher", "lower"}


@pytest.mark.parametrize("made", METRICS)
def test_every_number_has_an_interval_and_a_perfect_value(
    made: type[Metric], real: Callable[[Metric], Reference], brightness: Extractor
) -> None:
    metric = made()
    seen = real(metric)
    [found] = evaluation.evaluate(seen.train, seen, [metric], brightness, "test")
    assert found.samples == min(metric.samples, len(seen.train), len(metric.perfect_samples(seen)))
    assert set(made.better) <= set(found.perfect) <= set(found.values)
    for name in made.better:
        interval = found.values[name]
        assert interval.low <= interval.value <= interval.high
        assert math.isfinite(interval.low + interval.high + found.perfect[name])
    assert found.verdict.endswith(".")
    assert found.extractor == (None if metric.compares == "examples" else "brightness")
    assert found.accuracy == (None if metric.compares == "examples" else 0.5)


@pytest.mark.parametrize("made", METRICS)
def test_the_same_samples_get_the_same_numbers(
    made: type[Metric], real: Callable[[Metric], Reference], brightness: Extractor
) -> None:
    seen = real(made())
    once, again = (
        evaluation.evaluate(seen.train, seen, [made()], brightness, "test") for _ in range(2)
    )
    assert evaluation.document(once) == evaluation.document(again)


@pytest.mark.parametrize("made", METRICS)
def test_some_of_the_samples_are_judged_as_they_are_alone(
    made: type[Metric],
    real: Callable[[Metric], Reference],
    brightness: Extractor,
    rng: np.random.Generator,
) -> None:
    metric = made()
    seen = real(metric)
    samples = seen.train[:200]
    if metric.compares == "probabilities":
        samples = brightness(samples).probabilities
    rows = rng.permutation(200)[:110]
    alone = metric.measure(samples[rows], seen)
    assert metric.among(samples, seen)(rows) == pytest.approx(alone, rel=1e-6, abs=1e-9)


@pytest.mark.parametrize("made", METRICS)
def test_noise_is_worse_than_real_data(
    made: type[Metric],
    real: Callable[[Metric], Reference],
    brightness: Extractor,
    rng: np.random.Generator,
) -> None:
    metric = made()
    seen = real(metric)
    if made.name == "memorisation":
        pytest.skip("noise copies nothing")
    if made.compares == "probabilities":
        pytest.skip("test_inception_score and test_stacked_mnist have classifiers")
    noise = rng.uniform(-1, 1, seen.train.shape)
    [found] = evaluation.evaluate(noise, seen, [metric], brightness, "test")
    better = {
        name: (found.perfect[name], found.values[name].high)
        if direction == "higher"
        else (found.values[name].low, found.perfect[name])
        for name, direction in made.better.items()
    }
    assert any(first > second for first, second in better.values()), better


def test_the_error_is_that_of_repeated_sampling(rng: np.random.Generator) -> None:
    """The intervals of the share of high quality hold the truth 95 times in 100."""
    ring, metric = Ring(), REGISTRY["metric"]["modes"]()
    widths, values = [], []
    for _ in range(60):
        which = rng.integers(0, 8, 500)
        x = ring.modes().centres[which] + 0.07 * rng.normal(size=(500, 2))
        interval = metric.intervals(x, Reference(ring, x, x, x), rng)["high_quality"]
        widths.append((interval.high - interval.low) / 2 / 1.96)
        values.append(interval.value)
    assert np.mean(widths) == pytest.approx(np.std(values, ddof=1), rel=0.3)


def test_the_spread_of_perfect_samples(rng: np.random.Generator) -> None:
    """Cut off at 3 standard deviations, r^2 / 2 has the mean (1 - 5.5 e^-4.5) / (1 - e^-4.5)."""
    ring = Ring()
    which = rng.integers(0, 8, 50_000)
    x = ring.modes().centres[which] + 0.05 * rng.normal(size=(50_000, 2))
    found = REGISTRY["metric"]["modes"]().measure(x, Reference(ring, x, x, x))
    cut = math.exp(-4.5)
    assert found["spread"] == pytest.approx(math.sqrt((1 - 5.5 * cut) / (1 - cut)), abs=0.004)
    assert found["high_quality"] == pytest.approx(1 - cut, abs=0.002)


def test_misfits_are_told() -> None:
    told = {
        name: [made().misfit(dataset) for dataset in (Ring(), Digits())]
        for name, made in sorted(REGISTRY["metric"].items())
    }
    assert told == {
        "density_coverage": [None, None],
        "fid": [None, None],
        "inception_score": ["there are no labels to learn", None],
        "kid": [None, None],
        "memorisation": ["there are no training examples to remember", None],
        "mmd": [None, None],
        "modes": [None, "it needs a data set with known modes"],
        "parzen": ["it needs images", None],
        "precision_recall": [None, None],
        "sliced_wasserstein": [None, None],
        "stacked_mnist": ["it needs dataset=stacked_mnist"] * 2,
        "wasserstein": [None, "it needs points of at most 8 coordinates"],
    }


def test_the_verdict_on_missing_modes(points: Reference) -> None:
    metric = REGISTRY["metric"]["modes"]()
    values = {"captured": 3.0, "captured_fairly": 3.0, "of": 8.0, "high_quality": 0.913}
    intervals = {name: Interval(value, value, value) for name, value in values.items()}
    assert metric.verdict(intervals, {"high_quality": 0.989}) == (
        "5 of the 8 modes are missing (a mode counts from a fifth of its share), and 91.3% of the "
        "samples lie near a mode, where 98.9% of real data do."
    )
    intervals["captured"] = Interval(5, 5, 5)
    assert metric.verdict(intervals, {"high_quality": 0.989}).startswith(
        "5 of the 8 modes are missing (a mode counts from a fifth of its share), of which 2 have a "
        "sample or a few, and 91.3%"
    )


def test_intervals_end_at_the_limits_of_their_numbers() -> None:
    metric = REGISTRY["metric"]["modes"]()
    found = dict.fromkeys(["captured_fairly", "high_quality", "reverse_kl"], Interval(0.5, -1, 9))
    found |= {"captured": Interval(7, 5, 9), "of": Interval(8, 8, 8)}
    assert metric.bounded(found) == {
        "captured": Interval(7, 5, 8),
        "captured_fairly": Interval(0.5, 0, 8),
        "high_quality": Interval(0.5, 0, 1),
        "reverse_kl": Interval(0.5, 0, 9),
        "of": Interval(8, 8, 8),
    }
