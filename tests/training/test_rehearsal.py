"""A step is tried on shapes alone: what does not fit is named, with what is needed."""

from typing import Any

import jax
import jax.numpy as jnp
import pytest
from flax import nnx

from gan_cli.architectures.base import Architecture, DataSpec
from gan_cli.architectures.mlp import Mlp
from gan_cli.component import REGISTRY, component
from gan_cli.config import Recipe
from gan_cli.datasets.ring import Ring
from gan_cli.errors import UsageError
from gan_cli.objectives.minimax import Minimax
from gan_cli.optimizers.base import Optimizers
from gan_cli.optimizers.sgd import Sgd
from gan_cli.training.batches import Synthetic
from gan_cli.training.game import Game
from gan_cli.training.rehearsal import check_networks, rehearse
from gan_cli.training.state import outline

DATA = DataSpec((2,))


class Generator(nnx.Module):
    """One that may give what is asked for, in another shape."""

    def __init__(self, fault: Any, dtype: Any = jnp.float32) -> None:
        self.weight = nnx.Param(jnp.ones((3, 2), dtype))
        self.fault = fault
        if fault is FAULTS["random"]:
            self.dropout = nnx.Dropout(0.5, rngs=nnx.Rngs(0))
        if fault is FAULTS["nothing"]:
            self.seen = nnx.BatchStat(jnp.zeros((0, 2)))

    def __call__(self, z: jax.Array, *, train: bool) -> jax.Array:
        return self.fault(z @ self.weight[...])


class Discriminator(nnx.Module):
    """The same of D."""

    def __init__(self, fault: Any) -> None:
        self.weight: Any = nnx.Variable(jnp.ones((2, 1)))
        if fault is not FAULTS["fixed"]:
            self.weight = nnx.Param(self.weight[...])
        self.fault = fault
        if fault is FAULTS["random"]:
            self.dropout = nnx.Dropout(0.5, rngs=nnx.Rngs(0))

    def __call__(self, x: jax.Array, *, key: jax.Array | None) -> jax.Array:
        x = jnp.round(x) if self.fault is FAULTS["blind"] else x
        return self.fault((x @ self.weight[...])[:, 0])


def broken(x: jax.Array) -> jax.Array:
    return x.reshape(7)


@jax.custom_vjp
def straight_through(x: jax.Array) -> jax.Array:
    """Rounds, and passes gradients on as if it did not."""
    return jnp.round(x)


straight_through.defvjp(lambda x: (jnp.round(x), None), lambda _, dy: (dy,))


FAULTS: dict[str, Any] = {
    "none": lambda x: x,
    "half": lambda x: x,
    "fixed": lambda x: x + 0,
    "whole": lambda x: jnp.round(x).astype(jnp.int32),
    "truth": lambda x: x > 0,
    "round": jnp.round,
    "sign": lambda x: jnp.where(x > 0, 1.0, -1.0),
    "steps": straight_through,
    "blind": lambda x: x,
    "complex": lambda x: x + 1j,
    "pair": lambda x: (x, x),
    "narrow": lambda x: x[:, :1],
    "column": lambda x: x[:, None],
    "broken": broken,
    "random": lambda x: x,
    "nothing": lambda x: x,
}


@component
class Faulty(Architecture):
    """Networks with a fault that a test chooses."""

    name = "faulty"

    of_g: str = "none"
    of_d: str = "none"

    def generator(self, data: DataSpec, rngs: nnx.Rngs) -> nnx.Module:
        return Generator(FAULTS[self.of_g], jnp.float16 if self.of_g == "half" else jnp.float32)

    def discriminator(self, data: DataSpec, rngs: nnx.Rngs) -> nnx.Module:
        return Discriminator(FAULTS[self.of_d])


REGISTRY["architecture"].pop("faulty")  # other tests take all that are registered


def recipe(architecture: Architecture, objective: Any = None) -> Recipe:
    optimizers = Optimizers(generator=Sgd(), discriminator=Sgd())
    return Recipe(
        architecture=architecture,
        objective=objective or Minimax(),
        optimizer=optimizers,
        batch_size=4,
    )


