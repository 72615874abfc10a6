"""One training step against loops that are written out here, and what it must leave alone."""

import dataclasses
import functools
from collections.abc import Callable
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import optax
import pytest
from flax import nnx

from gan_cli import config
from gan_cli.architectures.base import DataSpec
from gan_cli.architectures.mlp import Mlp
from gan_cli.component import component
from gan_cli.config import Experiment, Recipe
from gan_cli.objectives.minimax import Minimax
from gan_cli.optimizers.base import Optimizer, Optimizers
from gan_cli.training.batches import Batch, Streamed
from gan_cli.training.chunk import draw
from gan_cli.training.game import Game
from gan_cli.training.networks import Networks
from gan_cli.training.outputs import measure
from gan_cli.training.random import Purpose, key_for
from gan_cli.training.state import Player, TrainState, begin, sampler
from gan_cli.training.step import CHECKED, averaged, tags

Make = Callable[..., Experiment]
Step = Callable[..., tuple[TrainState, dict[str, jax.Array]]]

POINTS = DataSpec((2,))
B = 8


def points(recipe: Recipe, steps: int, seed: int = 0) -> Streamed:
    """Minibatches of points, all different."""
    random = np.random.default_rng(seed)
    for_d = random.normal(1.0, 0.5, (steps, recipe.k, B, 2)).astype(np.float32)
    for_g = random.normal(1.0, 0.5, (steps, B, 2)).astype(np.float32)
    return Streamed(jnp.int32(0), Batch(jnp.asarray(for_d)), Batch(jnp.asarray(for_g)), None)


def latents(recipe: Recipe, step: int, inner: int) -> np.ndarray:
    key = key_for(recipe.seed, Purpose.LATENTS, step, inner)
    return np.asarray(recipe.architecture.sample_latent(key, recipe.batch_size))


def assert_same(a: Any, b: Any) -> None:
    """Equal to the bit."""
    jax.tree.map(np.testing.assert_array_equal, a, b)


# --- Linear networks, gradients derived by hand, in NumPy and float64 ------------------------

LINEAR = {"name": "mlp", "latent": 3, "generator_widths": [], "discriminator_widths": []}


@functools.cache
def begin_linear() -> tuple[Networks, TrainState]:
    """Linear networks and their first state, which no k, update or objective here changes."""
    recipe = config.load(
        {
            "dataset": {"name": "ring"},
            "architecture": LINEAR,
            "objective": {"name": "minimax"},
            "optimizer": sgd(0.0, 0.0),
        }
    ).recipe
    return begin(recipe, POINTS)


def sgd(g: float, d: float) -> dict[str, Any]:
    return {
        "generator": {"name": "sgd", "learning_rate": g, "momentum": 0.5},
        "discriminator": {"name": "sgd", "learning_rate": d, "momentum": 0.75},
    }


def sigmoid(x: np.ndarray) -> np.ndarray:
    return 1 / (1 + np.exp(-x))


def softplus(x: np.ndarray) -> np.ndarray:
    return np.logaddexp(0, x)


