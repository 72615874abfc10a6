"""A method of one's own that gives what a step cannot take is told by its component's name."""

from typing import Any

import jax.numpy as jnp
import optax
import pytest

from gan_cli.architectures.base import DataSpec
from gan_cli.architectures.mlp import Mlp
from gan_cli.component import REGISTRY, component
from gan_cli.config import Recipe
from gan_cli.datasets.ring import Ring
from gan_cli.errors import UsageError
from gan_cli.objectives.hinge import Hinge
from gan_cli.objectives.penalties import squared_slopes
from gan_cli.optimizers.base import Optimizers
from gan_cli.optimizers.sgd import Sgd
from gan_cli.regularizers.base import FlatnessPenalty
from gan_cli.regularizers.instance_noise import InstanceNoise
from gan_cli.regularizers.r1 import R1
from gan_cli.training.batches import Synthetic
from gan_cli.training.game import Game
from gan_cli.training.own_methods import check_prior, check_regularizers, check_transformation
from gan_cli.training.state import outline

DATA = DataSpec((2,))


def mine(base: Any, **methods: Any) -> Any:
    """A component of the user's: one of the package's with other methods."""
    made = component(type("Mine", (base,), {"name": "mine", **methods}))
    REGISTRY[base.group].pop("mine")  # other tests take all that are registered
    return made()


def check(**regularizers: Any) -> None:
    recipe = Recipe(
        architecture=Mlp(latent=3, generator_widths=(4,), discriminator_widths=(4,), packing=2),
        objective=Hinge(),
        optimizer=Optimizers(generator=Sgd(), discriminator=Sgd()),
        regularizer=regularizers,
        batch_size=8,
    )
    networks, state = outline(recipe, DATA)
    check_regularizers(Game(networks, recipe, Synthetic(dataset=Ring())), state, DATA)


ONE = "It must give one number, such as the mean."


@pytest.mark.parametrize(
    ("methods", "told"),
    [
        pytest.param(
            {"penalty": lambda self, D, real, fake, key: squared_slopes(D, real, key)},
            f"penalty of regularizer 'mine' gave the shape (4,). {ONE}",
            id="vector",
        ),
        pytest.param(
            {"penalty": lambda *_: None},
            "penalty of regularizer 'mine' gave a NoneType. It must give one number.",
            id="nothing",
        ),
        pytest.param(
            {"penalty": lambda self, D, real: 0.0},
            "penalty of regularizer 'mine': TypeError: ",
            id="signature",
        ),
        pytest.param({}, "penalty of regularizer 'mine' is not defined.", id="undefined"),
        pytest.param(
            {"penalty": lambda *_: 0.0, "factor": lambda *_: jnp.ones(2)},
            f"factor of regularizer 'mine' gave the shape (2,). {ONE}",
            id="factor",
        ),
        pytest.param(
            {"term": lambda self, D, real, *_: D(real, None)},
            f"term of regularizer 'mine' gave the shape (4,). {ONE}",
            id="term",
        ),
        pytest.param(
            {"penalty": lambda *_: 0.0, "opponent": lambda self, D, step: lambda x, key: x},
            "opponent of regularizer 'mine' gave a D whose output has the shape (4, 4). "
            "It must be (4,), as D's.",
            id="opponent",
        ),
        pytest.param(
            {"penalty": lambda *_: 0.0, "opponent": lambda *_: None},
            "opponent of regularizer 'mine': TypeError: 'NoneType' object is not callable",
            id="no opponent",
        ),
    ],
)
def test_a_regularizer_that_a_step_cannot_take(methods: dict[str, Any], told: str) -> None:
    with pytest.raises(UsageError) as refused:
        check(instance_noise=InstanceNoise(), mine=mine(FlatnessPenalty, **methods))
    assert str(refused.value).startswith(told)


def test_regularizers_that_a_step_takes() -> None:
    check(r1=R1(), instance_noise=InstanceNoise(), mine=mine(R1))
    check(mine=mine(FlatnessPenalty, term=lambda *_: 0.0))


def test_an_optimizer_without_a_transformation() -> None:
    check_transformation(mine(Sgd, transformation=lambda self, step: optax.sgd(0.1)))
    with pytest.raises(UsageError) as refused:
        check_transformation(mine(Sgd, transformation=lambda self, step: None))
    assert str(refused.value) == (
        "transformation of optimizer 'mine' gave a NoneType. It must give a transformation of "
        "optax, such as optax.sgd(self.learning_rate)."
    )


def test_latents_that_the_generator_does_not_take() -> None:
    check_prior(mine(Mlp), 8)
    for given, told in ((jnp.ones((8, 3)), "the shape (8, 3)"), ([1.0], "a list")):
        architecture = mine(Mlp, sample_latent=lambda self, key, n, given=given: given)
        with pytest.raises(UsageError) as refused:
            check_prior(architecture, 8)
        assert str(refused.value) == (
            f"sample_latent of architecture 'mine' gave {told} for 8 latents. It must be (8, 64)."
        )
