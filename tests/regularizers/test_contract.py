"""What every registered regularizer keeps; a new one is tested here without a line being added."""

import functools

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from jax.extend.core import jaxprs_in_params

import gan_cli.architectures
import gan_cli.objectives
import gan_cli.regularizers  # noqa: F401  (the three imports register them all)
from gan_cli.architectures.base import DataSpec
from gan_cli.component import REGISTRY
from gan_cli.objectives.base import both
from gan_cli.objectives.minimax import Minimax
from gan_cli.optimizers.sgd import Sgd
from gan_cli.regularizers.base import Penalty, SlopePenalty
from gan_cli.training.discriminator_alone import Learner, Lesson, begin, discriminator_gradients

KNOWN = {
    name: made
    for name, made in sorted(REGISTRY["regularizer"].items())
    if made.__module__.startswith("gan_cli.")
}
PENALTIES = [made for made in KNOWN.values() if issubclass(made, Penalty)]
LAZY = [made for made in KNOWN.values() if issubclass(made, SlopePenalty)]

N = 6
KEY = jax.random.key(0)
REAL, FAKE = jax.random.normal(jax.random.key(1), (2, N, 3))
QUICK = {"xla_backend_optimization_level": 0}
"""The programs run for less time than it would take to optimize them."""

every = pytest.mark.parametrize("made", KNOWN.values(), ids=lambda made: made.name)
every_penalty = pytest.mark.parametrize("made", PENALTIES, ids=lambda made: made.name)


def initial(outputs=1):
    """Parameters of a small discriminator."""
    first, second = jax.random.normal(jax.random.key(2), (2, 5, 5))
    return {
        "first": first[:3],
        "second": second[:, :outputs] if outputs > 1 else second[:, 0],
        "scale": jnp.float32(1),
    }


def discriminator(w):
    """A two-layer discriminator whose outputs are of the size of its scale."""
    return lambda x, key: w["scale"] * (jnp.tanh(x @ w["first"]) @ w["second"])


def loss(regularizer, w, real, fake, step=0):
    """What an update of D descends: the 2014 game with the regularizer."""
    D = regularizer.opponent(discriminator(w), step)
    on_real, on_fake = both(D, real, fake, KEY)
    value = jax.nn.softplus(-on_real).mean() + jax.nn.softplus(on_fake).mean()
    if isinstance(regularizer, Penalty):
        value = value + regularizer.term(D, real, fake, KEY, 0)
    return value


compute = jax.jit(jax.value_and_grad(loss, argnums=1), compiler_options=QUICK)


def test_there_are_the_six():
    assert set(KNOWN) == {
        "r1", "r2", "gradient_penalty", "dragan", "instance_noise", "label_smoothing",
    }  # fmt: skip


@every
def test_losses_and_gradients_are_finite_whatever_the_size_of_the_outputs(made):
    for scale in (0.0, 1.0, 1e4, -1e4):
        for leaf in jax.tree.leaves(
            compute(made(), initial() | {"scale": jnp.float32(scale)}, REAL, FAKE)
        ):
            assert leaf.dtype == jnp.float32
            assert np.isfinite(leaf).all()


@every
def test_it_changes_the_gradient_of_d_and_jit_changes_nothing(made):
    _, plain = compute(made_without(made), initial(), REAL, FAKE)
    value, changed = compute(made(), initial(), REAL, FAKE)
    assert (changed["first"] != plain["first"]).any()
    np.testing.assert_allclose(loss(made(), initial(), REAL, FAKE), value, rtol=1e-5)


def made_without(made):
    """The regularizer with every number at 0."""
    return jax.tree.map(lambda leaf: 0.0 * leaf, made())


@every
def test_at_weight_zero_nothing_is_left_of_it(made):
    D = discriminator(initial())
    plain = jax.nn.softplus(-D(REAL, None)).mean() + jax.nn.softplus(D(FAKE, None)).mean()
    found, _ = compute(made_without(made), initial(), REAL, FAKE)
    np.testing.assert_allclose(found, plain, rtol=1e-6)


@every
def test_lanes_are_single_regularizers(made):
    several = [made(), jax.tree.map(lambda leaf: 0.5 * leaf, made())]
    together = jax.tree.map(lambda *leaves: jnp.stack(leaves), *several)
    in_lanes = jax.vmap(lambda each: loss(each, initial(), REAL, FAKE))
    lanes = jax.jit(in_lanes, compiler_options=QUICK)(together)
    for n, each in enumerate(several):
        alone, _ = compute(each, initial(), REAL, FAKE)
        np.testing.assert_allclose(lanes[n], alone, rtol=1e-5)


