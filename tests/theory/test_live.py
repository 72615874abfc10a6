"""What is logged of the truth agrees with closed forms, and costs a training none of its bits."""

import dataclasses
import json
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from scipy import integrate, stats

from gan_cli import config
from gan_cli.architectures.base import DataSpec
from gan_cli.datasets.gaussian import Gaussian
from gan_cli.datasets.ring import Ring
from gan_cli.objectives.minimax import Minimax
from gan_cli.prepared import prepare
from gan_cli.theory import live
from gan_cli.theory.live import DIVERGENCES, SAMPLES, Truth, divergences, tags
from gan_cli.training.state import begin, outline
from tests.values import MLP, SMALL

RNG = np.random.default_rng(0)
KNOWN = {f"{part}/{name}" for part in ("truth", "floor") for name in DIVERGENCES}
KNOWN |= {"at_least/kl", "at_least/reverse_kl"}


def test_the_estimates_agree_with_closed_forms() -> None:
    """Normals of variance 1, one shifted by a half: KL = 1/8 both ways, W1 = 1/2."""
    dataset = Gaussian(centres=(0.0,), std=(1.0,), weights=(1.0,))
    recipe = config.load(SMALL | {"dataset": {"name": "gaussian"}}).recipe
    truth = Truth(None, recipe, dataset)  # type: ignore[arg-type]
    shifted = RNG.normal(0.5, 1, (SAMPLES, 1))
    found = divergences(truth._log_data, truth._log_masses(shifted))
    assert found["kl"] == pytest.approx(0.125, abs=0.01)
    assert found["reverse_kl"] == pytest.approx(0.125, abs=0.01)
    p, q = stats.norm(0, 1).pdf, stats.norm(0.5, 1).pdf

    def integral(f: Callable[[float], float]) -> float:
        return integrate.quad(f, -12, 12)[0]

    js = integral(
        lambda x: (
            0.5 * p(x) * np.log(2 * p(x) / (p(x) + q(x)))
            + 0.5 * q(x) * np.log(2 * q(x) / (p(x) + q(x)))
        )
    )
    assert found["jensen_shannon"] == pytest.approx(js, abs=0.004)
    tv = 0.5 * integral(lambda x: abs(p(x) - q(x)))
    assert found["total_variation"] == pytest.approx(tv, abs=0.01)
    triangular = integral(lambda x: (p(x) - q(x)) ** 2 / (p(x) + q(x)))
    assert found["triangular_discrimination"] == pytest.approx(triangular, abs=0.01)
    distance = live.wasserstein_1(shifted, np.asarray(truth._reference))
    assert distance == pytest.approx(0.5, abs=0.02)
    assert 0 < truth._floor["floor/jensen_shannon"] < 0.002
    assert 0 < truth._floor["floor/wasserstein_1"] < 0.02


def test_a_discriminator_that_says_a_half_is_as_far_off_as_it_is() -> None:
    """D = 1/2 everywhere: V = -log 4, and the gap is the mean of |1/2 - D*|, half of TV."""
    experiment = config.load(SMALL)
    problem = prepare(experiment)
    _, state = begin(experiment.recipe, problem.spec)
    zeros = jax.tree.map(jnp.zeros_like, state.discriminator)
    state = state._replace(discriminator=zeros)
    truth = Truth(problem.networks, experiment.recipe, experiment.dataset)  # type: ignore[arg-type]
    found = truth(state)
    assert set(found) == set(tags(experiment.recipe))
    assert found["truth/value"] == pytest.approx(-np.log(4), abs=1e-6)
    js, tv = found["truth/jensen_shannon"], found["truth/total_variation"]
    assert found["truth/value_at_optimum"] == pytest.approx(2 * js - np.log(4))
    assert found["truth/discriminator_gap"] == pytest.approx(tv / 2, abs=0.01)
    assert 0 < tv <= 1
    assert 0 < js <= np.log(2)


class Foreign(Minimax):
    name = "foreign"
    divergence = "a_name_of_its_own"


def test_a_divergence_that_is_not_among_the_truths_has_a_chart_of_its_own() -> None:
    recipe = dataclasses.replace(config.load(SMALL).recipe, objective=Foreign())
    found = live.charts(recipe)
    assert found.pop("a_name_of_its_own") == ["divergence/a_name_of_its_own"]
    assert found == {name: [f"truth/{name}", f"floor/{name}"] for name in DIVERGENCES}
    assert "truth/value" not in tags(recipe)


def test_a_d_of_packs_is_not_compared_with_the_optimum_at_single_points() -> None:
    recipe = config.load(SMALL | {"architecture": MLP | {"packing": 2}}).recipe
    networks, abstract = outline(recipe, DataSpec((2,)))
    real, fake, logits = jax.eval_shape(live._look, networks, recipe, Ring(), abstract)
    assert (real.shape, fake.shape, logits) == ((SAMPLES, 2), (SAMPLES, 2), None)
    assert set(tags(recipe)) == KNOWN
    charts = live.charts(recipe)
    assert charts["jensen_shannon"] == ["truth/jensen_shannon", "floor/jensen_shannon"]
    assert charts["jensen_shannon of packs"] == ["divergence/jensen_shannon"]
    assert "value of the game" not in charts


