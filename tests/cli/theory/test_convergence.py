"""`gan theory convergence`, played for a few steps."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from PIL import Image

Command = Callable[..., Any]

GAME = ("theory", "convergence", "--steps", "40")


def test_the_numbers_and_the_picture(gan: Command, empty: Path) -> None:
    result = gan(*GAME, "--json")
    assert (result.status, result.err) == (0, "")
    found = json.loads(result.out)
    descent, games = found["at_optimum"], found["with_k_updates"]
    assert descent["monotone"]
    assert 0 < descent["gap"] < 1e-4
    assert len(descent["costs"]) == 41
    assert [game["k"] for game in games] == [1, 2, 5, 20]
    assert all(len(game["js"]) == 41 for game in games)
    late = [game["js_late"] for game in games]
    assert late == sorted(late, reverse=True)
    assert found["equal_updates"] == 40
    assert games[3]["js_at_equal_updates"] == games[3]["js"][2]
    with Image.open(empty / "outputs" / "theory" / "convergence.png") as picture:
        assert picture.width > 1000
    assert gan(*GAME, "--json").out == result.out


def test_people_are_told_the_statement_and_what_was_found(gan: Command) -> None:
    result = gan(*GAME)
    assert "monotone    yes (expected yes); the largest rise is 0e+00 nats" in result.out
    assert "k updates on samples before each of 40 steps; 8 games for each k:" in result.out
    assert result.out.endswith("picture  outputs/theory/convergence.png\n")


def test_too_few_steps(gan: Command) -> None:
    result = gan("theory", "convergence", "--steps", "1")
    assert result.status == 2
    assert "--steps" in result.err
