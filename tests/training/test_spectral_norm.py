"""Spectral norm: the singular values that are carried, and the training that goes on from them."""

from collections.abc import Callable
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from flax import nnx

from gan_cli import checkpoints
from gan_cli.architectures.base import Architecture, DataSpec
from gan_cli.architectures.dcgan import Dcgan
from gan_cli.architectures.maxout import Maxout
from gan_cli.architectures.mlp import Mlp
from gan_cli.config import Experiment
from gan_cli.objectives.base import Objective
from gan_cli.objectives.minimax import Minimax
from gan_cli.objectives.wgan import Wgan
from gan_cli.training.batches import Synthetic
from gan_cli.training.game import Game
from gan_cli.training.networks import Network, build_discriminator, discriminator
from gan_cli.training.spectral_norm import (
    first_vectors,
    next_vectors,
    normalised,
    singular_value,
)
from gan_cli.training.state import begin, outline
from tests.values import MLP

DISCRIMINATORS = {
    "mlp": (Mlp(discriminator_widths=(20,), spectral_norm=True), (2,), Wgan()),
    "maxout": (Maxout(discriminator_units=(10,), pieces=3, spectral_norm=True), (9,), Minimax()),
    "dcgan": (Dcgan(filters=9, spectral_norm=True), (8, 8, 2), Minimax()),
}
RNG = np.random.default_rng(0)
W = RNG.normal(size=(20, 9)).astype(np.float32)

first = jax.jit(first_vectors)
follow = jax.jit(next_vectors)


class Linear(nnx.Linear):
    """x -> x W, in the form of a D."""

    def __call__(self, x: jax.Array, *, key: jax.Array | None) -> jax.Array:
        product: jax.Array = super().__call__(x)
        return product


def largest(w: Any) -> float:
    """The largest singular value of a weight, by LAPACK in double precision."""
    matrix = np.asarray(w, np.float64).reshape(-1, w.shape[-1])
    return float(np.linalg.svd(matrix, compute_uv=False)[0])


def weights(parameters: Any) -> list[jax.Array]:
    return [w for w in jax.tree.leaves(parameters) if w.ndim > 1]


def check(parameters: Any, vectors: Any) -> None:
    """Every weight has vectors, and they give its largest singular value."""
    found = jax.tree.leaves(vectors)
    for w, v in zip(weights(parameters), found, strict=True):
        assert float(singular_value(w, v)) == pytest.approx(largest(w), rel=1e-3)


@pytest.mark.parametrize("case", DISCRIMINATORS.values(), ids=DISCRIMINATORS)
def test_every_weight_of_a_new_d_has_the_norm_1(
    case: tuple[Architecture, tuple[int, ...], Objective],
) -> None:
    """With clipped weights it is the clipped ones that count."""
    architecture, shape, objective = case

    @jax.jit
    def build() -> tuple[Any, Any, Any]:
        made = build_discriminator(architecture, DataSpec(shape), objective, jax.random.key(1))
        divided = normalised(made.parameters, made.singular_vectors)
        return made.parameters, made.singular_vectors, divided

    parameters, vectors, divided = build()
    check(parameters, vectors)
    jax.tree.map(np.testing.assert_array_equal, objective.project(parameters), parameters)
    for w in weights(divided):
        assert largest(w) == pytest.approx(1, rel=1e-3)
    for w, same in zip(jax.tree.leaves(parameters), jax.tree.leaves(divided), strict=True):
        assert w.ndim > 1 or np.array_equal(w, same), "biases and scales stay as they are"


def test_d_is_the_network_with_the_divided_weights() -> None:
    x = jnp.asarray(RNG.normal(size=(5, 20)), jnp.float32)
    network = Network(
        nnx.graphdef(Linear(20, 9, use_bias=False, rngs=nnx.Rngs(0))),
        {"kernel": jnp.asarray(W)},
        {},
    )
    made = network._replace(singular_vectors=first(network.parameters))
    np.testing.assert_allclose(
        discriminator(made, "float32")(x, None), x @ W / largest(W), rtol=1e-4, atol=1e-5
    )
    plain = discriminator(network, "float32")(x, None)
    np.testing.assert_allclose(plain, x @ W, rtol=1e-5, atol=1e-5)


def test_its_gradient_is_that_of_miyato_with_constant_vectors() -> None:
    """(G - <G, W / s> u v^T) / s for a loss whose gradient by W / s is G (their section 2.2)."""
    slope = jnp.asarray(RNG.normal(size=W.shape), jnp.float32)
    vectors = first({"w": W})
    found = jax.grad(lambda w: (slope * normalised({"w": w}, vectors)["w"]).sum())(jnp.asarray(W))
    u, s, v = np.linalg.svd(W.astype(np.float64))
    along = (np.asarray(slope) * W).sum() / s[0]
    expected = (np.asarray(slope) - along * np.outer(u[:, 0], v[0])) / s[0]
    np.testing.assert_allclose(found, expected, atol=1e-5)


def test_a_singular_value_that_becomes_the_largest_is_found_at_once() -> None:
    """A single vector would stay where it is."""
    w = np.diag([2.0, 1.0, 0.5] + [0.1] * 6 + [0.0] * 11).astype(np.float32)[:, :9]
    vectors = first({"w": w})
    w[1, 1] = 2.1
    check({"w": w}, follow({"w": w}, vectors))


def test_a_weight_of_zeros_stays_and_is_normalised_once_it_is_not_zero() -> None:
    zeros = {"w": jnp.zeros_like(W)}
    vectors = first(zeros)
    slopes = jax.grad(lambda w: normalised(w, vectors)["w"].sum())(zeros)
    assert np.array_equal(normalised(zeros, vectors)["w"], zeros["w"])
    assert np.array_equal(slopes["w"], np.ones(W.shape))
    for _ in range(25):
        vectors = follow({"w": W}, vectors)
    check({"w": W}, vectors)


def test_a_training_keeps_the_singular_values_and_resumes_to_the_bit(
    make: Callable[..., Experiment], take_step: Callable[..., Any], tmp_path: Any
) -> None:
    architecture = MLP | {"discriminator_widths": [24, 24], "spectral_norm": True}
    experiment = make(architecture=architecture, objective={"name": "hinge"})
    recipe = experiment.recipe
    networks, state = begin(recipe, DataSpec((2,)))
    game = Game(networks, recipe, Synthetic(dataset=experiment.dataset))  # type: ignore[arg-type]
    states = [state]
    for _ in range(20):
        states.append(take_step(game, states[-1], False)[0])
    for after in states[1:]:
        check(after.discriminator.parameters, after.discriminator.singular_vectors)
    start, end = (largest(weights(each.discriminator.parameters)[1]) for each in (state, after))
    assert end > 1.01 * start, "there was something to follow"

    checkpoints.save(tmp_path, 10, states[10], keep=1)
    resumed = checkpoints.restore(tmp_path, 10, outline(recipe, DataSpec((2,)))[1])
    for _ in range(10):
        resumed, _ = take_step(game, resumed, False)
    jax.tree.map(np.testing.assert_array_equal, resumed, states[-1])


def test_without_it_the_state_holds_nothing_more(make: Callable[..., Experiment]) -> None:
    """Checkpoints of earlier runs have the arrays that are asked for."""
    _, state = outline(make().recipe, DataSpec((2,)))
    assert state.discriminator.singular_vectors is None
    assert state.generator.singular_vectors is None