def test_on_the_line_a_narrow_p_g_is_seen_and_the_floor_is_low() -> None:
    dataset = Gaussian()
    recipe = config.load(SMALL | {"dataset": {"name": "gaussian"}}).recipe
    truth = Truth(None, recipe, dataset)  # type: ignore[arg-type]
    narrow = RNG.normal(-1.5, 0.05, (SAMPLES, 1))
    found = divergences(truth._log_data, truth._log_masses(narrow))
    density = np.log(0.5 / 0.05) - np.log(0.7) + (0.05**2 / 0.5**2 - 1) / 2
    assert found["reverse_kl"] == pytest.approx(density, abs=0.05)
    assert 0 < truth._floor["floor/reverse_kl"] < 0.005
    assert 0 < truth._floor["floor/kl"] < 0.005


Command = Callable[..., Any]
TINY = (
    *("dataset=ring", "architecture.latent=3", "architecture.generator_widths=[8]"),
    *("architecture.discriminator_widths=[8]", "batch_size=16", "samples=4", "steps=20"),
    *("log_every=5", "sample_every=10", "checkpoints.every=10"),
)


def rows(run: Path) -> list[dict[str, float]]:
    return [json.loads(line) for line in (run / "metrics.jsonl").read_text().splitlines()]


def test_a_run_logs_the_truth_beside_the_estimates(gan: Command, empty: Path) -> None:
    own = ["theory_every=10", "optimized_metric=truth/jensen_shannon"]
    status, out, err = gan("train", *TINY, *own, "hydra.run.dir=run")
    assert status == 0, err
    known = KNOWN | {"truth/discriminator_gap", "truth/value", "truth/value_at_optimum"}
    for row in rows(empty / "run"):
        truths = {tag for tag in row if tag.startswith(("truth/", "floor/", "at_least/"))}
        assert truths == (known if row["step"] % 10 == 0 else set())
    summary = json.loads((empty / "run" / "summary.json").read_text())
    assert summary["theory_seconds"] > 0
    assert summary["metrics"].keys() >= known
    assert "\ntheory   " in out

    assert gan("train", *TINY, "hydra.run.dir=off").status == 0
    assert "theory_seconds" not in json.loads((empty / "off" / "summary.json").read_text())
    for row, other in zip(rows(empty / "run"), rows(empty / "off"), strict=True):
        for tag in other.keys() - {"wall_seconds", "speed/steps_per_second"}:
            assert row[tag] == other[tag], "the training is the same to the bit"


def test_the_seconds_of_the_truth_add_up_over_a_resume(gan: Command, empty: Path) -> None:
    assert gan("train", *TINY, "theory_every=10", "hydra.run.dir=run").status == 0
    file = empty / "run" / "summary.json"
    before = json.loads(file.read_text())
    file.write_text(json.dumps(before | {"theory_seconds": 1000.0}))
    status, _, err = gan("train", "--resume", "run", "steps=30")
    assert status == 0, err
    after = json.loads(file.read_text())["theory_seconds"]
    assert 1000 < after < 1000 + 10 * max(1.0, before["theory_seconds"])


def test_building_the_truth_counts() -> None:
    begin = time.perf_counter()
    recipe = config.load(SMALL | {"dataset": {"name": "gaussian"}}).recipe
    truth = Truth(None, recipe, Gaussian())  # type: ignore[arg-type]
    assert 0 < truth.seconds < time.perf_counter() - begin


def test_tensorboard_shows_estimate_and_truth_in_one_chart(gan: Command, empty: Path) -> None:
    from tensorboard.backend.event_processing.event_accumulator import EventAccumulator
    from tensorboard.plugins.custom_scalar.layout_pb2 import Layout

    assert gan("train", *TINY, "theory_every=10", "hydra.run.dir=run").status == 0
    events = EventAccumulator(str(empty / "run"))
    events.Reload()
    [event] = events.Tensors("custom_scalars__config__")
    layout = Layout.FromString(event.tensor_proto.string_val[0])
    [category] = layout.category
    charts = {chart.title: list(chart.multiline.tag) for chart in category.chart}
    assert charts["jensen_shannon"] == [
        "divergence/jensen_shannon",
        "truth/jensen_shannon",
        "floor/jensen_shannon",
    ]
    for chart in charts.values():
        assert set(chart) <= set(events.Tags()["scalars"])


@pytest.mark.slow
def test_lanes_log_their_own_truth(gan: Command, empty: Path) -> None:
    line = ["train", "-m", "hydra/launcher=vmap", *TINY, "theory_every=20", "hydra.sweep.dir=s"]
    status, _, err = gan(*line, "seed=1,2", "objective=wgan")
    assert status == 0, err
    one, other = (rows(empty / "s" / member)[-1] for member in "01")
    assert one["truth/wasserstein_1"] != other["truth/wasserstein_1"]
    assert "truth/value" not in one


@pytest.mark.parametrize(
    ("line", "text"),
    [
        (
            "dataset=ring theory_every=150",
            "theory_every=150: must be 0 (off) or a multiple of log_every=100.",
        ),
        (
            "dataset=digits theory_every=100",
            "theory_every: the density of dataset 'digits' is not known. "
            "Choose dataset=gaussian, ring or grid, or theory_every=0.",
        ),
    ],
)
def test_where_there_is_no_truth(line: str, text: str, gan: Command) -> None:
    assert gan("train", *line.split()) == (2, "", f"gan: {text}\n")
