"""Energy, MMD and binned distances of samples: plain loops, bias, and what is refused."""

import numpy as np
import pytest
from scipy.spatial.distance import cdist
from scipy.stats import energy_distance

from gan_cli.divergences import Kernel, Normal, pairs, samples, vectors

RNG = np.random.default_rng(0)


def loop(function, x, y, *, biased):
    """E f(x, x') - 2 E f(x, y) + E f(y, y') by plain loops."""

    def within(points):
        values = [
            function(a, b)
            for i, a in enumerate(points)
            for j, b in enumerate(points)
            if biased or i != j
        ]
        return np.mean(values)

    between = np.mean([function(a, b) for a in x for b in y])
    return within(x) - 2 * between + within(y)


@pytest.mark.parametrize("biased", [True, False])
@pytest.mark.parametrize("dimension", [1, 3])
def test_estimates_are_means_over_pairs(biased, dimension):
    x, y = RNG.normal(size=(9, dimension)), RNG.normal(0.5, 2, size=(6, dimension))
    expected = -loop(lambda a, b: np.linalg.norm(a - b), x, y, biased=biased)
    assert samples.energy(x, y, biased=biased) == pytest.approx(expected)
    kernel = Kernel("rational_quadratic", (0.5, 2.0))

    def k(a, b):
        return kernel(np.array([((a - b) ** 2).sum()]))[0]

    found = samples.mmd(x, y, kernel, biased=biased)
    assert found == pytest.approx(loop(k, x, y, biased=biased))


def test_blocks_change_nothing(monkeypatch):
    x, y = RNG.normal(size=(40, 2)), RNG.normal(size=(30, 2))
    whole = samples.energy(x, y), samples.mmd(x, y)
    monkeypatch.setattr(samples, "PAIRS", 100)
    np.testing.assert_allclose((samples.energy(x, y), samples.mmd(x, y)), whole)


def test_on_the_line_scipy_agrees():
    x, y = RNG.normal(size=50), RNG.normal(1, size=70)
    assert samples.energy(x, y, biased=True) == pytest.approx(energy_distance(x, y) ** 2)
    stacked = np.zeros((50, 2)), np.zeros((70, 2))
    stacked[0][:, 0], stacked[1][:, 0] = x, y
    assert samples.energy(*stacked, biased=True) == pytest.approx(energy_distance(x, y) ** 2)


def test_the_bias_is_as_stated():
    """Many small samples of one normal: E|X - X'| = 2 / sqrt pi, E k = 1 / sqrt 3."""
    n, m, trials = 8, 12, 1500
    found = []
    for _ in range(trials):
        x, y = RNG.normal(size=n), RNG.normal(size=m)
        found.append(
            [measure(x, y, biased=b) for measure in (samples.energy, samples.mmd) for b in (1, 0)]
        )
    mean, spread = np.mean(found, axis=0), np.std(found, axis=0) / np.sqrt(trials)
    both = 1 / n + 1 / m
    expected = np.array([both * 2 / np.sqrt(np.pi), 0, both * (1 - 3**-0.5), 0])
    assert (np.abs(mean - expected) < 4.5 * spread).all()


def test_large_samples_come_near_the_distributions_own_distance():
    x, y = RNG.normal(0, 1, 4000), RNG.normal(1, 1, 4000)
    p, q = Normal(0, 1), Normal(1, 1)
    assert samples.energy(x, y) == pytest.approx(pairs.energy(p, q).value, abs=0.06)
    assert samples.mmd(x, y) == pytest.approx(pairs.mmd(p, q).value, abs=0.02)


BINNED = {
    "squared_hellinger": (samples.histogram_squared_hellinger, vectors.squared_hellinger, 1 / 4),
    "chi_squared": (samples.histogram_chi_squared, vectors.chi_squared, 1.0),
    "relativistic": (samples.histogram_relativistic, vectors.relativistic, 1 / 4),
    "fisher": (samples.histogram_fisher, vectors.fisher, None),
}


@pytest.mark.parametrize("name", BINNED)
def test_binned_samples_are_their_histograms(name):
    of_samples, of_vectors, _ = BINNED[name]
    x, y = RNG.normal(size=300), RNG.normal(0.3, size=400)
    edges = np.array([-4.0, -1, 0, 1, 4])
    p, q = (np.histogram(np.clip(each, -4, 4), edges)[0] / len(each) for each in (x, y))
    assert of_samples(x, y, (edges,)) == pytest.approx(of_vectors(p, q))


@pytest.mark.parametrize("name", BINNED)
def test_the_bias_of_binned_samples_is_as_stated(name):
    of_samples, _, factor = BINNED[name]
    edges = np.linspace(0, 1, 11)
    x, y = RNG.uniform(size=(2, 300, 2000))
    mean = np.mean([of_samples(a, b, (edges,)) for a, b in zip(x, y, strict=True)])
    b = 9 * (2 / 2000)
    assert mean == pytest.approx(np.sqrt(b) if factor is None else factor * b, rel=0.12)


def test_the_median_distance():
    x, y = RNG.normal(size=(5, 2)), RNG.normal(size=(4, 2))
    both = np.concatenate([x, y])
    expected = np.median(cdist(both, both)[np.triu_indices(9, 1)])
    assert samples.median_distance(x, y) == pytest.approx(expected)


def test_a_single_point_has_no_unbiased_estimate():
    sentence = "An unbiased estimate needs at least 2 points of each sample, and one has 1."
    for measure in (samples.energy, samples.mmd):
        with pytest.raises(ValueError, match=f"^{sentence}$"):
            measure([1.0], [1.0, 2.0])
        assert measure([1.0], [1.0, 1.0], biased=True) == pytest.approx(0)
