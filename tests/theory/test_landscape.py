"""The loss over where G puts its samples: states, paths and trained D."""

import math
from collections.abc import Iterator

import numpy as np
import pytest

from gan_cli.theory.findings.landscape import expected, findings
from gan_cli.theory.landscape import (
    GAMES,
    STATES,
    Landscape,
    best_loss,
    collapse_to_match,
    landscape,
    states,
)
from tests.compiling import unoptimized

TRIANGLE = np.array([[0.0, 0.0], [1.0, 0.0], [0.0, 1.0]])


@pytest.fixture(scope="module")
def found() -> Iterator[Landscape]:
    """Compiled without optimizations, which would take longer than the training."""
    with unoptimized():
        yield landscape(3, 2, 200)


def test_the_best_losses_are_those_of_the_paper(found: Landscape) -> None:
    paper = {
        "minimax": (-0.6931, -0.4774, -0.3466, 0.0),
        "relativistic_by_index": (-0.6931, -0.3466, -0.3466, 0.0),
        "relativistic_over_all_pairs": (-0.6931, -0.3466, -0.1733, 0.0),
    }
    for game, values in paper.items():
        told = [found.losses[game].states[state].value for state in STATES]
        np.testing.assert_allclose(told, values, atol=6e-5)
        np.testing.assert_allclose(told, [*expected(2)[game].values()], atol=1e-13)


@pytest.mark.parametrize("n", [3, 5])
def test_more_points_in_closed_form(n: int) -> None:
    data = np.random.default_rng(n).normal(size=(n, 2))
    for game, played in GAMES.items():
        told = [best_loss(played.compared, data, each).value for each in states(data)]
        np.testing.assert_allclose(told, [*expected(n)[game].values()], atol=1e-12)


def test_the_barriers(found: Landscape) -> None:
    barriers = [loss.barrier for loss in found.losses.values()]
    collapsed = math.log(4) / 4 - 3 * math.log(3) / 4
    np.testing.assert_allclose(
        barriers, [-math.log(2) / 2 - collapsed, 0, math.log(2) / 4], atol=1e-12
    )


def test_a_trained_d_reaches_the_best_one_and_never_passes_it(found: Landscape) -> None:
    for loss in found.losses.values():
        for state in STATES:
            gap = loss.states[state].value - loss.trained_states[state]
            assert -1e-6 < gap < 5e-3
        assert (loss.trained[-1] <= loss.path + 1e-6).all()
        assert abs(loss.trained_barrier - loss.barrier) < 5e-3
    early = found.losses["minimax"].trained[0]
    assert early[-1] < early[0], "a D of one update tells no barrier"


def test_the_samples_leave_the_first_point_one_after_another() -> None:
    way, path = collapse_to_match(TRIANGLE)
    np.testing.assert_array_equal(path[0], np.zeros((3, 2)))
    np.testing.assert_array_equal(path[way == 1][0], [[0, 0], [1, 0], [0, 0]])
    np.testing.assert_array_equal(path[-1], TRIANGLE)
    assert (np.diff(way) > 0).all()


def test_what_is_told(found: Landscape) -> None:
    numbers, lines, pictures, *_ = findings(found)
    assert abs(numbers["minimax"]["barrier"] - 0.1308) < 6e-5
    assert numbers["minimax"]["states"]["one_matched"]["expected"] == -math.log(2) / 2
    assert any(
        line.split()[:5] == ["relativistic,", "paired", "by", "index", "0"] for line in lines
    )
    assert pictures["landscape.png"].startswith(b"\x89PNG")
