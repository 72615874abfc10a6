"""Every metric equals the same formula written plainly in NumPy, loop by loop."""

import math
from itertools import product

import numpy as np
import pytest
import scipy.linalg
import scipy.spatial
from scipy.spatial.distance import cdist

from gan_cli.component import REGISTRY
from gan_cli.metrics.base import Metric, Points, Reference, flat


def metric(name: str) -> Metric:
    made: Metric = REGISTRY["metric"][name]()
    return made


@pytest.fixture
def samples(rng: np.random.Generator, points: Reference) -> Points:
    return np.asarray(points.train[:200] + 0.03 * rng.normal(size=(200, 2)) + [0.1, 0])


def test_modes(samples: Points, points: Reference) -> None:
    found = metric("modes").measure(samples, points)
    counts = dict.fromkeys(range(8), 0)
    own: dict[int, list[np.ndarray]] = {i: [] for i in range(8)}
    for x in samples:
        centres = [np.array([math.cos(i * math.pi / 4), math.sin(i * math.pi / 4)]) for i in counts]
        i = min(counts, key=lambda i: float(np.linalg.norm(x - centres[i])))
        if np.linalg.norm(x - centres[i]) <= 0.15:
            counts[i] += 1
            own[i].append(x)
    total = sum(counts.values())
    assert 0 < total < 200
    assert found["captured"] == sum(c > 0 for c in counts.values())
    assert found["captured_fairly"] == sum(c >= 0.2 * 200 / 8 for c in counts.values())
    assert found["of"] == 8
    assert found["high_quality"] == total / 200
    assert found["high_quality_samples"] == total
    kl = sum(c / total * math.log(8 * c / total) for c in counts.values() if c)
    assert found["reverse_kl"] == pytest.approx(kl, abs=1e-12)
    stds = [np.sqrt(np.var(x, axis=0, ddof=1).mean()) / 0.05 for x in own.values() if len(x) > 1]
    assert found["spread"] == pytest.approx(np.mean(stds))


def test_no_sample_of_high_quality(points: Reference) -> None:
    found = metric("modes").measure(np.full((100, 2), 9.0), points)
    assert found["captured"] == found["high_quality"] == found["spread"] == 0
    assert found["reverse_kl"] == pytest.approx(math.log(8))


def test_wasserstein(samples: Points, points: Reference) -> None:
    real = points.held_out[:200]
    rows, columns = scipy.optimize.linear_sum_assignment(cdist(samples, real))
    least = cdist(samples, real)[rows, columns].mean()
    found = metric("wasserstein").taking(200).measure(samples, points)
    assert found["value"] == pytest.approx(least, rel=1e-9)


def test_sliced_wasserstein(samples: Points, points: Reference) -> None:
    found = metric("sliced_wasserstein").taking(200).measure(samples, points)
    angles = np.linspace(0, np.pi, 1000)
    lines = np.stack([np.cos(angles), np.sin(angles)])
    sorted_ = (np.sort(x @ lines, axis=0) for x in (samples, points.held_out[:200]))
    expected = np.abs(np.subtract(*sorted_)).mean()
    assert found["value"] == pytest.approx(expected, rel=0.1)  # 128 random lines against 1,000


def test_mmd(samples: Points, points: Reference) -> None:
    x, y = samples, points.held_out[:150]
    width = np.median(
        [np.sum((y[i] - y[j]) ** 2) for i, j in product(range(150), repeat=2) if i < j]
    )

    def mean(a: np.ndarray, b: np.ndarray, *, same: bool) -> float:
        return float(
            np.mean(
                [
                    math.exp(-float(np.sum((p - q) ** 2)) / (2 * width))
                    for (i, p), (j, q) in product(enumerate(a), enumerate(b))
                    if not (same and i == j)
                ]
            )
        )

    expected = mean(x, x, same=True) - 2 * mean(x, y, same=False) + mean(y, y, same=True)
    found = metric("mmd").taking(150).measure(x, points)
    assert found["value"] == pytest.approx(expected, abs=1e-10)


