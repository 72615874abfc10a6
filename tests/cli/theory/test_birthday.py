"""`gan theory birthday`: on runs of points and of images, and what it refuses."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.compiling import unoptimized

Command = Callable[..., Any]


@pytest.fixture(scope="module")
def trained(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str, Command], str]:
    """Trains for two steps on a data set, once, and gives the run's directory."""
    made: dict[str, Path] = {}

    def run(dataset: str, gan: Command) -> str:
        if dataset not in made:
            place = tmp_path_factory.mktemp("runs") / dataset
            small = "architecture.generator_widths=[8]", "architecture.discriminator_widths=[8]"
            words = (f"dataset={dataset}", "steps=2", "batch_size=16", "metric=[]")
            assert gan("train", *words, *small, f"hydra.run.dir={place}").status == 0
            made[dataset] = place
        return str(made[dataset])

    return run


@pytest.mark.slow
@pytest.mark.parametrize("dataset", ["ring", "digits"])
def test_a_run(gan: Command, trained: Callable[[str, Command], str], dataset: str) -> None:
    with unoptimized():
        run = trained(dataset, gan)
        status, out, _ = gan("theory", "birthday", run, "--samples", "300", "--json")
    assert status == 0
    numbers = json.loads(out)
    assert (numbers["generator"]["examples"], numbers["data"]["examples"]) == (300, 300)
    assert numbers["tolerance"] > 0
    assert (numbers["data_exact"] is not None) == (dataset == "ring")
    assert numbers["pictures"] == ["outputs/theory/birthday.png"]


@pytest.mark.slow
def test_a_tolerance_that_tells_nothing_apart(
    gan: Command, trained: Callable[[str, Command], str]
) -> None:
    with unoptimized():
        run = trained("ring", gan)
        status, out, err = gan("theory", "birthday", run, "--samples", "300", "--tolerance", "0")
    assert (status, out) == (2, "")
    assert err.startswith("gan: --tolerance 0: must be a distance of at least ")
    assert err.count("\n") == 1


def test_no_run(gan: Command) -> None:
    status, out, err = gan("theory", "birthday", "nowhere")
    assert (status, out) == (2, "")
    assert "nowhere" in err
