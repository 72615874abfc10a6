"""The pictures of a run: the same latents at every step, over the density or the data itself."""

import io
from pathlib import Path
from typing import Any

import jax
import numpy as np
import pytest
from PIL import Image

from gan_cli import config
from gan_cli.architectures.base import DataSpec
from gan_cli.config import Experiment
from gan_cli.datasets.array import Array
from gan_cli.datasets.base import Split
from gan_cli.datasets.digits import Digits
from gan_cli.datasets.gaussian import Gaussian
from gan_cli.datasets.ring import Ring
from gan_cli.job import sample_pictures
from gan_cli.job.sample_pictures import POINTS_A_SAMPLE, REFERENCE_POINTS, picture, picture_latents
from gan_cli.plots.grid import Grid
from gan_cli.plots.histogram import Histogram
from gan_cli.plots.scatter import Scatter
from gan_cli.training.random import Purpose, key_for
from tests.values import SMALL

POINTS, IMAGES = DataSpec((2,)), DataSpec((8, 8, 1))


def experiment(**changes: Any) -> Experiment:
    return config.load(SMALL | {"samples": 4} | changes)


def test_points_are_shown_more_of_than_images() -> None:
    assert picture_latents(experiment(), IMAGES).shape == (4, 3)
    assert picture_latents(experiment(), POINTS).shape == (4 * POINTS_A_SAMPLE, 3)


def test_the_latents_are_those_of_the_seed() -> None:
    made = experiment(seed=3)
    latents = picture_latents(made, IMAGES)
    np.testing.assert_array_equal(latents, picture_latents(made, IMAGES))
    key = key_for(3, Purpose.SAMPLE_LATENTS)
    np.testing.assert_array_equal(latents, made.architecture.sample_latent(key, 4))
    assert not np.array_equal(latents, picture_latents(experiment(seed=4), IMAGES))


@pytest.mark.parametrize(
    ("dataset", "spec", "kind"),
    [
        (Ring(), POINTS, Scatter),
        (Gaussian(), DataSpec((1,)), Histogram),
        (Digits(), IMAGES, Grid),
        (Array(path="none.npy"), IMAGES, Grid),
    ],
)
def test_the_picture_follows_the_data(dataset: Any, spec: DataSpec, kind: type) -> None:
    """Images need no background, so their data is not read."""
    drawn = picture(dataset, spec)
    assert isinstance(drawn, kind)
    samples = np.asarray(jax.random.normal(jax.random.key(0), (4, *spec.shape)))
    with Image.open(io.BytesIO(drawn.draw(samples.clip(-1, 1), "step 1"))) as image:
        assert image.format == "PNG"


def test_members_of_a_sweep_share_a_background() -> None:
    assert picture(Ring(), POINTS) is picture(Ring(), POINTS)
    assert picture(Ring(std=0.1), POINTS) is not picture(Ring(), POINTS)


def test_points_of_a_file_lie_over_the_first_of_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Those that were read before, or else those in the file."""
    seen: list[np.ndarray] = []
    monkeypatch.setattr(sample_pictures, "drawer", lambda shape, reference: seen.append(reference))
    points = np.arange(2.0 * 3000, dtype=np.float32).reshape(3000, 2)
    np.save(tmp_path / "x.npy", points)
    dataset = Array(path=str(tmp_path / "x.npy"), validation=0, test=0)
    picture(dataset, POINTS)
    picture(dataset, POINTS, Split(points + 1))
    np.testing.assert_array_equal(seen[0], points[:REFERENCE_POINTS])
    np.testing.assert_array_equal(seen[1], points[:REFERENCE_POINTS] + 1)
