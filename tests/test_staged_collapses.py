"""Trainings that are made to collapse are warned of, and sound ones are not."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

pytestmark = [pytest.mark.long, pytest.mark.timeout(600)]

Command = Callable[..., Any]

QUIET = ("sample_every=500", "evaluate_end=off", "hydra.run.dir=run")
D_STANDS, G_STANDS = (
    f"optimizer.{player}.learning_rate=1e-12" for player in ("discriminator", "generator")
)
UNREGULATED = (
    "dataset=ring",
    "regularizer=[]",
    "optimizer.learning_rate=1e-3",
    "optimizer.b1=.5",
    "optimizer.schedule.kind=constant",
)

COLLAPSES = {
    "D stands still, ring": ("dataset=ring", D_STANDS),
    "D stands still, gaussian": ("dataset=gaussian", D_STANDS),
    "D stands still, digits": ("dataset=digits", D_STANDS),
    "G draws one image": (
        "dataset=digits",
        "architecture=maxout",
        "architecture.generator_bound=1e-6",
        "architecture.generator_widths=[32]",
        "architecture.discriminator_units=[32]",
        G_STANDS,
    ),
    "G is far too fast, ring": ("dataset=ring", "optimizer.generator.learning_rate=.5"),
    "G is far too fast, digits": ("dataset=digits", "optimizer.generator.learning_rate=.3"),
}


def trained(gan: Command, *overrides: str) -> list[str]:
    """The signs that a training was warned of."""
    assert gan("train", *QUIET, *overrides).status == 0
    summary = json.loads(Path("run/summary.json").read_text())
    return [each["sign"] for each in summary.get("warnings", [])]


@pytest.mark.parametrize("name", COLLAPSES)
def test_a_collapse_that_is_staged(name: str, gan: Command) -> None:
    assert trained(gan, "steps=3000", *COLLAPSES[name])


@pytest.mark.parametrize("seed", range(6))
def test_without_a_regularizer_those_that_fall_to_a_point_are_warned_of(
    seed: int, gan: Command
) -> None:
    """Which seeds fall depends on the machine: 0, 2, 3 and 4 of these six on one of them."""
    signs = trained(gan, "steps=3000", *UNREGULATED, f"seed={seed}")
    found = json.loads(gan("evaluate", "run", "--metric", "modes", "--json").out)
    assert ("samples_same" in signs) == (found["modes"]["captured"] <= 1)


@pytest.mark.parametrize("dataset", ["ring", "gaussian", "digits", "grid"])
@pytest.mark.parametrize("seed", range(1000, 1005))
def test_the_shipped_settings_give_no_reason_to_warn(dataset: str, seed: int, gan: Command) -> None:
    assert trained(gan, f"dataset={dataset}", f"seed={seed}") == []
