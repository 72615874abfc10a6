"""Every objective with every architecture: finite, and G never sees the data."""

from collections.abc import Callable
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from gan_cli.architectures.base import DataSpec
from gan_cli.component import REGISTRY
from gan_cli.config import Experiment
from gan_cli.datasets.base import FiniteDataset, SyntheticDataset
from gan_cli.training.batches import Batch, Streamed
from gan_cli.training.game import Game
from gan_cli.training.state import TrainState, begin
from tests.values import UNPAIRED

Make = Callable[..., Experiment]
Step = Callable[..., tuple[TrainState, dict[str, jax.Array]]]
Case = tuple[str, str, str, int, str]

ARCHITECTURES: dict[str, dict[str, Any]] = {
    "mlp": {
        "generator_widths": [8],
        "discriminator_widths": [8],
        "generator_batch_norm": True,
        "discriminator_batch_norm": True,
        "discriminator_dropout": 0.3,
    },
    "maxout": {"generator_widths": [8], "discriminator_units": [6], "pieces": 3},
    "dcgan": {"filters": 4, "discriminator_dropout": 0.3},
}
DATA = {"mlp": ("ring", "digits"), "maxout": ("digits", "ring"), "dcgan": ("digits",)}
COVERING: list[Case] = [
    ("minimax", "mlp", "ring", 1, "float32"),
    ("non_saturating", "dcgan", "digits", 2, "bfloat16"),
    ("least_squares", "maxout", "ring", 5, "float32"),
    ("hinge", "mlp", "digits", 5, "float32"),
    ("wgan", "maxout", "digits", 2, "bfloat16"),
    ("wgan_gp", "dcgan", "digits", 1, "float32"),
    ("relativistic", "mlp", "ring", 2, "float32"),
    ("relativistic_average", "mlp", "ring", 1, "float32"),
    ("f_gan", "mlp", "ring", 1, "float32"),
    ("cramer", "mlp", "ring", 1, "float32"),
    ("mmd", "mlp", "ring", 1, "float32"),
]
"""Each objective, each architecture on each data and each k at least once."""
BATCH = 6
RATES = {"cramer": 0.001}
"""The learning rates where plain descent at .01 diverges: the penalty is on 256 numbers at once."""


def every_case() -> list[Any]:
    """Every objective with every architecture, and those that cover the rest.

    An objective sees D's outputs, whatever the data are, so points and images take turns. Any k is
    the same loop, and any precision the same cast, for all of them.
    """
    pairs = [case[:2] for case in COVERING]
    cases: list[Case] = [
        (objective, architecture, data[number % len(data)], 2, "float32")
        for number, objective in enumerate(sorted(REGISTRY["objective"]))
        for architecture, data in DATA.items()
        if (objective, architecture) not in pairs
    ]
    return [
        pytest.param(case, id="-".join(map(str, case)), marks=marks)
        for several, marks in ((COVERING, []), (cases, [pytest.mark.slow]))
        for case in several
    ]


def blocks(experiment: Experiment, steps: int) -> tuple[Streamed, Streamed]:
    """Real minibatches for D, with two different sets of them for G."""
    dataset, k = experiment.dataset, experiment.k
    n = steps * BATCH * (k + 2)
    if isinstance(dataset, SyntheticDataset):
        examples, levels = np.asarray(dataset.sample(jax.random.key(0), n)), None
    else:
        assert isinstance(dataset, FiniteDataset)
        examples, levels = dataset.split("train").examples[:n], dataset.levels
    for_d, one, other = np.split(examples, [steps * k * BATCH, steps * (k + 1) * BATCH])
    shape = dataset.shape
    assert not np.array_equal(one, other)
    first = jnp.int32(0)
    for_d = Batch(jnp.asarray(for_d.reshape(steps, k, BATCH, *shape)))
    return (
        Streamed(first, for_d, Batch(jnp.asarray(one.reshape(steps, BATCH, *shape))), levels),
        Streamed(first, for_d, Batch(jnp.asarray(other.reshape(steps, BATCH, *shape))), levels),
    )


@pytest.mark.parametrize("case", every_case())
def test_a_few_steps(make: Make, take_step: Step, case: Case) -> None:
    objective, architecture, dataset, k, precision = case
    sgd = {"name": "sgd", "learning_rate": RATES.get(objective, 0.01)}
    experiment = make(
        objective={"name": objective},
        architecture={"name": architecture, "latent": 4} | ARCHITECTURES[architecture],
        dataset={"name": dataset},
        optimizer={"generator": sgd, "discriminator": sgd},
        k=k,
        batch_size=BATCH,
        precision=precision,
    )
    recipe = experiment.recipe
    networks, start = begin(recipe, DataSpec(experiment.dataset.shape))
    one, other = blocks(experiment, steps=3)
    state = start
    for number in range(3):
        before = state
        state, scalars = take_step(Game(networks, recipe, one), before, True)
        values = {tag: float(value) for tag, value in scalars.items()}
        assert np.isfinite(list(values.values())).all(), (number, values)
        assert values["gradient_norm/discriminator"] > 0
        assert values["gradient_norm/generator"] > 0
        if objective == "wgan":
            largest = max(
                float(jnp.abs(w).max()) for w in jax.tree.leaves(state.discriminator.parameters)
            )
            assert largest <= np.float32(0.01)

    assert all(np.isfinite(leaf).all() for leaf in jax.tree.leaves(state))
    assert jax.tree.map(lambda w: (w.shape, w.dtype), state) == jax.tree.map(
        lambda w: (w.shape, w.dtype), start
    )
    another, _ = take_step(Game(networks, recipe, other), before, True)
    if objective in UNPAIRED:
        jax.tree.map(np.testing.assert_array_equal, another.generator, state.generator)


def test_the_quick_cases_cover_everything() -> None:
    assert {case[0] for case in COVERING} == set(REGISTRY["objective"])
    assert {case[1:3] for case in COVERING} == {
        (architecture, dataset) for architecture, data in DATA.items() for dataset in data
    }
    assert {case[3] for case in COVERING} == {1, 2, 5}