@pytest.mark.parametrize(
    ("faults", "text"),
    [
        (
            {"of_g": "narrow"},
            "the generator of architecture 'faulty' gave the shape (4, 1) for 4 latents. "
            "It must be (4, 2), as the data has it.",
        ),
        (
            {"of_d": "column"},
            "the discriminator of architecture 'faulty' gave the shape (4, 1) for 4 examples. "
            "It must be (4,), one number for each.",
        ),
        (
            {"of_d": "whole"},
            "the discriminator of architecture 'faulty' gave numbers of int32. They must be "
            "floating-point numbers such as float32, since nothing is learned from others.",
        ),
        ({"of_d": "truth"}, "the discriminator of architecture 'faulty' gave numbers of bool. "),
        (
            {"of_g": "complex"},
            "the generator of architecture 'faulty' gave numbers of complex64. ",
        ),
        (
            {"of_g": "pair"},
            "the generator of architecture 'faulty' gave a tuple. It must be one array.",
        ),
        (
            {"of_g": "half"},
            "the generator of architecture 'faulty' has parameters of float16. "
            "They must be float32.",
        ),
        (
            {"of_d": "fixed"},
            "the discriminator of architecture 'faulty' has nothing to train: its weights must be "
            "nnx.Param.",
        ),
        (
            {"of_d": "random"},
            "the discriminator of architecture 'faulty' keeps a random key, dropout/rngs/key, which"
            " a checkpoint cannot hold. Build nnx.Dropout without rngs, and in D's __call__ give it"
            " the `key` of the call: self.dropout(x, rngs=key, deterministic=key is None).",
        ),
        (
            {"of_g": "random"},
            "the generator of architecture 'faulty' keeps a random key, dropout/rngs/key, which a "
            "checkpoint cannot hold. Leave dropout out of G, and random keys.",
        ),
        (
            {"of_g": "nothing"},
            "the generator of architecture 'faulty' has seen of shape (0, 2), without any number, "
            "which a checkpoint cannot hold. Leave it out.",
        ),
        (
            {"of_d": "round"},
            "the gradient of the discriminator of architecture 'faulty' by its weights is 0 "
            "everywhere, so it cannot learn. Rounding, comparisons, whole numbers and "
            "stop_gradient have no slope.",
        ),
        (
            {"of_d": "blind"},
            "the gradient of the discriminator of architecture 'faulty' by the examples is 0 "
            "everywhere, so G cannot learn. ",
        ),
        (
            {"of_g": "sign"},
            "the gradient of the generator of architecture 'faulty' by its weights is 0 ",
        ),
        ({"of_d": "broken"}, "the discriminator of architecture 'faulty': TypeError: "),
    ],
)
def test_which_network_gave_what(faults: dict[str, str], text: str) -> None:
    made = recipe(Faulty(latent=3, **faults))
    networks, state = outline(made, DATA)
    with pytest.raises(UsageError) as refused:
        check_networks(networks, made, state, DATA)
    assert str(refused.value).startswith(text)
    if "broken" in faults.values():
        line = broken.__code__.co_firstlineno + 1
        assert str(refused.value).endswith(f" (test_rehearsal.py, line {line}).")


def test_the_advice_for_dropout_works() -> None:
    """As it is told: built without rngs, and called with the key of the call."""
    dropout, x = nnx.Dropout(0.5), jnp.ones(64)
    assert jax.tree.leaves(nnx.split(dropout)[1]) == []
    assert dropout(x, rngs=None, deterministic=True) is x
    drawn = jax.make_jaxpr(lambda key: dropout(x, rngs=key, deterministic=False))(jax.random.key(0))
    assert "random_bits" in str(drawn)


@pytest.mark.parametrize("faults", [{"of_g": "steps"}, {"of_d": "steps"}])
def test_a_gradient_of_its_own_is_enough(faults: dict[str, str]) -> None:
    made = recipe(Faulty(latent=3, **faults))
    networks, state = outline(made, DATA)
    check_networks(networks, made, state, DATA)


@component
class Nonsense(Minimax):
    """A loss that is no scalar."""

    name = "nonsense"

    def generator_loss(self, D: Any, real: Any, fake: Any, key: Any) -> Any:
        return D(fake, key)


REGISTRY["objective"].pop("nonsense")


def test_a_step_that_cannot_be_made() -> None:
    made = recipe(Mlp(latent=3, generator_widths=(4,), discriminator_widths=(4,)))
    networks, state = outline(made, DATA)
    check_networks(networks, made, state, DATA)
    rehearse(Game(networks, made, Synthetic(dataset=Ring())), state)
    wrong = recipe(made.architecture, Nonsense())
    with pytest.raises(UsageError, match="a training step cannot be made: TypeError: "):
        rehearse(Game(networks, wrong, Synthetic(dataset=Ring())), state)