class Linear:
    """G(z) = z A + a and D(x) = x v + c, trained by Algorithm 1 with momentum."""

    def __init__(self, recipe: Recipe, state: TrainState, source: Streamed) -> None:
        self.recipe, self.source = recipe, source
        g, d = state.generator.parameters["output"], state.discriminator.parameters["output"]
        self.g = [np.asarray(g["kernel"], np.float64), np.asarray(g["bias"], np.float64)]
        self.d = [np.asarray(d["kernel"], np.float64)[:, 0], np.asarray(d["bias"], np.float64)[0]]
        self.g_trace = [0.0 * w for w in self.g]
        self.d_trace = [0.0 * w for w in self.d]

    def generate(self, z: np.ndarray) -> np.ndarray:
        return z @ self.g[0] + self.g[1]

    def update_d(self, real: np.ndarray, fake: np.ndarray) -> tuple[float, float]:
        v, c = self.d
        on_real, on_fake = real @ v + c, fake @ v + c
        loss = softplus(-on_real).mean() + softplus(on_fake).mean()
        by_real, by_fake = -sigmoid(-on_real) / B, sigmoid(on_fake) / B
        gradient = [real.T @ by_real + fake.T @ by_fake, by_real.sum() + by_fake.sum()]
        self.d_trace = [g + 0.75 * t for g, t in zip(gradient, self.d_trace, strict=True)]
        rate = self.recipe.optimizer.discriminator.learning_rate
        self.d = [w - rate * t for w, t in zip(self.d, self.d_trace, strict=True)]
        return loss, np.sqrt(sum((g**2).sum() for g in gradient))

    def update_g(self, z: np.ndarray, v: np.ndarray, c: float) -> tuple[float, float]:
        on_fake = self.generate(z) @ v + c
        if self.recipe.objective.name == "minimax":
            loss, slope = -softplus(on_fake).mean(), -sigmoid(on_fake) / B
        else:
            loss, slope = softplus(-on_fake).mean(), -sigmoid(-on_fake) / B
        by_x = slope[:, None] * v
        gradient = [z.T @ by_x, by_x.sum(axis=0)]
        self.g_trace = [g + 0.5 * t for g, t in zip(gradient, self.g_trace, strict=True)]
        rate = self.recipe.optimizer.generator.learning_rate
        self.g = [w - rate * t for w, t in zip(self.g, self.g_trace, strict=True)]
        return loss, np.sqrt(sum((g**2).sum() for g in gradient))

    def step(self, number: int) -> dict[str, float]:
        k, simultaneous = self.recipe.k, self.recipe.update == "simultaneous"
        real = np.asarray(self.source.generator.x[number], np.float64)
        z = latents(self.recipe, number, k)
        for inner in range(k):
            opponent = self.d
            real_d = np.asarray(self.source.discriminator.x[number, inner], np.float64)
            z_d = latents(self.recipe, number, inner)
            d_loss, d_norm = self.update_d(real_d, self.generate(z_d))
        if simultaneous:
            real, z = real_d, z_d
        else:
            opponent = self.d
        v, c = opponent
        on_real, on_fake = real @ v + c, self.generate(z) @ v + c
        g_loss, g_norm = self.update_g(z, v, c)
        return {
            "loss/discriminator": d_loss,
            "loss/generator": g_loss,
            "gradient_norm/discriminator": d_norm,
            "gradient_norm/generator": g_norm,
            "discriminator/real": on_real.mean(),
            "discriminator/fake": on_fake.mean(),
            "discriminator/accuracy": ((on_real > 0).mean() + (on_fake <= 0).mean()) / 2,
            "divergence/jensen_shannon": np.log(2)
            - (softplus(-on_real).mean() + softplus(on_fake).mean()) / 2,
        }


@pytest.mark.parametrize("update", ["alternating", "simultaneous"])
@pytest.mark.parametrize(
    ("k", "objective"), [(1, "minimax"), (2, "non_saturating"), (5, "minimax")]
)
def test_a_step_equals_the_loop_written_out(
    make: Make, take_step: Step, k: int, objective: str, update: str
) -> None:
    recipe = make(
        architecture=LINEAR,
        objective={"name": objective},
        optimizer=sgd(0.1, 0.2),
        k=k,
        update=update,
        ema=0.0,
        seed=7,
    ).recipe
    networks, state = begin_linear()
    source = points(recipe, steps=3)
    loop = Linear(recipe, state, source)
    for number in range(3):
        state, scalars = take_step(Game(networks, recipe, source), state, True)
        expected = loop.step(number)
        assert int(state.step) == number + 1
        assert {*scalars} == {*tags(recipe)}
        assert {tag: float(value) for tag, value in scalars.items()} == pytest.approx(
            expected, rel=1e-4, abs=1e-6
        )
        trace = state.discriminator.optimizer[0].trace["output"]
        G, D = (player.parameters["output"] for player in (state.generator, state.discriminator))
        for found, wanted in [
            (G["kernel"], loop.g[0]),
            (G["bias"], loop.g[1]),
            (D["kernel"][:, 0], loop.d[0]),
            (D["bias"][0], loop.d[1]),
            (trace["kernel"][:, 0], loop.d_trace[0]),
        ]:
            np.testing.assert_allclose(found, wanted, rtol=1e-4, atol=1e-6)


