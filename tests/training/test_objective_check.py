"""A method of an objective that gives what a step cannot take is told by its name."""

from typing import Any

import jax.numpy as jnp
import pytest

from gan_cli.architectures.base import DataSpec
from gan_cli.architectures.mlp import Mlp
from gan_cli.component import REGISTRY, component
from gan_cli.config import Recipe
from gan_cli.datasets.ring import Ring
from gan_cli.errors import UsageError
from gan_cli.objectives.base import Objective
from gan_cli.objectives.hinge import Hinge
from gan_cli.optimizers.base import Optimizers
from gan_cli.optimizers.sgd import Sgd
from gan_cli.training.batches import Synthetic
from gan_cli.training.game import Game
from gan_cli.training.objective_check import check_declared, check_methods
from gan_cli.training.state import outline

DATA = DataSpec((2,))
ARCHITECTURE = Mlp(latent=3, generator_widths=(4,), discriminator_widths=(4,), packing=2)


def game(objective: Objective) -> tuple[Game, Any]:
    optimizers = Optimizers(generator=Sgd(), discriminator=Sgd())
    made = Recipe(
        architecture=ARCHITECTURE, objective=objective, optimizer=optimizers, batch_size=8
    )
    networks, state = outline(made, DATA)
    return Game(networks, made, Synthetic(dataset=Ring())), state


def mine(**methods: Any) -> Objective:
    """An objective of the user's with other methods than those of the hinge game."""
    made = component(type("Mine", (Hinge,), {"name": "mine", **methods}))
    REGISTRY["objective"].pop("mine")  # other tests take all that are registered
    return made()


def missing(*_: Any) -> Any:
    raise NotImplementedError


@pytest.mark.parametrize(
    ("methods", "told"),
    [
        pytest.param(
            {"generator_loss": lambda self, D, real, fake, key: D(fake, key)},
            "generator_loss of objective 'mine' gave the shape (4,). "
            "It must give one number, such as the mean.",
            id="vector",
        ),
        pytest.param(
            {"generator_loss": lambda *_: "x"},
            "generator_loss of objective 'mine' gave a str. It must give one number.",
            id="text",
        ),
        pytest.param(
            {"discriminator_loss": lambda *_: jnp.int32(3)},
            "discriminator_loss of objective 'mine' gave a number of int32. "
            "It must be a floating-point number.",
            id="whole",
        ),
        pytest.param(
            {"discriminator_loss": lambda self, D, real, fake, key: {"a": D(fake, key).mean()}},
            "discriminator_loss of objective 'mine' gave the parts 'a', and discriminator_parts is "
            "(). Set discriminator_parts = ('a',) in its class.",
            id="parts",
        ),
        pytest.param(
            {"generator_parts": ("a",)},
            "generator_loss of objective 'mine' gave one loss without parts, and generator_parts "
            "is ('a',). Make the two agree.",
            id="declared",
        ),
        pytest.param(
            {"generator_loss": lambda self, D, real, fake: 0.0},
            "generator_loss of objective 'mine': TypeError: ",
            id="signature",
        ),
        pytest.param(
            {"estimate": lambda self, real, fake: real - fake},
            "estimate of objective 'mine' gave the shape (4,). "
            "It must give one number, such as the mean.",
            id="estimate",
        ),
        pytest.param(
            {"accuracy": lambda *_: None},
            "accuracy of objective 'mine' gave a NoneType. It must give one number.",
            id="accuracy",
        ),
        pytest.param(
            {"estimate": missing}, "estimate of objective 'mine': NotImplementedError", id="missing"
        ),
    ],
)
def test_a_method_that_a_step_cannot_take(methods: dict[str, Any], told: str) -> None:
    played, state = game(mine(**methods))
    with pytest.raises(UsageError) as refused:
        check_methods(played, state, DATA)
    assert str(refused.value).startswith(told)


def test_the_games_of_the_package_are_taken() -> None:
    check_methods(*game(Hinge()), DATA)
    check_declared(Hinge())


def test_a_method_that_nothing_defines() -> None:
    class Bare(Objective):
        name = "bare"
        divergence = "mine"

    played, state = game(Hinge())
    played = played._replace(recipe=Recipe(**(vars(played.recipe) | {"objective": Bare()})))
    with pytest.raises(UsageError) as refused:
        check_methods(played, state, DATA)
    assert str(refused.value) == "discriminator_loss of objective 'bare' is not defined."


def test_parameters_that_do_not_come_back() -> None:
    for project in (lambda *_: None, lambda _, parameters: parameters["output"]):
        with pytest.raises(UsageError) as refused:
            game(mine(project=project))
        assert str(refused.value) == (
            "project of objective 'mine' does not give D's parameters back as they are: all of "
            "them, by the same names and in the same shapes."
        )


def test_what_is_measured_must_have_a_name() -> None:
    class Nameless(Objective):
        name = "nameless"

    with pytest.raises(UsageError, match=r"^objective 'nameless' does not say what D measures"):
        check_declared(Nameless())
