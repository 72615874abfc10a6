"""The distances beside the usual ones agree with closed forms, and each game has its own."""

import math
from typing import Any

import jax
import numpy as np
import pytest
from scipy import integrate, stats

from gan_cli import config
from gan_cli.datasets.gaussian import Gaussian
from gan_cli.prepared import prepare
from gan_cli.theory import live, live_distances
from gan_cli.theory.live import DIVERGENCES, SAMPLES, Truth
from gan_cli.theory.live_distances import OF_MASSES, OF_SAMPLES, PAIRED
from gan_cli.training.networks import discriminator
from gan_cli.training.state import begin
from tests.compiling import unoptimized
from tests.values import MLP, SMALL

RNG = np.random.default_rng(0)
SHIFT = 0.5


def recipe_of(objective: dict[str, Any], **changes: Any) -> Any:
    return config.load(SMALL | {"objective": objective} | changes).recipe


@pytest.fixture(scope="module")
def shifted() -> tuple[dict[str, float], Truth]:
    """What is found of a standard normal and samples of one that is shifted."""
    dataset = Gaussian(centres=(0.0,), std=(1.0,), weights=(1.0,))
    recipe = config.load(SMALL | {"dataset": {"name": "gaussian"}}).recipe
    truth = Truth(None, recipe, dataset, "all")  # type: ignore[arg-type]
    points = RNG.normal(SHIFT, 1, (SAMPLES, 1))
    return truth._divergences(truth._log_masses(points)) | truth._of_samples(points), truth


def relativistic() -> float:
    """log 2 + E log sigmoid(D(x) - D(y)) with D = log p / q, on a fine grid."""
    x = np.linspace(-8, 8.5, 600)
    p, q = (stats.norm.pdf(x, mean) for mean in (0, SHIFT))
    ahead = np.subtract.outer(np.log(p / q), np.log(p / q))
    return float(
        math.log(2) - np.outer(p, q).ravel() @ np.logaddexp(0, -ahead).ravel() * (x[1] - x[0]) ** 2
    )


def fisher() -> float:
    p, q = stats.norm(0, 1).pdf, stats.norm(SHIFT, 1).pdf
    squared, _ = integrate.quad(lambda x: (p(x) - q(x)) ** 2 / ((p(x) + q(x)) / 2), -9, 9)
    return math.sqrt(squared)


def energy() -> float:
    """2 E|X - Y| - 2 E|X - X'|, where both differences are normal with the variance 2."""
    apart = stats.foldnorm(SHIFT / math.sqrt(2), scale=math.sqrt(2)).mean()
    return float(2 * apart - 4 / math.sqrt(math.pi))


@pytest.mark.parametrize(
    ("name", "expected", "error"),
    [
        ("squared_hellinger", 2 - 2 * math.exp(-(SHIFT**2) / 8), 0.004),
        ("pearson", math.expm1(SHIFT**2), 0.03),
        ("neyman", math.expm1(SHIFT**2), 0.05),
        ("fisher", fisher(), 0.008),
        ("relativistic", relativistic(), 0.005),
        ("energy", energy(), 0.01),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_distance_of_shifted_normals(
    shifted: tuple[dict[str, float], Truth], name: str, expected: float, error: float
) -> None:
    found, truth = shifted
    assert found[name] == pytest.approx(expected, abs=error)
    assert abs(truth._floor[f"floor/{name}"]) < 0.5 * expected


def test_mmd_of_shifted_normals(shifted: tuple[dict[str, float], Truth]) -> None:
    """E k(X, Y) is s / sqrt(s^2 + 2) exp(-m^2 / (2 (s^2 + 2))) for a difference of variance 2."""
    found, truth = shifted
    [width] = truth._kernel.widths
    assert width == pytest.approx(math.sqrt(2) * stats.norm.ppf(0.75), abs=0.05)
    wide = width**2 + 2
    expected = 2 * width / math.sqrt(wide) * -math.expm1(-(SHIFT**2) / (2 * wide))
    assert found["mmd"] == pytest.approx(expected, abs=0.012)
    assert abs(truth._floor["floor/mmd"]) < 0.005


GAMES: list[tuple[dict[str, Any], tuple[str, ...]]] = [
    ({"name": "minimax"}, ()),
    ({"name": "wgan"}, ()),
    ({"name": "relativistic"}, ("relativistic",)),
    ({"name": "cramer"}, ("energy_of_outputs", "energy")),
    ({"name": "mmd"}, ("mmd_of_outputs", "mmd")),
    ({"name": "f_gan", "divergence": "pearson"}, ("pearson",)),
    ({"name": "f_gan", "divergence": "jeffrey"}, ("jeffrey",)),
    ({"name": "f_gan", "divergence": "total_variation"}, ()),
]


@pytest.mark.parametrize(("objective", "own"), GAMES, ids=lambda v: str(v))
def test_a_game_has_its_own_distances_and_all_on_request(
    objective: dict[str, Any], own: tuple[str, ...]
) -> None:
    recipe = recipe_of(objective)
    assert live_distances.names(recipe, "own", DIVERGENCES) == own
    everything = live_distances.names(recipe, "all", DIVERGENCES)
    assert everything[: len(own)] == own
    assert set(everything) == {*own, *OF_MASSES, *OF_SAMPLES}
    [first, *_] = live.charts(recipe)[recipe.objective.measures]
    assert first == f"divergence/{recipe.objective.measures}"
    if own:
        assert f"truth/{own[0]}" in live.charts(recipe)[recipe.objective.measures]


def test_the_outputs_of_packs_are_not_those_of_single_points() -> None:
    recipe = recipe_of({"name": "mmd"}, architecture=MLP | {"packing": 2})
    assert live_distances.names(recipe, "own", DIVERGENCES) == ("mmd",)


@pytest.mark.parametrize(
    "name",
    [
        pytest.param("cramer", marks=pytest.mark.slow),
        pytest.param("mmd", marks=pytest.mark.long),
    ],
)
def test_what_a_critic_measures_is_computed_from_its_outputs_on_many_points(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    few = 40
    monkeypatch.setattr(live_distances, "PAIRED", few)
    experiment = config.load(SMALL | {"objective": {"name": name, "outputs": 3}})
    prepared = prepare(experiment)
    assert few < PAIRED
    with unoptimized():
        networks, state = begin(experiment.recipe, prepared.spec)
        real, fake = RNG.normal(size=(2, 2 * few, 2)).astype(np.float32)
        found, floor = live_distances.of_outputs(networks, experiment.recipe, state, real, fake)
        D = discriminator(state.discriminator.network(networks.discriminator), "float32")
        h = [np.asarray(D(jax.numpy.asarray(x), None), np.float64) for x in (real, fake)]

    def kernel(a: np.ndarray, b: np.ndarray) -> float:
        r = np.linalg.norm(a - b)
        if name == "cramer":
            return -r
        return float(np.mean([np.exp(-(r**2) / (2 * s**2)) for s in (1, 2, 4, 8, 16)]))

    def squared(x: np.ndarray, y: np.ndarray) -> float:
        within = sum(
            kernel(z[i], z[j]) for z in (x, y) for i in range(few) for j in range(few) if i != j
        ) / (few * (few - 1))
        return within - 2 * sum(kernel(a, b) for a in x for b in y) / few**2

    scale = 1 if name == "cramer" else 1e-3
    assert float(found) == pytest.approx(
        squared(h[0][:few], h[1][:few]), abs=1e-4 * scale, rel=1e-3
    )
    assert float(floor) == pytest.approx(
        squared(h[0][:few], h[0][few:]), abs=1e-4 * scale, rel=1e-3
    )
