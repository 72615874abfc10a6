"""The networks and updates in PyTorch are the same functions as ours."""

import functools
import itertools
from collections.abc import Iterator

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from gan_cli.architectures.base import DataSpec
from gan_cli.config import Experiment
from gan_cli.training.batches import Batch, Streamed
from gan_cli.training.game import Game
from gan_cli.training.networks import Networks, discriminator, generate
from gan_cli.training.random import Purpose, key_for
from gan_cli.training.state import TrainState, begin, count
from gan_cli.training.step import train_step

torch = pytest.importorskip("torch", reason="needs PyTorch: pip install -e '.[bench]'")
from tests.benchmarks import handover, networks, ours  # noqa: E402
from tests.benchmarks.beginnings import by_path  # noqa: E402
from tests.benchmarks.training import minibatches, scheduled, training_step  # noqa: E402

STEPS = 3
SMALL = "batch_size=16"
LARGE_EPS = (SMALL, "optimizer.generator.eps=0.01", "optimizer.discriminator.eps=0.01")
CHANGES = {
    "ring": LARGE_EPS,
    "mnist-mlp": LARGE_EPS,
    "maxout": (SMALL, "architecture.input_dropout=0", "architecture.hidden_dropout=0"),
    "dcgan": LARGE_EPS,
}
"""No dropout, whose masks differ, and an eps with which Adam is not a sign function."""

each_work = pytest.mark.parametrize("work", [work for work in ours.WORKS if work != "lax-step"])


@pytest.fixture(autouse=True)
def _one_thread() -> None:
    """Tests share the cores, and threads that wait for one another spin."""
    torch.set_num_threads(1)


@functools.cache
def beginning(work: str, *changes: str) -> tuple[Experiment, DataSpec, Networks, TrainState]:
    """A work with a mean of its own instead of the data's, and its state at step 0."""
    experiment = ours.experiment(work, *changes)
    shape = experiment.dataset.shape
    mean = np.random.default_rng(0).uniform(-0.9, 0.9, shape).astype(np.float32)
    spec = DataSpec(shape, tuple(mean.ravel().tolist()))
    return experiment, spec, *begin(experiment.recipe, spec)


def twins(
    experiment: Experiment, spec: DataSpec, state: TrainState
) -> tuple[torch.nn.Module, torch.nn.Module]:
    """G and D in PyTorch with the parameters of a state."""
    G, D = networks.build(experiment.architecture, spec.shape)
    networks.copy_parameters(G, by_path(state.generator.parameters))
    networks.copy_parameters(D, by_path(state.discriminator.parameters))
    return G, D


def normal(*shape: int) -> np.ndarray:
    return np.random.default_rng(1).normal(size=shape).astype(np.float32)


def to_torch(x: np.ndarray) -> torch.Tensor:
    """Examples with their channels, if they have any, first."""
    return torch.from_numpy(np.array(x if x.ndim == 2 else np.moveaxis(x, -1, 1)))


def to_numpy(x: torch.Tensor) -> np.ndarray:
    """Examples with their channels, if they have any, last."""
    return x.numpy(force=True) if x.ndim < 4 else np.moveaxis(x.numpy(force=True), 1, -1)


@each_work
def test_networks_have_as_many_parameters(work):
    experiment, spec, _, state = beginning(work)
    G, D = networks.build(experiment.architecture, spec.shape)
    assert sum(p.numel() for p in G.parameters()) == count(state.generator.parameters)
    assert sum(p.numel() for p in D.parameters()) == count(state.discriminator.parameters)


@each_work
def test_generators_draw_the_same_samples_from_the_same_latents(work):
    experiment, spec, graphs, state = beginning(work)
    G, _ = twins(experiment, spec, state)
    z = normal(16, experiment.architecture.latent)
    network = state.generator.network(graphs.generator)
    expected, _ = generate(network, jnp.asarray(z), "float32", train=True)
    assert np.std(expected) > 0.01
    np.testing.assert_allclose(to_numpy(G(torch.from_numpy(z))), expected, atol=1e-4)


