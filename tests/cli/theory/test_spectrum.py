"""`gan theory spectrum`: on a small run of points, and what it refuses."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.compiling import unoptimized

Command = Callable[..., Any]


@pytest.mark.slow
def test_a_run(gan: Command, empty: Path) -> None:
    small = "architecture.generator_widths=[8]", "architecture.discriminator_widths=[6]"
    words = (
        "dataset=ring",
        "architecture.packing=3",
        "batch_size=24",
        "steps=2",
        "metric=[]",
        "regularizer=[]",
    )
    with unoptimized():
        status, _, err = gan("train", *words, *small, "hydra.run.dir=run")
        assert status == 0, err
        status, out, err = gan("theory", "spectrum", "run", "--samples", "16", "--json")
        assert status == 0, err
        again = gan("theory", "spectrum", "run", "--samples", "16", "--checkpoint", "1")
    numbers = json.loads(out)
    assert numbers["examples"] == 18
    assert numbers["pictures"] == ["outputs/theory/spectrum.png"]
    for kind in ("modulus", "real", "imaginary"):
        assert len(numbers[kind]["eigenvalues"]) == len(numbers[kind]["residuals"]) == 20
    largest = max(real for real, _ in numbers["real"]["eigenvalues"])
    assert numbers["largest_real_part"] == pytest.approx(largest)
    assert numbers["unchanged_by"] == {"G: hidden/0 and output": 8, "D: hidden/0 and output": 6}
    assert (again.status, again.out) == (2, "")
    assert "has no checkpoint of step 1; it has: 2." in again.err


def test_no_run(gan: Command) -> None:
    status, out, err = gan("theory", "spectrum", "nowhere")
    assert (status, out) == (2, "")
    assert "nowhere" in err


def test_too_few_samples(gan: Command) -> None:
    status, out, err = gan("theory", "spectrum", "nowhere", "--samples", "1")
    assert (status, out) == (2, "")
    assert "--samples" in err
