"""G's gradient through D's answer: against a loop written out, and in every game."""

import functools
import itertools
from collections.abc import Callable
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import optax
import pytest

from gan_cli.architectures.base import DataSpec
from gan_cli.component import REGISTRY
from gan_cli.config import Experiment
from gan_cli.optimizers.adam import Adam
from gan_cli.optimizers.base import Optimizer
from gan_cli.optimizers.rmsprop import Rmsprop
from gan_cli.training.batches import Batch, Streamed
from gan_cli.training.game import Game, Meeting
from gan_cli.training.generator_update import generator_gradients
from gan_cli.training.random import Purpose, key_for
from gan_cli.training.state import TrainState, begin, outline
from gan_cli.training.unrolling import Differentiable
from tests.training.test_combinations import ARCHITECTURES

Make = Callable[..., Experiment]
Step = Callable[..., tuple[TrainState, dict[str, jax.Array]]]

B, RATE, MOMENTUM = 8, 0.3, 0.5
LINEAR = {"name": "mlp", "latent": 3, "generator_widths": [], "discriminator_widths": []}
SGD = {"name": "sgd", "learning_rate": RATE, "momentum": MOMENTUM}


# --- Linear networks, in NumPy and float64 ----------------------------------------------------


def update_d(d: np.ndarray, trace: np.ndarray, real: np.ndarray, fake: np.ndarray) -> Any:
    """D(x) = x v + c after one update of the minimax game, d = (v, c), and its running sum."""
    on_real, on_fake = real @ d[:2] + d[2], fake @ d[:2] + d[2]
    by_real, by_fake = -1 / (1 + np.exp(on_real)) / B, 1 / (1 + np.exp(-on_fake)) / B
    gradient = np.append(real.T @ by_real + fake.T @ by_fake, by_real.sum() + by_fake.sum())
    trace = gradient + MOMENTUM * trace
    return d - RATE * trace, trace


def differences(f: Callable[[np.ndarray], float], at: np.ndarray) -> np.ndarray:
    """The gradient of f by central differences."""
    steps = 1e-5 * np.eye(at.size)
    return np.array([(f(at + h) - f(at - h)) / 2e-5 for h in steps])


@pytest.mark.parametrize(("update", "unroll"), [("alternating", 2), ("simultaneous", 1)])
def test_the_gradient_is_that_of_the_loop_written_out(
    make: Make, take_step: Step, update: str, unroll: int
) -> None:
    """f(theta_G, theta_D^K(theta_G)), while D itself is updated as usual."""
    recipe = make(
        architecture=LINEAR,
        optimizer={"generator": SGD, "discriminator": SGD},
        k=1,
        update=update,
        unroll=unroll,
        ema=0.0,
    ).recipe
    networks, state = begin(recipe, DataSpec((2,)))
    for_d, for_g = np.random.default_rng(0).normal(1.0, 0.5, (2, B, 2)).astype(np.float32)
    z_d, z_g = (
        np.asarray(
            recipe.architecture.sample_latent(key_for(recipe.seed, Purpose.LATENTS, 0, inner), B)
        )
        for inner in (0, 1)
    )
    batches = Batch(jnp.asarray(for_d)[None, None]), Batch(jnp.asarray(for_g)[None])
    source = Streamed(jnp.int32(0), *batches, None)
    G, D = (p.parameters["output"] for p in (state.generator, state.discriminator))
    g = np.append(np.ravel(G["kernel"]), G["bias"]).astype(np.float64)
    d = np.append(D["kernel"][:, 0], D["bias"]).astype(np.float64)

    def generate(g: np.ndarray, z: np.ndarray) -> np.ndarray:
        return z @ g[:6].reshape(3, 2) + g[6:]

    later = update_d(d, np.zeros(3), for_d, generate(g, z_d))
    met, real, z = (later, for_g, z_g)
    if update == "simultaneous":
        met, real, z = (d, np.zeros(3)), for_d, z_d

    def surrogate(g: np.ndarray) -> float:
        fake, (d, trace) = generate(g, z), met
        for _ in range(unroll):
            d, trace = update_d(d, trace, real, fake)
        on_real, on_fake = real @ d[:2] + d[2], fake @ d[:2] + d[2]
        return float(-np.logaddexp(0, -on_real).mean() - np.logaddexp(0, on_fake).mean())

    state, scalars = take_step(Game(networks, recipe, source), state, False)
    assert float(scalars["loss/generator"]) == pytest.approx(surrogate(g), rel=1e-5)
    found = state.generator.optimizer[0].trace["output"]
    gradient = np.append(np.ravel(found["kernel"]), found["bias"])
    np.testing.assert_allclose(gradient, differences(surrogate, g), rtol=1e-4, atol=1e-6)
    D = state.discriminator.parameters["output"]
    np.testing.assert_allclose(np.append(D["kernel"][:, 0], D["bias"]), later[0], rtol=1e-5)


