import math

import numpy as np
import pytest
import scipy.stats

from gan_cli.datasets.grid import Grid
from gan_cli.datasets.ring import Ring
from gan_cli.divergences import PlaneMixture, from_modes

THREE = PlaneMixture(((0, 0), (1, 2), (-3, 1)), (0.1, 0.5, 1), (0.2, 0.3, 0.5))


def reference(x):
    parts = zip(THREE.centres, THREE.std, THREE.weights, strict=True)
    return sum(w * scipy.stats.multivariate_normal(c, s**2 * np.eye(2)).pdf(x) for c, s, w in parts)


def test_the_density_is_that_of_scipy():
    x = np.random.default_rng(0).normal(scale=2, size=(50, 2))
    np.testing.assert_allclose(np.exp(THREE.log_prob(x)), reference(x), rtol=1e-12)
    far = THREE.log_prob(np.array([[1e3, 0.0]]))
    assert np.isfinite(far).all()
    assert far < -1e5


@pytest.mark.parametrize("dataset", [Ring(count=7, radius=3.0, std=0.2), Grid(side=3)])
def test_data_sets_are_represented(dataset):
    x = np.random.default_rng(0).normal(size=(20, 2)).astype(np.float32)
    ours = from_modes(*dataset.modes()).log_prob(x)
    np.testing.assert_allclose(ours, dataset.log_prob(x), rtol=1e-4)


def test_the_masses_of_cells_are_the_integral_of_the_density():
    edges = np.linspace(-6, 6, 401)
    masses = THREE.cell_masses(edges, edges)
    middles = (edges[1:] + edges[:-1]) / 2
    x = np.stack(np.meshgrid(middles, middles, indexing="ij"), axis=-1).reshape(-1, 2)
    midpoint = np.exp(THREE.log_prob(x)).reshape(400, 400) * (edges[1] - edges[0]) ** 2
    np.testing.assert_allclose(masses, midpoint, atol=1e-4)
    whole = np.array([-math.inf, 0, math.inf])
    assert THREE.cell_masses(whole, whole).sum() == pytest.approx(1, abs=1e-15)


@pytest.mark.parametrize("outside", [1e-2, 1e-6])
def test_the_box_leaves_no_more_outside_than_it_says(outside):
    box = THREE.box(outside)
    assert 1 - THREE.cell_masses(*box).sum() <= outside


def test_samples_have_the_moments_of_the_mixture():
    samples = THREE.sample(np.random.default_rng(0), 20000)
    np.testing.assert_allclose(samples.mean(axis=0), [-1.2, 1.1], atol=0.05)
    centres, weights = np.array(THREE.centres), np.array(THREE.weights)
    variance = weights @ (np.array(THREE.std) ** 2)[:, None] + weights @ (centres**2) - [1.44, 1.21]
    np.testing.assert_allclose(samples.var(axis=0), variance, rtol=0.05)


@pytest.mark.parametrize(
    ("arguments", "text"),
    [
        (
            ([(0, 0)], [1], [0.5, 0.5]),
            "For 2 weights the centres must have shape (2, 2) and the standard deviations (2,); "
            "they have (1, 2) and (1,).",
        ),
        (([(0, 0)], [0], [1]), "std must be above 0, and one is 0."),
        (
            ([(0, math.nan)], [1], [1]),
            "centres must be at most 1e+50 in size, and is [[ 0. nan]].",
        ),
        (([(0, 0)], [1], [0.9]), "The sum of weights must be one, and is 0.9."),
    ],
)
def test_what_is_no_mixture_is_refused(arguments, text):
    with pytest.raises(ValueError) as caught:  # noqa: PT011
        PlaneMixture(*arguments)
    assert str(caught.value) == text


def test_modes_without_weight_are_left_out():
    two = PlaneMixture(((0, 0), (9, 9)), (1, 1), (1, 0))
    assert two == PlaneMixture(((0, 0),), (1,), (1,))
