"""What every registered data set keeps; a new one is tested here without a line being added."""

import dataclasses
import os
from pathlib import Path

import jax
import jax.numpy as jnp
import numpy as np
import pytest
import yaml
from PIL import Image
from scipy.stats import chisquare

import gan_cli.datasets  # noqa: F401  (registers them all)
from gan_cli.component import REGISTRY
from gan_cli.datasets.base import Dataset, FiniteDataset, SyntheticDataset
from gan_cli.datasets.idx_images import IdxImages
from gan_cli.datasets.mixture import Mixture
from gan_cli.datasets.stacked_mnist import StackedMnist
from gan_cli.loading import construct

CONF = Path(__file__).parents[2] / "conf" / "dataset"
KNOWN = {
    name: made
    for name, made in sorted(REGISTRY["dataset"].items())
    if made.__module__.startswith("gan_cli.")
}
FINITE = [made for made in KNOWN.values() if issubclass(made, FiniteDataset)]
SYNTHETIC = [made for made in KNOWN.values() if issubclass(made, SyntheticDataset)]
PRESETS = sorted(CONF.glob("*.yaml"))
SPLITS = ("train", "validation", "test")


def configured(path: Path) -> Dataset:
    """The data set that a YAML file describes."""
    values = yaml.safe_load(path.read_text())
    lists = {key: tuple(v) if isinstance(v, list) else v for key, v in values.items()}
    return KNOWN[lists.pop("name")](**lists)


SYNTHETIC_PRESETS = [path for path in PRESETS if isinstance(configured(path), SyntheticDataset)]


@pytest.fixture(params=FINITE, ids=lambda made: made.name)
def finite(request, tmp_path, monkeypatch) -> FiniteDataset:
    """Each finite data set, with files of its own where it needs the user's."""
    made = request.param
    if issubclass(made, IdxImages | StackedMnist) and "GAN_DATA_DIR" not in os.environ:
        pytest.skip("GAN_DATA_DIR is not set")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    values = np.random.default_rng(0).integers(0, 256, (20, 8, 8), np.uint8)
    if made.name == "array":
        np.save(tmp_path / "mine.npy", values)
        return made(path=str(tmp_path / "mine.npy"), validation=3, test=4)
    if made.name == "images":
        for i, picture in enumerate(values):
            Image.fromarray(picture).save(tmp_path / f"{i}.png")
        return made(path=str(tmp_path), size=8, validation=3, test=4)
    return made(count=500) if made is StackedMnist else made()


def test_there_are_data_sets_of_both_kinds():
    assert {"digits", "mnist", "fashion_mnist", "array", "images"} <= {m.name for m in FINITE}
    assert {"gaussian", "ring", "grid"} <= {m.name for m in SYNTHETIC}


def test_finite_examples_have_the_shape_type_and_range_they_say(finite):
    assert construct(type(finite), dataclasses.asdict(finite)) == finite
    for name in SPLITS:
        examples, labels = finite.split(name)
        assert len(examples) > 0
        assert examples.shape[1:] == finite.shape
        assert len(finite.shape) in (1, 3)
        if finite.levels is None:
            assert examples.dtype == np.float32
        else:
            assert examples.dtype == np.uint8
            assert examples.max() <= finite.levels
        assert (labels is not None) == (finite.classes is not None)
        if labels is not None:
            assert 0 <= labels.min() <= labels.max() < finite.classes
            assert labels.shape == (len(examples),)
            assert np.issubdtype(labels.dtype, np.integer)


def test_splits_are_disjoint_and_the_same_each_time(finite):
    rows = [finite.split(name).examples for name in SPLITS]
    for name, before in zip(SPLITS, rows, strict=True):
        np.testing.assert_array_equal(finite.split(name).examples, before)
    train, validation, test = ({row.tobytes() for row in part} for part in rows)
    shared = len(train & validation) + len(train & test) + len(validation & test)
    assert shared <= 1e-4 * sum(map(len, rows))  # a few published images occur twice


