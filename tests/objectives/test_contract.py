"""What every registered objective keeps; a new one is tested here without a line being added."""

import functools
from collections import Counter

import jax
import jax.numpy as jnp
import numpy as np
import pytest

import gan_cli.objectives  # noqa: F401  (registers them all)
from gan_cli.component import REGISTRY
from gan_cli.errors import UsageError
from gan_cli.objectives.base import parts, total
from tests.values import UNPAIRED

KNOWN = {
    name: made
    for name, made in sorted(REGISTRY["objective"].items())
    if made.__module__.startswith("gan_cli.")
}

N = 8
KEY = jax.random.key(0)
REAL, FAKE = jax.random.normal(jax.random.key(1), (2, N, 3))

every = pytest.mark.parametrize("made", KNOWN.values(), ids=lambda made: made.name)


def initial():
    """Parameters of a small discriminator."""
    first, second = jax.random.normal(jax.random.key(2), (2, 3, 5))
    return {"first": first, "second": second[0], "scale": jnp.float32(1)}


def discriminator(w):
    """A two-layer discriminator whose outputs are of the size of its scale; a key shifts them."""

    def D(x, key):
        noise = 0.0 if key is None else (jax.random.key_data(key)[-1] % 1024) / 1024
        return w["scale"] * (jnp.tanh(x @ w["first"]) @ w["second"] + noise)

    return D


def values(objective, w, real, fake, key):
    """Everything that an objective computes; first the losses of D and of G."""
    D = discriminator(w)
    return (
        jnp.stack(
            [
                total(objective.discriminator_loss(D, real, fake, key)),
                total(objective.generator_loss(D, real, fake, key)),
            ]
        ),
        objective.estimate(D(real, None), D(fake, None)),
        objective.project(w),
        jnp.asarray(objective.boundary, jnp.float32),
    )


traces: Counter[str] = Counter()
QUICK = {"xla_backend_optimization_level": 0}
"""The programs run for less time than it would take to optimize them."""


@functools.partial(jax.jit, compiler_options=QUICK)
def compute(objective, w, real, fake, key):
    """The values, and the gradients of both losses in D's parameters and in samples."""
    traces[objective.name] += 1
    slopes = jax.jacrev(lambda w, fake: values(objective, w, real, fake, key)[0], argnums=(0, 1))
    return values(objective, w, real, fake, key), slopes(w, fake)


def stretched(objective):
    """The objective with every leaf doubled."""
    return jax.tree.map(lambda leaf: 2 * leaf, objective)


def test_there_are_at_least_the_seven():
    assert set(UNPAIRED) <= set(KNOWN)


@every
def test_losses_estimates_and_gradients_are_finite_whatever_the_size_of_the_outputs(made):
    for scale in (0.0, 1.0, 1e4, -1e4):
        found = compute(made(), initial() | {"scale": jnp.float32(scale)}, REAL, FAKE, KEY)
        for leaf in jax.tree.leaves(found):
            assert leaf.dtype == jnp.float32
            assert np.isfinite(leaf).all()
    _, (of_parameters, of_samples) = compute(made(), initial(), REAL, FAKE, KEY)
    assert (of_parameters["first"][0] != 0).any()
    assert (of_samples[1] != 0).any()


@every
def test_the_parts_of_a_loss_are_those_declared_and_sum_to_it(made):
    objective, D = made(), discriminator(initial())
    for loss, declared in (
        (objective.discriminator_loss, made.discriminator_parts),
        (objective.generator_loss, made.generator_parts),
    ):
        found = loss(D, REAL, FAKE, KEY)
        named = parts(found, declared)
        assert tuple(named) == declared
        assert all((part.shape, part.dtype) == ((), jnp.float32) for part in named.values())
        expected = sum(map(float, named.values())) if declared else float(found)
        assert float(total(found)) == pytest.approx(expected, rel=1e-6)
    assert made.outputs >= 1


