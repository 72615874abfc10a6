"""Operations counted over a jaxpr, against counts by hand and the compiler's own."""

from collections.abc import Callable
from itertools import pairwise
from typing import Any

import jax
import jax.numpy as jnp
import pytest
from jax import lax

from gan_cli.bench.flops import Flops, count, of_step
from gan_cli.prepared import Prepared
from gan_cli.training.batches import permute
from gan_cli.training.game import Game
from gan_cli.training.state import TrainState
from gan_cli.training.state import count as count_parameters
from gan_cli.training.step import CHECKED, train_step

Make = Callable[..., Prepared]


def of(function: Callable[..., Any], *shapes: tuple[int, ...]) -> Flops:
    return count(jax.make_jaxpr(function)(*(jnp.zeros(shape) for shape in shapes)))


def compiled(function: Callable[..., Any], *shapes: tuple[int, ...]) -> float:
    """The compiler's count, which is right where there is no loop."""
    zeros = [jnp.zeros(shape) for shape in shapes]
    return float(jax.jit(function).lower(*zeros).compile().cost_analysis()["flops"])


# --- A step ------------------------------------------------------------------------------------


def layers(batch: int, *widths: int) -> list[int]:
    """The operations of a linear layer's product, for each layer of a network."""
    return [2 * batch * a * b for a, b in pairwise(widths)]


def by_hand(batch: int, k: int, generator: list[int], discriminator: list[int]) -> int:
    """The matrix products of a step of the minimax game.

    Going back, a layer has one product for its weights and one for its input; the first layer's
    input needs none, but D's does when G is updated, whose weights D's do not matter for.
    """
    g, d = sum(generator), sum(discriminator)
    update_d = g + 2 * (d + d + d - discriminator[0])  # on data and on samples
    update_g = (g + d) + d + (g + g - generator[0])
    return k * update_d + update_g


def game_of(problem: Prepared) -> Game:
    source, _ = problem.feed().at(0)
    return Game(problem.networks, problem.experiment.recipe, source)


@pytest.mark.parametrize("k", [1, 5])
@pytest.mark.parametrize("update", ["alternating", "simultaneous"])
def test_a_step_s_products_are_those_counted_by_hand(make: Make, k: int, update: str) -> None:
    problem = make(k=k, update=update)
    game, state = game_of(problem), problem.abstract
    generator, discriminator = layers(8, 3, 5, 7, 2), layers(8, 2, 6, 4, 1)
    expected = by_hand(8, k, generator, discriminator)
    found = of_step(game, state)
    assert found.products == expected

    whole = count(jax.make_jaxpr(train_step)(game, state, jnp.bool_(True)))
    assert whole.products == expected + 2 * sum(discriminator)  # D once more on data and samples
    assert whole.other > found.other


def test_the_optimizers_work_is_in_the_rest(make: Make) -> None:
    """Plain gradient descent does without Adam's moments; all else is the same."""
    rest = {}
    for name in ("adam", "sgd"):
        player = {"name": name, "learning_rate": 0.001}
        problem = make(optimizer={"generator": player, "discriminator": player})
        rest[name] = of_step(game_of(problem), problem.abstract)
    players = problem.abstract.generator, problem.abstract.discriminator
    parameters = sum(count_parameters(player.parameters) for player in players)
    assert rest["adam"].products == rest["sgd"].products
    more = rest["adam"].other - rest["sgd"].other
    assert 8 * parameters < more < 20 * parameters


def test_a_step_with_a_penalty_against_the_compiler(make: Make) -> None:
    """With k = 1 there is no loop to mislead it; it counts the integers of random numbers too."""
    objective = {"name": "wgan_gp"}
    wide = {"name": "mlp", "generator_widths": [256, 256], "discriminator_widths": [256, 256]}
    problem = make(objective=objective, architecture=wide, batch_size=64)
    game, state = game_of(problem), problem.abstract

    def step(game: Game, state: TrainState) -> Any:
        after, scalars = train_step(game, state, jnp.bool_(False))
        return after, [scalars[tag] for tag in CHECKED]

    analysis = jax.jit(step).lower(game, state).compile().cost_analysis()
    found = of_step(game, state)
    assert found.total == pytest.approx(analysis["flops"], rel=0.03)


# --- Single operations -------------------------------------------------------------------------


def test_a_product_a_sum_a_tanh_and_a_reduction() -> None:
    assert of(lambda x, w, b: jnp.tanh(x @ w + b).sum(), (8, 3), (3, 5), (1, 5)) == Flops(
        2 * 8 * 3 * 5, 8 * 5 + 8 * 5 + 8 * 5
    )


