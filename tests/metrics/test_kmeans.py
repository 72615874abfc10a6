"""k-means equals plain rounds of Lloyd's algorithm, and stands beside a Parzen window."""

import jax.numpy as jnp
import numpy as np
import pytest
from scipy.spatial.distance import cdist

from gan_cli.metrics import kmeans
from gan_cli.metrics.base import Reference
from gan_cli.metrics.parzen import Parzen


def test_it_equals_plain_numpy(rng: np.random.Generator) -> None:
    x = rng.normal(size=(300, 4))
    centres = x[np.random.default_rng(0).permutation(300)[:20]]
    for _ in range(kmeans.ROUNDS):
        nearest = cdist(x, centres).argmin(axis=1)
        centres = np.stack([x[nearest == i].mean(axis=0) for i in range(20)])
    found = kmeans.centroids(jnp.asarray(x, jnp.float32), 20)
    np.testing.assert_allclose(found, centres, atol=1e-4)


def test_a_centroid_without_points_stays() -> None:
    x = jnp.zeros((6, 2))
    np.testing.assert_array_equal(kmeans.centroids(x, 2), np.zeros((2, 2)))


def test_it_stands_beside_a_parzen_window(images: Reference, rng: np.random.Generator) -> None:
    metric = Parzen()
    found = metric.intervals(images.train[:100], images, rng)
    centres = kmeans.centroids(jnp.asarray((images.train.reshape(230, -1) + 1) / 2), 46)
    blurred = np.asarray(centres).reshape(-1, 4, 4, 1) * 2 - 1
    expected = metric.measure(blurred, images)["log_likelihood"]
    assert found["kmeans_centroids"].value == pytest.approx(expected, abs=1e-2)
