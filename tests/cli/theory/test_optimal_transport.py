"""`gan theory optimal-transport`: its numbers and what it refuses."""

import json
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from tests.compiling import unoptimized

Command = Callable[..., Any]


@pytest.mark.slow
def test_a_pair_in_space(gan: Command) -> None:
    pair = ("--p", "normal([0,0,0],[[1,0,0],[0,1,0],[0,0,1]])")
    pair += ("--q", "normal([1,2,0],[[4,0,0],[0,1,0],[0,0,1]])")
    with unoptimized():
        status, out, _ = gan("theory", "optimal-transport", *pair, "--steps", "5", "--json")
    assert status == 0
    numbers = json.loads(out)
    np.testing.assert_allclose(numbers["matrix"], np.diag([2, 1, 1]), atol=1e-12)
    assert abs(numbers["wasserstein_2_squared"] - 6) < 1e-12
    assert abs(numbers["sliced_of_the_shift"] - 5 / 3) < 0.02
    assert numbers["trained"]["steps"] == 5


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (
            ("--p", "normal(0,1)"),
            "--p 'normal(0,1)' has 1 coordinates and --q 'normal([1,2],[[2,1],[1,2]])' has 2: "
            "give two with as many.",
        ),
        (
            ("--q", "normal([1,2],[[1,2],[2,1]])"),
            "--q 'normal([1,2],[[1,2],[2,1]])': The covariance must be positive definite, and its "
            "variance is -1 in one direction.",
        ),
    ],
    ids=["unlike", "negative"],
)
def test_what_cannot_be_is_refused(gan: Command, options: tuple[str, ...], told: str) -> None:
    status, out, err = gan("theory", "optimal-transport", *options)
    assert (status, out, err) == (2, "", f"gan: {told}\n")
