"""The picture of two distributions: densities, masses, infinite terms, none."""

import io
from typing import Any

import numpy as np
import pytest
from PIL import Image

from gan_cli.plots import divergences
from gan_cli.plots.divergences import Term, Transport, Weights

X = np.linspace(0, 1, 200)
DENSITY = Weights(X, 1 + X, False)
MASSES = Weights(np.array([0.0, 1.0]), np.array([0.3, 0.7]), True)
TRANSPORT = Transport(np.array([0.2, 0.8]), np.array([0.1, 0.9]), np.diag([0.5, 0.5]))
ENDS = (-0.1, 1.1)


def terms(x: np.ndarray, *, discrete: bool) -> list[Term]:
    infinite = np.where(x > 0.6, np.inf, 0.1)
    return [Term(name, x, infinite, discrete) for name in ("KL(p || q)", "KL(q || p)", "JS")]


@pytest.mark.parametrize(
    ("pair", "made_of"),
    [
        ((DENSITY, DENSITY), terms(X, discrete=False)),
        ((MASSES, MASSES), terms(MASSES.x, discrete=True)),
        ((MASSES, DENSITY), []),
    ],
)
def test_every_kind_of_pair_is_a_png(pair: tuple[Weights, Weights], made_of: list[Term]) -> None:
    drawn = divergences.draw(pair, made_of, TRANSPORT, ENDS, "KL = inf")
    picture = Image.open(io.BytesIO(drawn))
    assert (picture.format, picture.size, picture.mode) == ("PNG", (1650, 687), "RGB")


def axes() -> Any:
    return divergences.panels.sheet(4, 4, "").add_subplot()


def test_circles_have_areas_in_proportion_to_the_mass() -> None:
    drawn = axes()
    mass = np.array([[0.4, 0.2], [0.0, 0.4]])
    divergences._transport(drawn, Transport(np.array([0, 1]), np.array([2, 3]), mass), ENDS)
    (circles,) = drawn.collections
    np.testing.assert_array_equal(circles.get_offsets(), [[0, 2], [0, 3], [1, 3]])
    sizes = circles.get_sizes()
    np.testing.assert_allclose(sizes / sizes.sum(), [0.4, 0.2, 0.4])


def test_only_atoms_that_coincide_stand_beside_each_other() -> None:
    drawn = axes()
    other = Weights(np.array([0.0, 0.5]), np.array([0.4, 0.6]), True)
    divergences._densities(drawn, (MASSES, other), ENDS)
    p, q = (line.get_xdata() for line in drawn.lines)
    assert p[0] < 0 < q[0]
    assert (p[1], q[1]) == (1.0, 0.5)


def test_infinite_terms_are_marked_where_they_are() -> None:
    drawn = axes()
    divergences._terms(drawn, terms(MASSES.x, discrete=True), ENDS)
    marks = [line for line in drawn.lines if line.get_marker() == "^" and len(line.get_xdata())]
    assert len(marks) == 3
    for mark in marks:
        np.testing.assert_allclose(mark.get_xdata(), [1.0], atol=0.05)