def test_in_simultaneous_updates_g_meets_d_as_it_was(make: Make, take_step: Step) -> None:
    """G's update then knows neither D's learning rate nor a minibatch of its own."""
    after = {}
    for update in ("simultaneous", "alternating"):
        for rate in (0.1, 0.9):
            recipe = make(
                architecture=LINEAR, optimizer=sgd(0.1, rate), k=1, update=update, ema=0.0
            ).recipe
            networks, state = begin_linear()
            source = points(recipe, steps=1)
            if update == "simultaneous":
                source.generator = Batch(jnp.full_like(source.generator.x, jnp.nan))
            state, scalars = take_step(Game(networks, recipe, source), state, True)
            assert np.isfinite(list(map(float, scalars.values()))).all()
            after[update, rate] = state.generator.parameters
    assert_same(after["simultaneous", 0.1], after["simultaneous", 0.9])
    with pytest.raises(AssertionError):
        assert_same(after["alternating", 0.1], after["alternating", 0.9])


# --- Hidden layers, Adam and weight clipping, with jax.grad of closures written here ----------


def forward(p: Any, x: jax.Array) -> jax.Array:
    for layer in p["hidden"].values():
        x = jnp.maximum(x @ layer["kernel"] + layer["bias"][None], 0.0)
    return x @ p["output"]["kernel"] + p["output"]["bias"][None]


class Adam:
    """Kingma and Ba 2015, Algorithm 1, in NumPy."""

    def __init__(self, rate: float, b1: float, b2: float) -> None:
        self.rate, self.b1, self.b2, self.t = rate, b1, b2, 0
        self.m: Any = 0.0
        self.v: Any = 0.0

    def __call__(self, parameters: Any, gradients: Any) -> Any:
        flat, structure = jax.tree.flatten(gradients)
        flat = [np.asarray(g, np.float64) for g in flat]
        self.t += 1
        old_m, old_v = (self.m, self.v) if self.t > 1 else ([0.0] * len(flat),) * 2
        self.m = [self.b1 * m + (1 - self.b1) * g for m, g in zip(old_m, flat, strict=True)]
        self.v = [self.b2 * v + (1 - self.b2) * g**2 for v, g in zip(old_v, flat, strict=True)]
        steps = [
            self.rate * (m / (1 - self.b1**self.t)) / (np.sqrt(v / (1 - self.b2**self.t)) + 1e-8)
            for m, v in zip(self.m, self.v, strict=True)
        ]
        changes = jax.tree.unflatten(structure, steps)
        return jax.tree.map(lambda w, s: (w - s).astype(np.float32), parameters, changes)