@pytest.mark.parametrize("made", SYNTHETIC, ids=lambda made: made.name)
def test_samples_are_a_function_of_the_key(made):
    dataset = made()
    draws = [np.asarray(dataset.sample(jax.random.key(seed), 7)) for seed in (0, 0, 1)]
    assert draws[0].shape == (7, *dataset.shape)
    assert draws[0].dtype == np.float32
    np.testing.assert_array_equal(draws[0], draws[1])
    assert not np.isin(draws[0], draws[2]).any()


def cells(samples: np.ndarray, coarse: int, fine: int) -> tuple[np.ndarray, np.ndarray]:
    """The edges (D, coarse + 1) and the points, `fine` by `fine` in each cell, of a box around."""
    low, high = samples.min(0), samples.max(0)
    margin = 0.2 * (high - low)
    edges = np.linspace(low - margin, high + margin, coarse + 1, axis=-1)
    step = (edges[:, -1] - edges[:, 0]) / (coarse * fine)
    along = edges[:, :1] + (np.arange(coarse * fine) + 0.5) * step[:, None]
    points = np.stack(np.meshgrid(*along, indexing="ij"), -1).reshape(-1, len(along))
    return edges, points


@pytest.mark.parametrize("path", SYNTHETIC_PRESETS, ids=lambda path: path.stem)
def test_the_density_has_mass_one_and_is_that_of_the_samples(path):
    dataset = configured(path)
    (dimensions,) = dataset.shape
    samples = np.asarray(dataset.sample(jax.random.key(0), 5_000))
    coarse, fine = (40, 50) if dimensions == 1 else (20, 40)
    edges, points = cells(samples, coarse, fine)
    density = np.exp(jax.jit(lambda d, x: d.log_prob(x))(dataset, jnp.asarray(points)), dtype="f8")
    volume = np.prod((edges[:, -1] - edges[:, 0]) / (coarse * fine))
    mass = (density * volume).reshape((coarse, fine) * dimensions)
    mass = mass.sum(tuple(range(1, 2 * dimensions, 2)))
    np.testing.assert_allclose(mass.sum(), 1, atol=2e-3)

    counts, _ = np.histogramdd(samples, list(edges))
    expected = mass / mass.sum() * len(samples)
    often = expected >= 5
    found = [*counts[often], counts[~often].sum()]
    hoped = [*expected[often], expected[~often].sum()]
    assert chisquare(found, hoped).pvalue > 1e-4


@pytest.mark.parametrize("made", KNOWN.values(), ids=lambda made: made.name)
def test_a_yaml_file_lists_every_field_with_its_default(made):
    values = yaml.safe_load((CONF / f"{made.name}.yaml").read_text())
    defaults = {
        field.name: list(field.default) if isinstance(field.default, tuple) else field.default
        for field in dataclasses.fields(made)
    }
    assert values == {"name": made.name} | defaults
    assert {key: type(value) for key, value in values.items() if key != "name"} == {
        key: type(value) for key, value in defaults.items()
    }


@pytest.mark.parametrize("path", PRESETS, ids=lambda path: path.stem)
def test_a_preset_lists_every_field_and_says_what_it_is(path):
    text = path.read_text()
    assert text.startswith("# ")
    values = yaml.safe_load(text)
    made = KNOWN[values.pop("name")]
    assert list(values) == [field.name for field in dataclasses.fields(made)]
    if "path" not in values:
        construct(made, values)


@pytest.mark.parametrize("name", ["ring_wgan_gp", "grid_wgan_gp"])
def test_the_presets_of_wgan_gp_are_scaled_as_published(name):
    divisor = {"ring": 1.414, "grid": 2.828}[name.partition("_")[0]]
    dataset = configured(CONF / f"{name}.yaml")
    assert isinstance(dataset, Mixture)
    centres, std, _ = dataset.modes()
    np.testing.assert_allclose(centres.max(), {"ring": 2, "grid": 4}[dataset.name] / divisor)
    np.testing.assert_allclose(std, {"ring": 0.02, "grid": 0.05}[dataset.name] / divisor)