@every
def test_where_d_answers_to_g_only_a_term_on_data_is_added(made):
    """It has no gradient in samples, and leaves G at rest where D finds data and samples equal."""
    objective = made()
    fixed = linear(jnp.array([0.3, -0.2, 0.5]), 0.1)
    for loss in (objective.unrolled_loss, objective.generator_loss):
        parts(loss(fixed, REAL, FAKE, KEY), made.generator_parts)

    def in_samples(loss):
        return jax.grad(lambda fake: total(loss(fixed, REAL, fake, KEY)))(FAKE)

    plain, unrolled = in_samples(objective.generator_loss), in_samples(objective.unrolled_loss)
    np.testing.assert_allclose(unrolled, plain, rtol=1e-6)

    def of_d(w):
        return total(objective.unrolled_loss(linear(w, objective.boundary), REAL, REAL, KEY))

    np.testing.assert_allclose(jax.grad(of_d)(jnp.zeros(3)), 0, atol=1e-6)


def linear(w, bias):
    """D(x) = x w + bias."""
    return lambda x, key: x @ w + bias


def test_parts_that_were_not_declared_are_refused():
    one, other = jnp.float32(1), jnp.float32(2)
    assert parts({"critic": one, "penalty": other}, ("critic", "penalty")).keys() == {
        "critic",
        "penalty",
    }
    for loss in ({"penalty": one, "critic": other}, {"critic": one}, one):
        with pytest.raises(UsageError, match=r"declares \('critic', 'penalty'\)"):
            parts(loss, ("critic", "penalty"))
    with pytest.raises(UsageError, match=r"returned the parts \('critic',\)"):
        parts({"critic": one}, ())


@every
def test_the_estimate_has_a_name_and_is_a_scalar(made):
    assert made.divergence.isidentifier()
    for batch in (1, 5):
        shape = jax.eval_shape(made().estimate, jnp.zeros(batch), jnp.zeros(batch + 2))
        assert (shape.shape, shape.dtype) == ((), jnp.float32)


@every
def test_parameters_stay_as_they_are_or_are_clipped(made):
    w = jax.tree.map(lambda leaf: 1e3 * leaf, initial())
    held = made().project(w)
    again = made().project(held)
    bound = max(float(jnp.abs(leaf).max()) for leaf in jax.tree.leaves(held))
    jax.tree.map(lambda a, b: np.testing.assert_array_equal(a, jnp.clip(b, -bound, bound)), held, w)
    jax.tree.map(np.testing.assert_array_equal, again, held)


@every
def test_lanes_are_single_objectives(made):
    objectives = [made(), stretched(made())]
    weights = [initial(), jax.tree.map(lambda leaf: 1.5 * leaf, initial())]
    together = jax.tree.map(
        lambda *leaves: jnp.stack(leaves), *zip(objectives, weights, strict=True)
    )
    in_lanes = jax.vmap(lambda o, w: values(o, w, REAL, FAKE, KEY))
    lanes = jax.jit(in_lanes, compiler_options=QUICK)(*together)
    for n, (objective, w) in enumerate(zip(objectives, weights, strict=True)):
        jax.tree.map(
            lambda many, one, n=n: np.testing.assert_allclose(many[n], one, rtol=1e-4, atol=1e-6),
            lanes,
            compute(objective, w, REAL, FAKE, KEY)[0],
        )


@every
def test_other_values_are_other_arguments_of_the_same_program(made):
    plain, _ = compute(made(), initial(), REAL, FAKE, KEY)
    before = traces[made.name]
    other, _ = compute(stretched(made()), initial(), REAL, FAKE, KEY)
    assert traces[made.name] == before
    if jax.tree.leaves(made()):
        pairs = zip(jax.tree.leaves(plain), jax.tree.leaves(other), strict=True)
        assert any((a != b).any() for a, b in pairs)


@every
def test_dropout_masks_are_drawn_for_data_and_for_samples_apart(made):
    once, again, other = (
        compute(made(), initial(), REAL, FAKE, jax.random.key(seed))[0][0] for seed in (3, 3, 4)
    )
    np.testing.assert_array_equal(once, again)
    assert (once != other).all()

    keys = []

    def D(x, key):
        keys.append(str(jax.random.key_data(key)))
        return x.sum(axis=1)

    made().discriminator_loss(D, REAL, FAKE, KEY)
    assert len(set(keys)) == len(keys) >= 2


@pytest.mark.parametrize("name", UNPAIRED)
def test_the_generator_does_not_look_at_data(name):
    here, elsewhere = (
        compute(KNOWN[name](), initial(), real, FAKE, KEY)[1][1][1] for real in (REAL, 5 * REAL + 1)
    )
    np.testing.assert_array_equal(here, elsewhere)
    assert (here != 0).any()


@every
def test_it_names_its_source(made):
    assert "Source:" in made.__doc__