def test_wgan_with_adam_equals_the_loop_written_out(make: Make, take_step: Step) -> None:
    k, clip = 5, 0.05
    recipe = make(
        architecture={
            "name": "mlp",
            "latent": 3,
            "generator_widths": [6],
            "discriminator_widths": [6],
        },
        objective={"name": "wgan", "clip": clip},
        optimizer={
            "generator": {"name": "adam", "learning_rate": 0.02, "b1": 0.5, "b2": 0.9},
            "discriminator": {"name": "adam", "learning_rate": 0.03, "b1": 0.0, "b2": 0.99},
        },
        k=k,
        ema=0.0,
    ).recipe
    networks, state = begin(recipe, POINTS)
    source = points(recipe, steps=3)
    G, D = jax.device_get((state.generator.parameters, state.discriminator.parameters))
    assert max(np.abs(w).max() for w in jax.tree.leaves(D)) <= np.float32(clip)
    g_adam, d_adam = Adam(0.02, 0.5, 0.9), Adam(0.03, 0.0, 0.99)
    by_d = jax.jit(jax.value_and_grad(lambda D, x, y: forward(D, y).mean() - forward(D, x).mean()))
    by_g = jax.jit(jax.value_and_grad(lambda G, D, z: -forward(D, forward(G, z)).mean()))
    for number in range(3):
        for inner in range(k):
            real = source.discriminator.x[number, inner]
            fake = forward(G, latents(recipe, number, inner))
            d_loss, gradients = by_d(D, real, fake)
            D = jax.tree.map(lambda w: np.clip(w, -clip, clip), d_adam(D, gradients))
        z = latents(recipe, number, k)
        g_loss, gradients = by_g(G, D, z)
        G = g_adam(G, gradients)

        state, scalars = take_step(Game(networks, recipe, source), state, True)
        assert float(scalars["loss/discriminator"]) == pytest.approx(float(d_loss), abs=1e-5)
        assert float(scalars["loss/generator"]) == pytest.approx(float(g_loss), abs=1e-5)
        for player, wanted in ((state.generator, G), (state.discriminator, D)):
            close = functools.partial(np.testing.assert_allclose, atol=2e-5)
            jax.tree.map(close, player.parameters, wanted)
        largest = max(
            float(jnp.abs(w).max()) for w in jax.tree.leaves(state.discriminator.parameters)
        )
        assert largest == np.float32(clip)
        assert int(state.discriminator.optimizer[0].count) == k * (number + 1)
        assert int(state.generator.optimizer[0].count) == number + 1


# --- Who is updated how often, and what stays ------------------------------------------------


@component
class Climbing(Optimizer):
    """Adds the learning rate to every parameter, whatever the gradient."""

    def transformation(self, step: jax.Array) -> optax.GradientTransformation:
        def update(gradients: Any, state: Any, parameters: Any) -> Any:
            return jax.tree.map(lambda g: jnp.full_like(g, self.learning_rate), gradients), state

        return optax.GradientTransformation(lambda _: optax.EmptyState(), update)


class Remembering(nnx.Module):
    """A linear D that changes a state of its own whenever it is called."""

    def __init__(self, rngs: nnx.Rngs) -> None:
        self.output = nnx.Linear(2, 1, rngs=rngs)
        self.calls = nnx.BatchStat(jnp.zeros(()))

    def __call__(self, x: jax.Array, *, key: jax.Array | None) -> jax.Array:
        self.calls[...] = self.calls[...] + 1.0
        return self.output(x)[:, 0] + 0.1 * self.calls[...]


@component
class Watched(Mlp):
    """The usual G, and the D that remembers."""

    def discriminator(self, data: DataSpec, rngs: nnx.Rngs, outputs: int = 1) -> nnx.Module:
        return Remembering(rngs)


@pytest.fixture(scope="module")
def watched() -> Callable[..., Recipe]:
    """A recipe whose every update adds 0.25 to D and 0.5 to G."""

    def recipe(k: int, update: str) -> Recipe:
        return Recipe(
            architecture=Watched(latent=3, generator_widths=(4,), generator_batch_norm=True),
            objective=Minimax(),
            optimizer=Optimizers(
                generator=Climbing(learning_rate=0.5), discriminator=Climbing(learning_rate=0.25)
            ),
            k=k,
            batch_size=B,
            update=update,
            ema=0.2,
        )

    return recipe