def test_parzen(images: Reference) -> None:
    centres = flat((images.train[:100] + 1) / 2)

    def likelihoods(x: np.ndarray, sigma: float) -> list[float]:
        found = []
        for point in flat((x + 1) / 2):
            exponents = [-float(np.sum((point - c) ** 2)) / (2 * sigma**2) for c in centres]
            top = max(exponents)
            mean = sum(math.exp(e - top) for e in exponents) / len(centres)
            constant = 16 * math.log(sigma * math.sqrt(2 * math.pi))
            found.append(top + math.log(mean) - constant)
        return found

    sigmas = np.logspace(-1, 0, 10)
    sigma = max(sigmas, key=lambda s: float(np.mean(likelihoods(images.validation, s))))
    expected = likelihoods(images.held_out, sigma)
    found = metric("parzen").measure(images.train[:100], images)
    assert found["sigma"] == pytest.approx(sigma)
    assert found["log_likelihood"] == pytest.approx(np.mean(expected), abs=1e-3)
    assert found["standard_error"] == pytest.approx(np.std(expected) / math.sqrt(210), rel=1e-3)


def test_fid(images: Reference) -> None:
    x, y = flat(images.train), flat(images.held_out)
    means, covariances = zip(*((a.mean(axis=0), np.cov(a.T)) for a in (x, y)), strict=True)
    root = scipy.linalg.sqrtm(covariances[0] @ covariances[1]).real
    expected = np.sum((means[0] - means[1]) ** 2)
    expected += np.trace(covariances[0] + covariances[1] - 2 * root)
    found = metric("fid").measure(images.train, images)
    assert found["value"] == pytest.approx(expected, rel=1e-6)


def test_fid_of_features_that_do_not_vary() -> None:
    x = np.zeros((50, 3))
    x[:, 0] = np.arange(50)
    real = Reference(REGISTRY["dataset"]["ring"](), x, x, x)
    assert metric("fid").measure(x + np.array([0, 2, 0]), real)["value"] == pytest.approx(4)


def test_kid(images: Reference) -> None:
    x, y = flat(images.train), flat(images.held_out)

    def mean(a: np.ndarray, b: np.ndarray, *, same: bool) -> float:
        kernel = (a @ b.T / 16 + 1) ** 3
        if not same:
            return float(kernel.mean())
        return float(kernel[~np.eye(len(a), dtype=bool)].mean())

    expected = mean(x, x, same=True) - 2 * mean(x, y, same=False) + mean(y, y, same=True)
    found = metric("kid").measure(images.train, images)
    assert found["value"] == pytest.approx(expected, rel=1e-6)


def balls(y: np.ndarray, k: int) -> list[float]:
    """The distance of every point to its k-th nearest other point."""
    return [sorted(float(np.linalg.norm(a - b)) for b in y)[k] for a in y]


def inside(x: np.ndarray, y: np.ndarray, k: int) -> np.ndarray:
    radii = balls(y, k)
    return np.array(
        [[np.linalg.norm(a - b) <= r for b, r in zip(y, radii, strict=True)] for a in x]
    )


def test_precision_and_recall(images: Reference) -> None:
    x, y = flat(images.train[:80]), flat(images.held_out)
    found = metric("precision_recall").measure(images.train[:80], images)
    assert found["precision"] == inside(x, y, 3).any(axis=1).mean()
    assert found["recall"] == inside(y, x, 3).any(axis=1).mean()


def test_density_and_coverage(images: Reference) -> None:
    x, y = flat(images.train[:80]), flat(images.held_out)
    found = metric("density_coverage").measure(images.train[:80], images)
    assert found["density"] == pytest.approx(inside(x, y, 5).sum() / (5 * 80))
    assert found["coverage"] == inside(x, y, 5).any(axis=0).mean()


def test_memorisation(images: Reference) -> None:
    x = np.concatenate([images.validation, images.train[:40]])
    found = metric("memorisation").measure(x, images)
    evenly = np.linspace(0, 229, 210).astype(int)
    some, every, others = (
        cdist(flat(x), flat(part)).min(axis=1)
        for part in (images.train[evenly], images.train, images.held_out)
    )
    assert found["nearer_to_training"] == (some < others).mean()
    assert found["copies"] == (every < 0.1 * others).mean() == 40 / 160
