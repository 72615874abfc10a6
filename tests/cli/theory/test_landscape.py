"""`gan theory landscape`: its numbers and what it refuses."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from tests.compiling import unoptimized

Command = Callable[..., Any]


@pytest.mark.slow
def test_three_points_have_barriers_too(gan: Command) -> None:
    with unoptimized():
        status, out, _ = gan("theory", "landscape", "--points", "3", "--updates", "50", "--json")
    assert status == 0
    numbers = json.loads(out)
    assert numbers["points"] == 3
    assert numbers["minimax"]["barrier"] > 0.05
    assert numbers["relativistic_by_index"]["barrier"] == 0
    assert numbers["pictures"] == ["outputs/theory/landscape.png"]


@pytest.mark.parametrize("points", ["1", "6", "two"])
def test_what_cannot_be_is_refused(gan: Command, points: str) -> None:
    status, out, err = gan("theory", "landscape", "--points", points)
    assert (status, out) == (2, "")
    assert "--points" in err