@pytest.mark.parametrize(("k", "update"), [(3, "alternating"), (2, "simultaneous")])
def test_d_is_updated_k_times_a_step_and_g_once(
    watched: Callable[..., Recipe], take_step: Step, k: int, update: str
) -> None:
    recipe = watched(k, update)
    networks, state = begin(recipe, POINTS)
    start = jax.device_get(state)
    source = points(recipe, steps=4)
    mean, var = np.zeros(4), np.ones(4)
    average = start.generator.average
    mean_average, var_average = mean, var
    assert_same(average, start.generator.parameters)
    for number in range(4):
        kernel = np.asarray(state.generator.parameters["hidden"][0]["kernel"])
        h = latents(recipe, number, k if update == "alternating" else k - 1) @ kernel
        mean, var = 0.9 * mean + 0.1 * h.mean(axis=0), 0.9 * var + 0.1 * h.var(axis=0)
        state, _ = take_step(Game(networks, recipe, source), state, True)

        def added(total: float) -> Any:
            return lambda a, b: np.testing.assert_allclose(a, b + total, rtol=1e-6, atol=1e-7)

        for player, total in (("discriminator", 0.25 * k), ("generator", 0.5)):
            found, first = getattr(state, player).parameters, getattr(start, player).parameters
            jax.tree.map(added(total * (number + 1)), found, first)
        kept = min(0.2, [1 / 10, 2 / 11, 3 / 12, 4 / 13][number])
        average = jax.tree.map(
            lambda a, w, d=kept: d * a + (1 - d) * np.asarray(w),
            average,
            state.generator.parameters,
        )
        jax.tree.map(
            lambda a, b: np.testing.assert_allclose(a, b, rtol=1e-6, atol=1e-7),
            state.generator.average,
            average,
        )

        mean_average = kept * mean_average + (1 - kept) * mean
        var_average = kept * var_average + (1 - kept) * var
        for found, means, variances in (
            (state.generator.statistics, mean, var),
            (sampler(networks, state).statistics, mean_average, var_average),
        ):
            np.testing.assert_allclose(found["norms"][0]["mean"], means, rtol=1e-4, atol=1e-6)
            np.testing.assert_allclose(found["norms"][0]["var"], variances, rtol=1e-4)
        assert len(jax.tree.leaves(start.discriminator.statistics)) == 1
        assert_same(state.discriminator.statistics, start.discriminator.statistics)


def test_a_sample_does_not_depend_on_how_many_are_drawn(
    watched: Callable[..., Recipe], take_step: Step
) -> None:
    recipe = watched(3, "alternating")
    networks, state = begin(recipe, POINTS)
    state, _ = take_step(Game(networks, recipe, points(recipe, steps=1)), state, False)
    z = recipe.architecture.sample_latent(jax.random.key(5), 16)
    network = sampler(networks, state)
    many = np.asarray(draw(network, z, recipe.precision))
    one = draw(network, z[3:4], recipe.precision)
    np.testing.assert_allclose(one, many[3:4], rtol=1e-5, atol=1e-6)

    player = jax.device_get(state.generator)
    p, norm = player.average, player.average_statistics["norms"][0]
    h = (np.asarray(z) @ p["hidden"][0]["kernel"] - norm["mean"]) / np.sqrt(norm["var"] + 1e-5)
    h = np.maximum(h * p["norms"][0]["scale"] + p["norms"][0]["bias"], 0)
    expected = h @ p["output"]["kernel"] + p["output"]["bias"]
    np.testing.assert_allclose(many, expected, rtol=1e-4, atol=1e-5)


def test_of_statistics_in_whole_numbers_the_newest_are_kept() -> None:
    """By hand: at step 0 a tenth of the old stays."""
    old, new = (
        {"mean": jnp.float32(mean), "wide": jnp.bfloat16(mean), "calls": jnp.int32(calls)}
        for mean, calls in ((1.0, 3), (2.0, 4))
    )
    before = Player({}, old, None, average={}, average_statistics=old)
    found = averaged(0.999, jnp.int32(0), before, before._replace(statistics=new))
    types = {name: str(each.dtype) for name, each in found.average_statistics.items()}
    assert types == {"mean": "float32", "wide": "bfloat16", "calls": "int32"}
    numbers = {name: float(each) for name, each in found.average_statistics.items()}
    assert numbers == pytest.approx({"mean": 1.9, "wide": 1.9, "calls": 4}, rel=1e-2)


