"""`gan theory packing`: pairs of one's own, and what it refuses."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from gan_cli.theory import packed_discriminator
from gan_cli.theory import packing as experiment
from tests.compiling import unoptimized

Command = Callable[..., Any]
PAIR = ("--p", "discrete(.5,.5)", "--q", "discrete(.1,.9)")


@pytest.mark.slow
def test_a_pair_of_masses(gan: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(packed_discriminator, "FRESH", 2**12)
    monkeypatch.setattr(experiment, "TRAINED", 1)
    with unoptimized():
        status, out, _ = gan("theory", "packing", *PAIR, "--packs", "5", "--updates", "5", "--json")
    assert status == 0
    packs = json.loads(out)["model"]["packs"]
    assert [pack["m"] for pack in packs] == [1, 2, 3, 4, 5]
    assert abs(packs[0]["total_variation"] - 0.4) < 1e-12
    assert abs(packs[1]["total_variation"] - 0.56) < 1e-12
    assert "trained" in packs[0]
    assert "trained" not in packs[1]


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (("--p", "uniform(0,1)"), "--p needs --q beside it, such as --q 'uniform(.2,1)'."),
        (
            ("--p", "uniform(0,1)", "--q", "normal(0,1)"),
            "--q 'normal(0,1)': must be made of masses or of pieces of constant density, such as "
            "discrete(.5,.5), uniform(0,1) or mixture(.3*uniform(0,.5)+.7*uniform(.5,1)).",
        ),
        (
            ("--p", "uniform(0,1)", "--q", "discrete(.5,.5)"),
            "--p 'uniform(0,1)' and --q 'discrete(.5,.5)': one has masses and the other a density, "
            "so their total variation is 1 in packs of any size. Give two of a kind.",
        ),
        (
            (*PAIR, "--packs", "1001"),
            "--packs 1001: packs of these two have too many types to sum; 1000 is the largest "
            "size.",
        ),
        (
            ("--p", "uniform(0,1)", "--q", "uniform(1,0)"),
            "--q 'uniform(1,0)': uniform, character 9: low must be below high; they are 1 and 0.",
        ),
    ],
    ids=["alone", "smooth", "two_kinds", "too_many", "wrong"],
)
def test_what_cannot_be_is_refused(gan: Command, options: tuple[str, ...], told: str) -> None:
    status, out, err = gan("theory", "packing", *options)
    assert (status, out, err) == (2, "", f"gan: {told}\n")