@each_work
def test_discriminators_give_the_same_logits(work):
    experiment, spec, graphs, state = beginning(work)
    _, D = twins(experiment, spec, state)
    x = normal(16, *spec.shape)
    network = state.discriminator.network(graphs.discriminator)
    expected = discriminator(network, "float32")(jnp.asarray(x), None)
    logits = to_numpy(D.eval()(to_torch(x)))  # without dropout
    np.testing.assert_allclose(logits, expected, atol=1e-4 * float(jnp.abs(expected).max()))


@each_work
@pytest.mark.filterwarnings("ignore::DeprecationWarning:torch")
@pytest.mark.parametrize("compiled", [False, pytest.param(True, marks=pytest.mark.slow)])
def test_steps_lead_to_the_same_parameters(work, compiled):
    experiment, spec, graphs, state = beginning(work, *CHANGES[work])
    G, D = twins(experiment, spec, state)
    before = np.concatenate([p.ravel() for p in parameters(G, D)])
    real = normal(STEPS, 1, experiment.batch_size, *spec.shape)
    source = Streamed(jnp.int32(0), Batch(jnp.asarray(real)), Batch(jnp.asarray(real[:, 0])), None)
    batches, latents = map(to_torch, real[:, 0]), our_latents(experiment)
    settings = handover.as_attributes(ours.settings(work, *CHANGES[work]))
    their_step = training_step(settings, G, D, batches, latents, compiled=compiled)
    our_step = jax.jit(train_step)
    game = Game(graphs, experiment.recipe, source)
    for number in range(STEPS):
        state, _ = our_step(game, state, np.bool_(False))
        their_step(number)

    expected = np.concatenate([p.ravel() for p in parameters(*twins(experiment, spec, state))])
    actual = np.concatenate([p.ravel() for p in parameters(G, D)])
    change = np.abs(expected - before).max()
    assert change > 1e-4
    np.testing.assert_allclose(actual, expected, rtol=0, atol=1e-3 * change)


def our_latents(experiment: Experiment) -> Iterator[torch.Tensor]:
    """The latents of our steps, in the order in which D's and G's updates draw them."""
    draws = 1 if experiment.update == "simultaneous" else 2
    for step, inner in itertools.product(range(STEPS), range(draws)):
        key = key_for(experiment.seed, Purpose.LATENTS, step, inner)
        z = experiment.architecture.sample_latent(key, experiment.batch_size)
        yield torch.from_numpy(np.array(z))


def parameters(*modules: torch.nn.Module) -> list[np.ndarray]:
    return [p.numpy(force=True).copy() for module in modules for p in module.parameters()]


@pytest.mark.parametrize("step", [0, 1, 100_000, 125_000, 10_000_000])
@pytest.mark.parametrize("field", ["learning_rate", "momentum"])
def test_schedules_have_the_same_values(field, step):
    sgd = ours.experiment("maxout").optimizer.generator
    schedule = sgd.schedule if field == "learning_rate" else sgd.momentum_schedule
    expected = schedule(getattr(sgd, field), step)
    settings = handover.as_attributes(ours.settings("maxout")).optimizer.generator
    np.testing.assert_allclose(scheduled(settings, field, step), expected, rtol=1e-5)


def test_what_is_handed_over_in_a_file_makes_the_same_twins(tmp_path):
    ours.hand_over("ring", tmp_path / "ring.npz")
    given = handover.load(tmp_path / "ring.npz")
    experiment = ours.experiment("ring")
    assert given.settings == handover.as_attributes(ours.settings("ring"))
    _, state = begin(experiment.recipe, DataSpec(experiment.dataset.shape))
    G, D = networks.build(given.settings.architecture, given.data["shape"].tolist())
    networks.copy_parameters(G, given.generator)
    networks.copy_parameters(D, given.discriminator)
    expected = twins(experiment, DataSpec(experiment.dataset.shape), state)
    for ours_to_theirs, handed in zip(parameters(*expected), parameters(G, D), strict=True):
        np.testing.assert_array_equal(handed, ours_to_theirs)
    points = next(minibatches(given.data, 1000)).numpy()
    assert points.shape == (1000, 2)
    radius = np.linalg.norm(points, axis=1)
    assert abs(radius.mean() - experiment.dataset.radius) < 0.02
