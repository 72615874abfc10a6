"""The contract of an architecture, for every one that is registered and for every kind of data."""

import dataclasses
from functools import cache
from pathlib import Path

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from flax import nnx
from jax import export

import gan_cli.architectures  # noqa: F401  (registers them)
from gan_cli.architectures.base import DataSpec
from gan_cli.component import REGISTRY
from gan_cli.errors import UsageError
from gan_cli.loading import construct

CONF = Path(__file__).parents[2] / "conf" / "architecture"
ARCHITECTURES = REGISTRY["architecture"]
KINDS = [(2,), (16, 16, 3)]
N = 6


def everything_on(cls):
    """A variant with every switch on and every dropout at .3."""
    changes = {
        field.name: True if field.type is bool else 0.3
        for field in dataclasses.fields(cls)
        if field.type is bool or field.name.endswith("dropout")
    }
    return cls(**changes)


def take_apart(module):
    graph, parameters, rest = nnx.split(module, nnx.Param, ...)
    return graph, nnx.to_pure_dict(parameters), nnx.to_pure_dict(rest)


class Pair:
    """Both networks as pure functions of their parameters, as the training step uses them."""

    def __init__(self, architecture, shape, outputs=1):
        self.architecture, self.data, self.outputs = architecture, DataSpec(shape), outputs
        self.z = architecture.sample_latent(jax.random.key(0), N)
        self.g_graph, self.g, self.g_rest = self.initial("generator", 1)
        self.d_graph, self.d, self.d_rest = self.initial("discriminator", 2)

    def initial(self, network, seed):
        return take_apart(self.build(network, jax.random.key(seed)))

    def build(self, network, key):
        if network == "generator":
            return self.architecture.generator(self.data, nnx.Rngs(key))
        return self.architecture.discriminator(self.data, nnx.Rngs(key), self.outputs)

    def G(self, parameters, rest, z, train):
        module = nnx.merge(self.g_graph, parameters, rest)
        return module(z, train=train), take_apart(module)[2]

    def D(self, parameters, x, key):
        return nnx.merge(self.d_graph, parameters, self.d_rest)(x, key=key)


def fitting(architecture, shape):
    """The architecture, where it takes such data at all."""
    try:
        architecture.check(DataSpec(shape))
    except UsageError as error:
        pytest.skip(str(error))
    return architecture


@cache
def pair(name, shape):
    return Pair(fitting(everything_on(ARCHITECTURES[name]), shape), shape)


each_name = pytest.mark.parametrize("name", sorted(ARCHITECTURES))


def each_kind(test):
    """Runs a test for every architecture and every kind of data."""
    return each_name(pytest.mark.parametrize("shape", KINDS, ids=str)(test))


def outputs(nets, g, d, z, key):
    """Samples with and without training, and D's scores of them with and without dropout."""
    samples = [nets.G(g, nets.g_rest, z, train)[0] for train in (True, False)]
    return samples, [nets.D(d, samples[0], None), nets.D(d, samples[0], key)]


def check_shapes(nets, samples, scores):
    assert all(array.shape == (N, *nets.data.shape) for array in samples)
    assert all(array.shape == (N,) for array in scores)
    assert all(array.dtype == jnp.float32 for array in (*samples, *scores))


@each_kind
def test_outputs_have_their_shapes_and_ranges(name, shape):
    nets = pair(name, shape)
    found = jax.jit(lambda *numbers: outputs(nets, *numbers))
    samples, scores = found(nets.g, nets.d, nets.z, jax.random.key(3))
    check_shapes(nets, samples, scores)
    assert all(np.isfinite(array).all() for array in (*samples, *scores))
    if nets.data.is_image:
        assert all(np.abs(x).max() <= 1 for x in samples)


@each_name
@pytest.mark.parametrize(
    "shape", [(1,), (2,), (8, 8, 1), (28, 28, 1), (32, 32, 3), (64, 64, 3)], ids=str
)
def test_the_default_networks_take_every_kind_of_data(name, shape):
    """Traced only: `test_outputs_have_their_shapes_and_ranges` computes."""
    architecture = fitting(ARCHITECTURES[name](), shape)

    def traced(key):
        nets = Pair(architecture, shape)
        check_shapes(nets, *outputs(nets, nets.g, nets.d, nets.z, key))

    jax.eval_shape(traced, jax.random.key(3))


@each_kind
def test_a_d_of_three_outputs_gives_three_numbers_for_each_example(name, shape):
    one, three = pair(name, shape), Pair(pair(name, shape).architecture, shape, outputs=3)
    x = jax.random.uniform(jax.random.key(4), (N, *shape), minval=-1)
    key = jax.random.key(5)
    scores = jax.jit(three.D)(three.d, x, key)
    assert (scores.shape, scores.dtype) == ((N, 3), jnp.float32)
    assert np.isfinite(scores).all()
    assert len(np.unique(np.asarray(scores), axis=1).T) == 3, "each output has its own weights"
    different = jax.tree.map(lambda a, b: a.shape != b.shape, one.d, three.d)
    assert sum(jax.tree.leaves(different)) == 2, "only the head is wider: its kernel and its bias"


@each_kind
def test_dropout_is_drawn_by_the_key_alone(name, shape):
    nets = pair(name, shape)
    x = jax.random.uniform(jax.random.key(4), (N, *shape), minval=-1)
    D = jax.jit(nets.D)
    plain, again = (D(nets.d, x, None) for _ in range(2))
    one, same, other = (D(nets.d, x, jax.random.key(seed)) for seed in (5, 5, 6))
    np.testing.assert_array_equal(plain, again)
    np.testing.assert_array_equal(one, same)
    assert not np.allclose(one, plain, rtol=1e-3, atol=0)
    assert not np.allclose(one, other, rtol=1e-3, atol=0)


