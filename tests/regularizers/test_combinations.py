"""Every regularizer and option of D, objective and architecture, in pairs: a step."""

import itertools
from collections.abc import Iterable
from typing import Any

import jax
import jax.numpy as jnp
import pytest

from gan_cli import config
from gan_cli.component import REGISTRY
from gan_cli.config import Experiment
from gan_cli.prepared import prepare
from gan_cli.training.game import Game
from gan_cli.training.step import tags, train_step
from tests.values import MLP, SMALL

ARCHITECTURES: dict[str, dict[str, Any]] = {
    "mlp": MLP,
    "maxout": {"name": "maxout", "generator_widths": [8], "discriminator_units": [6]},
    "dcgan": {"name": "dcgan", "filters": 4, "discriminator_batch_norm": False},
}
OPTIONS = {"packing": 2, "spectral_norm": True}
"""What every architecture offers to keep D steady."""
OBJECTIVES = sorted(REGISTRY["objective"])
REGULARIZERS = sorted(REGISTRY["regularizer"])


def experiment(
    architecture: str, objective: str, *regularizers: str, **options: bool | int
) -> Experiment:
    """A small experiment with those of the regularizers that the objective can take."""
    game = REGISTRY["objective"][objective]()
    fitting = [
        each for each in regularizers if REGISTRY["regularizer"][each]().misfit(game) is None
    ]
    return config.load(
        SMALL
        | {
            "dataset": {"name": "digits"},
            "architecture": ARCHITECTURES[architecture] | options,
            "objective": {"name": objective},
            "regularizer": {each: {"name": each} for each in fitting},
            "precision": "bfloat16",
            "compile_cache": "off",
        }
    )


def check_a_step(made: Experiment) -> None:
    """Traces a step, which computes nothing, and compares what goes in with what comes out."""
    ready = prepare(made)
    source = ready.feed().at(0)[0]
    game = Game(ready.networks, made.recipe, source)
    after, scalars = jax.eval_shape(train_step, game, ready.abstract, jnp.bool_(True))
    assert jax.tree.map(lambda leaf: (leaf.shape, leaf.dtype), after) == jax.tree.map(
        lambda leaf: (leaf.shape, leaf.dtype), ready.abstract
    )
    assert set(scalars) == set(tags(made.recipe))


@pytest.mark.parametrize(
    ("architecture", "objective"),
    list(zip(itertools.cycle(ARCHITECTURES), OBJECTIVES, strict=False)),
)
def test_all_that_fit_together(architecture: str, objective: str) -> None:
    check_a_step(experiment(architecture, objective, *REGULARIZERS, **OPTIONS))


def pairs(additions: Iterable[str]) -> list[tuple[str, str, str]]:
    """Every objective with every addition, and each of both with every architecture."""
    turns = list(ARCHITECTURES)
    return [
        (turns[(i + j) % len(turns)], objective, addition)
        for i, objective in enumerate(OBJECTIVES)
        for j, addition in enumerate(additions)
    ]


@pytest.mark.slow
@pytest.mark.parametrize("case", pairs(OPTIONS), ids="-".join)
def test_each_option_of_d(case: tuple[str, str, str]) -> None:
    architecture, objective, option = case
    check_a_step(experiment(architecture, objective, **{option: OPTIONS[option]}))


@pytest.mark.slow
@pytest.mark.parametrize("case", pairs(REGULARIZERS), ids="-".join)
def test_each_by_itself(case: tuple[str, str, str]) -> None:
    check_a_step(experiment(*case))