@pytest.mark.parametrize(
    ("equation", "a", "b", "expected"),
    [
        ("ij,jk->ik", (3, 4), (4, 5), 2 * 3 * 4 * 5),
        ("bij,bjk->bik", (2, 3, 4), (2, 4, 5), 2 * 2 * 3 * 4 * 5),
        ("ijk,jkl->il", (3, 4, 5), (4, 5, 6), 2 * 3 * 4 * 5 * 6),
    ],
)
def test_products(equation: str, a: tuple[int, ...], b: tuple[int, ...], expected: int) -> None:
    def product(a: jax.Array, b: jax.Array) -> jax.Array:
        return jnp.einsum(equation, a, b)

    assert of(product, a, b) == Flops(expected, 0)
    assert compiled(product, a, b) == expected


@pytest.mark.parametrize(("groups", "stride"), [(1, 1), (1, 2), (2, 1)])
def test_convolutions(groups: int, stride: int) -> None:
    def convolve(x: jax.Array, w: jax.Array) -> jax.Array:
        return lax.conv_general_dilated(
            x,
            w,
            (stride, stride),
            "VALID",
            dimension_numbers=("NHWC", "HWIO", "NHWC"),
            feature_group_count=groups,
        )

    shapes = (2, 9, 9, 4), (3, 3, 4 // groups, 6)
    side = (9 - 3) // stride + 1
    expected = 2 * (2 * side * side * 6) * (3 * 3 * 4 // groups)
    assert of(convolve, *shapes) == Flops(expected, 0)
    assert compiled(convolve, *shapes) == expected


def test_elementwise_operations_against_the_compiler() -> None:
    def polynomial(x: jax.Array) -> jax.Array:
        return (x * x + 2.0 * x - 1.0) / (x + 3.0)

    assert of(polynomial, (64,)) == Flops(0, 6 * 64)
    assert compiled(polynomial, (64,)) == 6 * 64


@pytest.mark.parametrize(
    "function",
    [
        lambda x: x.reshape(2, 6).T[::-1],
        lambda x: jnp.concatenate([x, x])[3:7],
        lambda x: jnp.where(x > 0, x, 0.0),
        lambda x: x[jnp.argsort(x)].astype(jnp.bfloat16),
        lambda x: jnp.arange(12) * 3 + x.astype(int),
        lambda x: permute(jax.random.key(0), 12, jnp.arange(12, dtype=jnp.uint32)),
    ],
    ids=["shape", "pick", "choose", "sort", "integers", "minibatch rows"],
)
def test_what_counts_nothing(function: Callable[..., Any]) -> None:
    assert of(function, (12,)) == Flops(0, 0)


# --- Functions within functions ----------------------------------------------------------------


def square(x: jax.Array) -> jax.Array:
    return x @ x


SQUARE = 2 * 4**3


def test_a_scan_counts_as_often_as_it_runs() -> None:
    def chain(x: jax.Array) -> jax.Array:
        return lax.scan(lambda x, _: (square(x), None), x, None, length=10)[0]

    assert of(chain, (4, 4)) == Flops(10 * SQUARE, 0)
    assert of(lambda x: lax.fori_loop(0, 10, lambda _, x: square(x), x), (4, 4)) == Flops(
        10 * SQUARE, 0
    )
    nested = of(lambda x: lax.scan(lambda x, _: (chain(x), None), x, None, length=3)[0], (4, 4))
    assert nested == Flops(30 * SQUARE, 0)


def test_a_while_loop_counts_once() -> None:
    loop = of(lambda x: lax.while_loop(lambda x: x.sum() < 1, square, x), (4, 4))
    assert loop == Flops(SQUARE, 16)


def test_a_cond_counts_its_most_expensive_branch() -> None:
    assert of(
        lambda x, which: lax.switch(which[0].astype(int), [square, jnp.tanh, lambda x: x], x),
        (4, 4),
        (1,),
    ) == Flops(SQUARE, 0)


def test_of_branches_for_platforms_the_one_that_runs_here_counts() -> None:
    def by_platform(x: jax.Array) -> jax.Array:
        return lax.platform_dependent(x, cpu=square, default=lambda x: square(square(x)))

    here = SQUARE if jax.default_backend() == "cpu" else 2 * SQUARE
    assert of(by_platform, (4, 4)) == Flops(here, 0)
    slope = jax.value_and_grad(lambda x: by_platform(x).sum())
    assert of(slope, (4, 4)).products == 3 * here


def test_functions_that_are_called() -> None:
    twice = jax.custom_vjp(square)
    twice.defvjp(lambda x: (square(x), x), lambda x, c: (c @ x.T + x.T @ c,))
    relu = jax.nn.relu  # a custom_jvp
    assert of(lambda x: relu(square(x)), (4, 4)) == Flops(SQUARE, 16)
    for call in (jax.jit(square), jax.checkpoint(square), twice):
        assert of(call, (4, 4)) == Flops(SQUARE, 0)
    assert of(jax.value_and_grad(lambda x: twice(x).sum()), (4, 4)).products == 3 * SQUARE


def test_what_no_result_needs_is_not_counted() -> None:
    def wasteful(x: jax.Array) -> jax.Array:
        square(square(x))
        return x + 1.0

    assert of(wasteful, (4, 4)) == Flops(0, 16)
    assert of(jax.jit(wasteful), (4, 4)) == Flops(0, 16)