def test_one_update_that_is_not_finite_shows_in_the_scalars(
    watched: Callable[..., Recipe], take_step: Step
) -> None:
    """Even when the updates after it, here of an optimizer that ignores gradients, are finite."""
    recipe = watched(3, "alternating")
    networks, state = begin(recipe, POINTS)
    source = points(recipe, steps=1)
    source.discriminator = Batch(source.discriminator.x.at[0, 0, 2].set(jnp.inf))
    after, scalars = take_step(Game(networks, recipe, source), state, True)
    finite = {tag: bool(np.isfinite(scalars[tag])) for tag in CHECKED}
    assert finite == {
        "loss/discriminator": False,
        "loss/generator": True,
        "gradient_norm/discriminator": False,
        "gradient_norm/generator": True,
    }
    assert all(np.isfinite(w).all() for w in jax.tree.leaves(after))


def test_measuring_changes_nothing(watched: Callable[..., Recipe], take_step: Step) -> None:
    recipe = watched(3, "alternating")
    networks, state = begin(recipe, POINTS)
    source = points(recipe, steps=1)
    measured, seen = take_step(Game(networks, recipe, source), state, True)
    unmeasured, unseen = take_step(Game(networks, recipe, source), state, False)
    assert_same(measured, unmeasured)
    assert {tag: float(seen[tag]) for tag in CHECKED} == {
        tag: float(unseen[tag]) for tag in CHECKED
    }
    others = set(seen) - set(CHECKED)
    assert all(float(seen[tag]) != 0 for tag in others)
    assert all(float(unseen[tag]) == 0 for tag in others)


@component
class InParts(Minimax):
    """Minimax's game with the losses taken apart."""

    discriminator_parts = ("real", "fake")
    generator_parts = ("whole",)

    def discriminator_loss(self, D: Any, real: jax.Array, fake: jax.Array, key: jax.Array) -> Any:
        real_key, fake_key = jax.random.split(key)
        return {
            "real": jax.nn.softplus(-D(real, real_key)).mean(),
            "fake": jax.nn.softplus(D(fake, fake_key)).mean(),
        }

    def generator_loss(self, D: Any, real: jax.Array, fake: jax.Array, key: jax.Array) -> Any:
        return {"whole": super().generator_loss(D, real, fake, key)}


def test_the_parts_of_a_loss_are_logged_and_change_no_number(make: Make, take_step: Step) -> None:
    plain = dataclasses.replace(make(k=2).recipe, objective=Minimax())
    networks, state = begin(plain, POINTS)
    source = points(plain, steps=1)
    parted = dataclasses.replace(plain, objective=InParts())
    expected, one = take_step(Game(networks, plain, source), state, True)
    after, other = take_step(Game(networks, parted, source), state, True)
    assert_same(after, expected)
    parts = {"discriminator": ("real", "fake"), "generator": ("whole",)}
    more = {f"loss/{player}/{part}" for player, names in parts.items() for part in names}
    assert set(other) == set(one) | more == set(tags(parted))
    for player, names in parts.items():
        whole = sum(float(other[f"loss/{player}/{part}"]) for part in names)
        assert float(other[f"loss/{player}"]) == float(one[f"loss/{player}"])
        assert whole == pytest.approx(float(one[f"loss/{player}"]), rel=1e-6)


SMALL = {
    "name": "mlp",
    "latent": 3,
    "generator_widths": [4],
    "discriminator_widths": [4],
    "generator_batch_norm": True,
}


def small(make: Make, precision: str) -> Recipe:
    return make(
        architecture=SMALL, optimizer=sgd(0.1, 0.1), k=1, ema=0.0, precision=precision
    ).recipe