@each_kind
def test_a_sample_depends_on_its_batch_only_in_training(name, shape):
    nets = pair(name, shape)
    learn = jax.jit(lambda g, rest, z: nets.G(g, rest, z, True))
    draw = jax.jit(lambda g, rest, z: nets.G(g, rest, z, False))
    in_training, moved = learn(nets.g, nets.g_rest, nets.z)
    whole, kept = draw(nets.g, moved, nets.z)
    part, _ = draw(nets.g, moved, nets.z[:2])
    np.testing.assert_allclose(part, whole[:2], rtol=1e-5, atol=1e-5)
    jax.tree.map(np.testing.assert_array_equal, kept, moved)
    assert jax.tree.structure(moved) == jax.tree.structure(nets.g_rest)
    if nets.g_rest:
        alone, _ = learn(nets.g, moved, nets.z[:2])
        assert not np.allclose(in_training[:2], alone, atol=1e-3)
        changed = jax.tree.map(lambda a, b: bool((a != b).any()), moved, nets.g_rest)
        assert all(jax.tree.leaves(changed))


@each_kind
@pytest.mark.parametrize("network", ["generator", "discriminator"])
def test_initial_values_are_a_function_of_the_key_alone_or_in_lanes(name, shape, network):
    nets = pair(name, shape)
    graphs = []

    @jax.jit
    @jax.vmap
    def initial(seed):
        graph, *numbers = take_apart(nets.build(network, jax.random.key(seed)))
        graphs.append(graph)
        return numbers

    graph, *alone = nets.initial(network, 1)
    lanes = initial(jnp.array([1, 2, 1]))
    for a, many in zip(jax.tree.leaves(alone), jax.tree.leaves(lanes), strict=True):
        np.testing.assert_allclose(many[0], a, rtol=1e-5, atol=1e-7)
        np.testing.assert_array_equal(many[0], many[2])
        if a.ndim > 1:
            assert (many[0] != many[1]).any()
    assert graphs[0] == graph
    assert hash(graphs[0]) == hash(graph)


@each_kind
def test_lanes_are_single_networks(name, shape):
    nets = pair(name, shape)
    scales = jnp.array([0.5, 1.0, 2.0])

    def outputs(scale):
        g, d = jax.tree.map(lambda w: scale * w, (nets.g, nets.d))
        x, rest = nets.G(g, nets.g_rest, nets.z, True)
        return x, rest, nets.D(d, x, jax.random.key(6))

    lanes, single = jax.jit(jax.vmap(outputs))(scales), jax.jit(outputs)
    for n, scale in enumerate(scales):
        jax.tree.map(
            lambda many, one, n=n: np.testing.assert_allclose(many[n], one, rtol=1e-3, atol=1e-4),
            lanes,
            single(scale),
        )


@each_kind
def test_gradients_and_a_gradient_penalty_are_finite(name, shape):
    nets = pair(name, shape)
    key = jax.random.key(10)

    def penalty(d, x):
        slopes = jax.grad(lambda x: nets.D(d, x, key).sum())(x)
        return (slopes**2).sum()

    def generator_loss(g):
        x, _ = nets.G(g, nets.g_rest, nets.z, True)
        return jax.nn.softplus(-nets.D(nets.d, x, key)).mean()

    x = jax.random.uniform(jax.random.key(4), (N, *shape), minval=-1)
    found = jax.jit(lambda g, d: (jax.grad(penalty)(d, x), jax.grad(generator_loss)(g)))
    for gradients in found(nets.g, nets.d):
        assert all(np.isfinite(leaf).all() for leaf in jax.tree.leaves(gradients))
        assert any((leaf != 0).any() for leaf in jax.tree.leaves(gradients))


@each_kind
def test_half_precision_parameters_give_half_precision_arithmetic(name, shape):
    nets = pair(name, shape)

    def half(tree):
        return jax.tree.map(lambda w: w.astype(jnp.bfloat16), tree)

    def outputs(g, d, z):
        x, rest = nets.G(g, nets.g_rest, z, True)
        return x, nets.D(d, x, jax.random.key(14)), rest

    arguments = half(nets.g), half(nets.d), half(nets.z)
    x, logits, rest = jax.eval_shape(outputs, *arguments)
    assert x.dtype == logits.dtype == jnp.bfloat16
    assert all(leaf.dtype == jnp.float32 for leaf in jax.tree.leaves(rest))
    program = str(jax.make_jaxpr(outputs)(*arguments))
    products = [line.split("=")[0] for line in program.splitlines() if "= dot_general" in line]
    assert products
    assert all("bf16" in product for product in products)


@each_name
def test_the_defaults_are_valid(name):
    cls = ARCHITECTURES[name]
    for made in (cls(), everything_on(cls)):
        assert construct(cls, dataclasses.asdict(made)) == made


@each_kind
def test_g_can_be_traced_for_any_number_of_latents(name, shape):
    made = pair(name, shape)
    latents = jax.ShapeDtypeStruct((export.symbolic_shape("n")[0], made.z.shape[1]), jnp.float32)
    traced = jax.eval_shape(lambda z: made.G(made.g, made.g_rest, z, False)[0], latents)
    assert str(traced.shape[0]) == "n"
    assert traced.shape[1:] == shape
