"""The picture of two distributions: densities, masses, infinite terms, none."""

import io
import math
from typing import Any

import numpy as np
import pytest
from PIL import Image

from gan_cli.divergences import Coupling, Estimate
from gan_cli.divergences.comparison import NAMES
from gan_cli.plots import panels
from gan_cli.theory.divergences import Divergences, Series
from gan_cli.theory.findings import divergences_picture

X = np.linspace(0, 1, 200)
DENSITY = Series(X, 1 + X, False)
MASSES = Series(np.array([0.0, 1.0]), np.array([0.3, 0.7]), True)
TRANSPORT = Coupling(np.array([0.2, 0.8]), np.array([0.1, 0.9]), np.diag([0.5, 0.5]))
ENDS = (-0.1, 1.1)


CDFS = (Series(X, X, False), Series(X, X**2, False))
CRITICS = {name: Series(X, 1 - 2 * X, False) for name in ("fisher", "mmd", "energy")}
TERMS = {**divergences_picture.TERMS, **divergences_picture.OTHER_TERMS}
VALUES = dict.fromkeys(NAMES, Estimate(math.inf, 0.0))


def terms(x: np.ndarray, *, discrete: bool) -> dict[str, Series]:
    infinite = np.where(x > 0.6, np.inf, 0.1)
    return {name: Series(x, infinite, discrete) for name in TERMS}


def found(pair: tuple[Series, Series], made_of: dict[str, Series]) -> Divergences:
    return Divergences(VALUES, VALUES, {}, ENDS, pair, made_of, CDFS, CRITICS, TRANSPORT)


@pytest.mark.parametrize(
    ("pair", "made_of"),
    [
        ((DENSITY, DENSITY), terms(X, discrete=False)),
        ((MASSES, MASSES), terms(MASSES.x, discrete=True)),
        ((MASSES, DENSITY), {}),
    ],
)
def test_every_kind_of_pair_is_a_png(
    pair: tuple[Series, Series], made_of: dict[str, Series]
) -> None:
    picture = Image.open(io.BytesIO(divergences_picture.draw(found(pair, made_of), "")))
    assert (picture.format, picture.size, picture.mode) == ("PNG", (1650, 1237), "RGB")


def axes() -> Any:
    return panels.sheet(4, 4, "").add_subplot()


def test_circles_have_areas_in_proportion_to_the_mass() -> None:
    drawn = axes()
    mass = np.array([[0.4, 0.2], [0.0, 0.4]])
    divergences_picture._transport(drawn, Coupling(np.array([0, 1]), np.array([2, 3]), mass), ENDS)
    (circles,) = drawn.collections
    np.testing.assert_array_equal(circles.get_offsets(), [[0, 2], [0, 3], [1, 3]])
    sizes = circles.get_sizes()
    np.testing.assert_allclose(sizes / sizes.sum(), [0.4, 0.2, 0.4])


def test_only_atoms_that_coincide_stand_beside_each_other() -> None:
    drawn = axes()
    other = Series(np.array([0.0, 0.5]), np.array([0.4, 0.6]), True)
    divergences_picture._densities(drawn, (MASSES, other), ENDS)
    p, q = (line.get_xdata() for line in drawn.lines)
    assert p[0] < 0 < q[0]
    assert (p[1], q[1]) == (1.0, 0.5)


def test_infinite_terms_are_marked_where_they_are() -> None:
    drawn = axes()
    shown = found((MASSES, MASSES), terms(MASSES.x, discrete=True))
    divergences_picture._terms(drawn, shown, divergences_picture.TERMS, "KL and JS", "nats")
    marks = [line for line in drawn.lines if line.get_marker() == "^" and len(line.get_xdata())]
    assert len(marks) == 3
    for mark in marks:
        np.testing.assert_allclose(mark.get_xdata(), [1.0], atol=0.05)


def test_rounding_errors_of_terms_are_drawn_as_zero() -> None:
    drawn = axes()
    rounded = dict.fromkeys(TERMS, Series(X, 4e-17 * (X > 0.5), False))
    shown = found((DENSITY, DENSITY), rounded)
    divergences_picture._terms(drawn, shown, divergences_picture.TERMS, "KL and JS", "nats")
    assert drawn.get_ylim() == pytest.approx((-0.2, 0.2))


def test_what_the_energy_distance_integrates_fits_the_axes() -> None:
    drawn = axes()
    apart = Series(X, np.ones_like(X), False), Series(X, np.zeros_like(X), False)
    divergences_picture._cdfs(drawn, found((DENSITY, DENSITY), {})._replace(cdfs=apart))
    assert drawn.get_ylim() == (0, pytest.approx(2.1))