def test_d_learns_from_samples_that_are_normalised_by_their_batch(
    make: Make, take_step: Step
) -> None:
    recipe = small(make, "float32")
    networks, state = begin(recipe, POINTS)
    source = points(recipe, steps=1)
    G, D = jax.device_get((state.generator.parameters, state.discriminator.parameters))
    h = latents(recipe, 0, 0) @ G["hidden"][0]["kernel"]
    h = (h - h.mean(axis=0)) / np.sqrt(h.var(axis=0) + 1e-5)
    h = np.maximum(h * G["norms"][0]["scale"] + G["norms"][0]["bias"], 0)
    fake = h @ G["output"]["kernel"] + G["output"]["bias"]
    on_real, on_fake = np.asarray(forward(D, source.discriminator.x[0, 0])), forward(D, fake)
    expected = softplus(-on_real).mean() + softplus(np.asarray(on_fake)).mean()
    _, scalars = take_step(Game(networks, recipe, source), state, True)
    assert float(scalars["loss/discriminator"]) == pytest.approx(expected, rel=1e-5)


def test_bfloat16_is_for_the_arithmetic_alone(make: Make, take_step: Step) -> None:
    scalars, states = {}, {}
    for precision in ("float32", "bfloat16"):
        recipe = small(make, precision)
        networks, state = begin(recipe, POINTS)
        source = points(recipe, steps=1)
        states[precision], scalars[precision] = take_step(
            Game(networks, recipe, source), state, True
        )
    assert jax.tree.map(lambda w: w.dtype, states["bfloat16"]) == jax.tree.map(
        lambda w: w.dtype, states["float32"]
    )
    assert {value.dtype for value in scalars["bfloat16"].values()} == {jnp.dtype("float32")}
    for tag in CHECKED:
        exact, rounded = float(scalars["float32"][tag]), float(scalars["bfloat16"][tag])
        assert exact != rounded
        assert exact == pytest.approx(rounded, rel=0.05)


# --- What D says ------------------------------------------------------------------------------

REAL = np.array([2.0, 0.6, -0.3, 1.5], np.float32)
FAKE = np.array([-1.2, 0.4, 0.7, -0.1], np.float32)
JS = np.log(2) - (softplus(-REAL).mean() + softplus(FAKE).mean()) / 2
TV = 1 - (np.maximum(0, 1 - REAL).mean() + np.maximum(0, 1 + FAKE).mean()) / 2
LC = 2 - 4 * (((REAL - 1) ** 2).mean() + (FAKE**2).mean())
W1 = REAL.mean() - FAKE.mean()
PAIRS = np.log(2) - np.log1p(np.exp(FAKE - REAL[:, None])).mean()


@pytest.mark.parametrize(
    ("objective", "name", "divergence", "accuracy"),
    [
        ("minimax", "jensen_shannon", JS, 5 / 8),
        ("non_saturating", "jensen_shannon", JS, 5 / 8),
        ("hinge", "total_variation", TV, 5 / 8),
        ("least_squares", "triangular_discrimination", LC, 6 / 8),
        ("wgan", "wasserstein_1", W1, 5 / 8),
        ("wgan_gp", "wasserstein_1", W1, 5 / 8),
        ("relativistic", "relativistic", PAIRS, (REAL[:, None] > FAKE).mean()),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_d_says_is_measured(
    make: Make, objective: str, name: str, divergence: float, accuracy: float
) -> None:
    recipe = make(objective={"name": objective}).recipe
    asked: list[jax.Array | None] = []

    def D(x: jax.Array, key: jax.Array | None) -> jax.Array:
        asked.append(key)
        return x[:, 0]

    found = measure(recipe.objective, D, jnp.asarray(REAL)[:, None], jnp.asarray(FAKE)[:, None])
    assert {tag: float(value) for tag, value in found.items()} == pytest.approx(
        {
            "discriminator/real": REAL.mean(),
            "discriminator/fake": FAKE.mean(),
            "discriminator/accuracy": accuracy,
            f"divergence/{name}": divergence,
        },
        rel=1e-5,
    )
    assert asked == [None, None], "without dropout"
