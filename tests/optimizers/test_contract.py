"""What every registered optimizer keeps; a new one is tested here without a line being added."""

import dataclasses

import jax
import jax.numpy as jnp
import numpy as np
import optax
import pytest

import gan_cli.optimizers  # noqa: F401  (registers them all)
from gan_cli.component import REGISTRY
from gan_cli.errors import UsageError
from gan_cli.loading import construct
from gan_cli.optimizers.schedules import Schedule

KNOWN = {
    name: made
    for name, made in sorted(REGISTRY["optimizer"].items())
    if made.__module__.startswith("gan_cli.")
}
GOAL = {"kernel": np.array([[1.0, -2.0], [0.5, 3.0]]), "bias": np.array([-1.0, 0.25])}

every = pytest.mark.parametrize("made", KNOWN.values(), ids=lambda made: made.name)


def loss(parameters):
    """A quadratic with its minimum at GOAL."""
    errors = jax.tree.map(lambda w, goal: jnp.square(w - goal).sum(), parameters, GOAL)
    return sum(jax.tree.leaves(errors))


def descend(optimizer, updates):
    """The parameters after some updates, one a step, from zero."""
    start = jax.tree.map(lambda goal: jnp.zeros(goal.shape), GOAL)

    def update(carry, step):
        parameters, state = carry
        change, state = optimizer.transformation(step).update(
            jax.grad(loss)(parameters), state, parameters
        )
        return (optax.apply_updates(parameters, change), state), None

    initial = (start, optimizer.transformation(jnp.int32(0)).init(start))
    return jax.lax.scan(update, initial, jnp.arange(updates))[0][0]


def variants(made):
    """The same optimizer with other numbers and other schedules."""
    plain = made()
    yield plain
    yield jax.tree.map(lambda leaf: 0.9 * leaf, plain)
    for kind in ("linear", "cosine", "exponential"):
        yield dataclasses.replace(plain, schedule=Schedule(kind=kind, steps=7))


def test_there_are_at_least_the_five():
    assert {"adam", "optimistic_adam", "optimistic_sgd", "rmsprop", "sgd"} <= set(KNOWN)


@every
def test_the_defaults_are_valid(made):
    construct(made, dataclasses.asdict(made()))
    construct(made, {"learning_rate": 0.0})


@every
def test_a_negative_learning_rate_is_refused(made):
    with pytest.raises(UsageError) as refused:
        construct(made, {"learning_rate": -1.0})
    assert str(refused.value) == "learning_rate=-1.0: must be at least 0."


@every
def test_it_goes_downhill(made):
    far, near = (loss(descend(made(learning_rate=0.01), n)) for n in (0, 500))
    assert near < far / 4


@every
def test_the_structure_of_the_state_is_the_same_for_all_numbers_steps_and_schedules(made):
    parameters = jax.tree.map(lambda goal: jnp.zeros(goal.shape), GOAL)
    found = {
        str(jax.tree.map(jnp.shape, optimizer.transformation(jnp.int32(step)).init(parameters)))
        for optimizer in variants(made)
        for step in (0, 5)
    }
    assert len(found) == 1


@every
def test_a_rate_of_zero_moves_nothing(made):
    moved = descend(made(learning_rate=0.0), 3)
    assert all((leaf == 0).all() for leaf in jax.tree.leaves(moved))


@every
def test_parameters_keep_their_type(made):
    moved = jax.eval_shape(lambda: descend(made(), 2))
    assert all(leaf.dtype == jnp.float32 for leaf in jax.tree.leaves(moved))


@every
def test_other_numbers_are_other_arguments_of_the_same_program(made):
    traces = []

    @jax.jit
    def train(optimizer):
        traces.append(optimizer)
        return descend(optimizer, 3)

    optimizers = [made(learning_rate=rate) for rate in (1e-3, 1e-2, 1e-1)]
    ends = [train(optimizer) for optimizer in optimizers]
    train(jax.tree.map(lambda leaf: 0.9 * leaf, made()))
    assert len(traces) == 1
    distances = [float(loss(end)) for end in ends]
    assert distances == sorted(distances, reverse=True)
    assert len(set(distances)) == 3

    lanes = jax.vmap(train)(jax.tree.map(lambda *leaves: jnp.stack(leaves), *optimizers))
    for n, end in enumerate(ends):
        jax.tree.map(
            lambda many, one, n=n: np.testing.assert_allclose(many[n], one, rtol=1e-5), lanes, end
        )


@every
def test_it_names_its_source(made):
    assert "Source:" in made.__doc__