@every
def test_without_a_key_d_is_itself(made):
    D = discriminator(initial())
    np.testing.assert_array_equal(made().opponent(D, 0)(REAL, None), D(REAL, None))


@every_penalty
def test_a_penalty_takes_a_d_of_several_outputs(made):
    shape = jax.eval_shape(
        lambda w: made().term(discriminator(w), REAL, FAKE, KEY, 0), initial(outputs=2)
    )
    assert (shape.shape, shape.dtype) == ((), jnp.float32)


@pytest.mark.parametrize("made", LAZY, ids=lambda made: made.name)
def test_a_lazy_penalty_is_the_same_on_average_and_its_gradient_too(made):
    def term(w, every, number):
        return made(every=every).term(discriminator(w), REAL, FAKE, KEY, 0, number)

    slope = jax.jit(jax.value_and_grad(term), static_argnums=1, compiler_options=QUICK)
    found = [slope(initial(), 3, number) for number in range(6)]
    assert [float(value) != 0 for value, _ in found] == [False, False, True] * 2
    mean = jax.tree.map(lambda *leaves: sum(leaves) / len(leaves), *found)
    jax.tree.map(
        functools.partial(np.testing.assert_allclose, rtol=1e-5, atol=1e-5),
        mean,
        slope(initial(), 1, 0),
    )


def primitives(jaxpr):
    """The names of all operations of a program."""
    for equation in jaxpr.eqns:
        yield equation.primitive.name
        for inner in jaxprs_in_params(equation.params):
            yield from primitives(inner)


@pytest.mark.parametrize("made", LAZY, ids=lambda made: made.name)
def test_only_a_lazy_penalty_has_a_branch(made):
    def term(each, number):
        return each.term(discriminator(initial()), REAL, FAKE, KEY, 0, number)

    found = [set(primitives(jax.make_jaxpr(term)(made(every=n), 1).jaxpr)) for n in (1, 2)]
    assert ["cond" in names for names in found] == [False, True]


SPEC = DataSpec((3,))


compute_slope = jax.jit(discriminator_gradients, compiler_options=QUICK)


def learner_with(regularizer):
    architecture = REGISTRY["architecture"]["mlp"](discriminator_widths=(4,))
    learner, player = begin(architecture, SPEC, Minimax(), Sgd(), KEY)
    return Learner(
        graph=learner.graph,
        objective=learner.objective,
        optimizer=learner.optimizer,
        regularizer=regularizer,
    ), player


def test_the_parts_of_d_are_the_objective_and_the_penalties_and_sum_to_its_loss():
    chosen = {name: made() for name, made in reversed(KNOWN.items())}
    learner, player = learner_with(chosen)
    names = ("objective", *sorted(made.name for made in PENALTIES))
    assert learner.parts == names
    found = compute_slope(learner, player, jnp.int32(0), Lesson(REAL, FAKE, KEY))
    parts = [float(found.scalars[f"loss/discriminator/{name}"]) for name in names]
    assert float(found.scalars["loss/discriminator"]) == pytest.approx(sum(parts), rel=1e-6)


def test_what_a_penalty_draws_does_not_depend_on_those_beside_it():
    tags = {}
    for names in (["dragan"], ["dragan", "gradient_penalty", "r1"]):
        learner, player = learner_with({name: KNOWN[name]() for name in names})
        found = compute_slope(learner, player, jnp.int32(0), Lesson(REAL, FAKE, KEY))
        tags[len(names)] = float(found.scalars["loss/discriminator/dragan"])
    assert tags[1] == tags[3]


@pytest.mark.parametrize("objective", sorted(REGISTRY["objective"]))
def test_which_objectives_it_goes_with(objective):
    refused = (
        f"it changes the labels of a cross-entropy, and objective={objective} has none. "
        "Choose objective=minimax, objective=non_saturating, or objective=f_gan with "
        "objective.divergence=gan or jensen_shannon."
    )
    logits = objective in ("f_gan", "minimax", "non_saturating")
    for name, made in KNOWN.items():
        played = REGISTRY["objective"][objective]()
        expected = refused if name == "label_smoothing" and not logits else None
        if played.outputs > 1 and made.takes_slopes:
            expected = (
                f"it needs the slope of one number, and in objective={objective} D gives "
                f"{played.outputs}, with a constraint of their own. Leave it out."
            )
        assert made().misfit(played) == expected
