"""Every regularizer and option of D, objective and architecture, in pairs: a step."""

import itertools
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
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
ADDITIONS = [*OPTIONS, *REGULARIZERS]
BOTH_WAYS = list(itertools.product([True, False], repeat=2))


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


def halves() -> list[tuple[str, str, frozenset[str]]]:
    """Every objective with one half of the additions, and with the other half.

    Which half an addition belongs to is drawn for each objective. The architectures are the two
    that the objective does not have in `test_all_that_fit_together`.
    """
    turns, draw = list(ARCHITECTURES), np.random.default_rng(3)
    cases = []
    for i, objective in enumerate(OBJECTIVES):
        one = frozenset(draw.permutation(ADDITIONS)[: len(ADDITIONS) // 2].tolist())
        cases.append((turns[(i + 1) % len(turns)], objective, one))
        cases.append((turns[(i + 2) % len(turns)], objective, frozenset(ADDITIONS) - one))
    return cases


def test_every_two_choices_meet() -> None:
    """Each two additions are there together, one without the other, and both left out; each of them
    is there and left out with every objective and every architecture."""
    cases = halves()
    for one, other in itertools.combinations(ADDITIONS, 2):
        assert {(one in some, other in some) for *_, some in cases} == set(BOTH_WAYS)
    for addition in ADDITIONS:
        with_each = {(name, addition in some) for *names, some in cases for name in names}
        assert with_each == set(itertools.product([*OBJECTIVES, *ARCHITECTURES], [True, False]))


@pytest.mark.slow
@pytest.mark.parametrize(
    ("architecture", "objective", "additions"),
    [pytest.param(*case, id=f"{case[1]}-{'-'.join(sorted(case[2]))}") for case in halves()],
)
def test_some_of_them(architecture: str, objective: str, additions: frozenset[str]) -> None:
    options = {name: OPTIONS[name] for name in OPTIONS if name in additions}
    check_a_step(experiment(architecture, objective, *(additions - options.keys()), **options))
