"""What the header of a training says."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from gan_cli import config
from gan_cli.component import REGISTRY, component
from gan_cli.job.header import facts
from gan_cli.objectives.minimax import Minimax
from gan_cli.prepared import prepare
from tests.values import SMALL


def test_points_of_a_file_are_told_as_points(tmp_path: Path) -> None:
    np.save(tmp_path / "x.npy", np.zeros((20, 2), np.float32))
    dataset = {"name": "array", "path": str(tmp_path / "x.npy")}
    told = facts(prepare(config.load(SMALL | {"dataset": dataset, "batch_size": 8})))
    assert told["dataset"] == "array (20 points in 2 dimensions)"


@pytest.mark.parametrize(
    ("settings", "told"),
    [
        ({"name": "wgan", "clip": 0.1}, "wgan (D measures the Wasserstein-1 distance)"),
        ({"name": "f_gan", "divergence": "pearson"}, "f_gan (D measures the Pearson chi-squared "),
        ({"name": "hinge"}, "hinge (D measures the total variation)"),
    ],
)
def test_what_d_measures_is_told_in_words(settings: dict[str, Any], told: str) -> None:
    header = facts(prepare(config.load(SMALL | {"objective": settings})))
    assert header["objective"].startswith(told)


def test_an_objective_of_ones_own_says_in_its_words_what_d_measures() -> None:
    @component
    class Mine(Minimax):
        """A game of one's own."""

        name = "mine_in_words"
        divergence = "chord_length"

        @property
        def measures_in_words(self) -> str:
            return "length of the longest chord"

    try:
        header = facts(prepare(config.load(SMALL | {"objective": {"name": "mine_in_words"}})))
    finally:
        REGISTRY["objective"].pop("mine_in_words")
    assert header["objective"] == "mine_in_words (D measures the length of the longest chord)"
    assert super(Mine, Mine()).measures_in_words == "chord length"