# --- Derivatives where a running square is 0 --------------------------------------------------


@pytest.mark.parametrize("optimizer", [Adam(), Rmsprop()], ids=lambda made: made.name)
def test_a_gradient_whose_square_is_0_spoils_no_derivative(optimizer: Optimizer) -> None:
    """Two updates of a parameter that matters, alone and beside those of units that are dead."""
    dead = jnp.array([0.0, 1e-25])

    @functools.partial(jax.jit, static_argnames="others")
    def moved(optimizer: Optimizer, slope: jax.Array, others: int) -> Any:
        def total(slope: jax.Array) -> jax.Array:
            parameters = jnp.zeros(1 + others)
            transformation = optimizer.transformation(jnp.int32(0))
            state = transformation.init(parameters)
            for gradient in (slope, 1.0):
                gradients = jnp.append(gradient, slope * dead[:others])
                changes, state = transformation.update(gradients, state)
                parameters = optax.apply_updates(parameters, changes)
            return parameters.sum()

        return jax.value_and_grad(total)(slope)

    smooth = Differentiable(inner=optimizer)
    value, alone = map(float, moved(optimizer, 2.0, 0))
    assert abs(alone) > 1e-6
    assert [*map(float, moved(smooth, 2.0, 2))] == pytest.approx([value, alone], rel=1e-4)
    plain, undefined = moved(optimizer, 2.0, 2)
    assert plain == moved(smooth, 2.0, 2)[0]
    assert not np.isfinite(undefined)


# --- Every game -------------------------------------------------------------------------------

Case = tuple[str, str, tuple[str, str]]

COVERING: list[Case] = [
    ("hinge", "adam", ("mlp", "ring")),
    ("least_squares", "rmsprop", ("maxout", "ring")),
    ("minimax", "adam", ("dcgan", "digits")),
    ("non_saturating", "sgd", ("mlp", "digits")),
    ("relativistic", "rmsprop", ("mlp", "ring")),
    ("relativistic_average", "sgd", ("maxout", "digits")),
    ("wgan", "rmsprop", ("mlp", "ring")),
    ("wgan_gp", "adam", ("maxout", "ring")),
]
"""Each objective, each optimizer and each architecture on its data at least once."""


def every_case() -> list[Any]:
    """Those that cover everything, and every objective with every optimizer, the rarer at night."""
    rest = itertools.product(
        sorted(REGISTRY["objective"]), sorted(REGISTRY["optimizer"]), [("maxout", "ring")]
    )
    names = {"-".join(map(str, case)): case for case in [*COVERING, *rest]}
    return [
        pytest.param(case, id=name, marks=[] if case in COVERING else [_mark(case)])
        for name, case in names.items()
    ]


def _mark(case: Case) -> pytest.MarkDecorator:
    rare = {"cramer", "f_gan", "mmd"} & {case[0]} or case[1].startswith("optimistic")
    return pytest.mark.long if rare else pytest.mark.slow


def assert_g_has_a_gradient(experiment: Experiment) -> None:
    """By its shapes and types; nothing is computed."""
    shape, recipe = experiment.dataset.shape, experiment.recipe
    networks, state = outline(recipe, DataSpec(shape))

    def gradients(state: TrainState) -> Any:
        batch = Batch(jnp.zeros((B, *shape)))
        game = Game(networks, recipe, Streamed(state.step, batch, batch, None))
        latents = game.latents(state.step, 0)
        meeting = Meeting(state.discriminator, state.step, latents, lambda: batch)
        return generator_gradients(game, state, meeting).gradients

    assert jax.eval_shape(gradients, state) == state.generator.parameters


@pytest.mark.parametrize("case", every_case())
def test_it_goes_with_every_game(make: Make, case: Case) -> None:
    objective, optimizer, (architecture, dataset) = case
    player = {"name": optimizer}
    assert_g_has_a_gradient(
        make(
            objective={"name": objective},
            optimizer={"generator": player, "discriminator": player},
            architecture={"name": architecture, "latent": 4} | ARCHITECTURES[architecture],
            dataset={"name": dataset},
            unroll=2,
        )
    )


def test_it_goes_with_a_lazy_penalty_and_with_what_changes_d(make: Make) -> None:
    lazy = {"r1": {"name": "r1", "weight": 0.1, "every": 4}}
    others = {name: {"name": name} for name in ("instance_noise", "label_smoothing")}
    assert_g_has_a_gradient(make(regularizer=lazy | others, unroll=2))
