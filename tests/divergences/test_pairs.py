"""Energy, MMD and the relativistic gap of known distributions, against independent integrals."""

import itertools
import math

import numpy as np
import pytest
from scipy import stats
from scipy.integrate import dblquad, quad

from gan_cli.divergences import (
    Discrete,
    Distribution,
    Kernel,
    LineMixture,
    Normal,
    PlaneMixture,
    Uniform,
    pairs,
    swapped_pairs,
    vectors,
)

ONE, OTHER = Normal(0, 1), Normal(1, 1)
TWO = LineMixture((0.3, 0.7), (Normal(-1.0, 0.5), Normal(2.0, 1.0)))
PLANE = PlaneMixture(((0, 0), (2, 1)), (1, 0.5), (0.4, 0.6))
PLANE_OTHER = PlaneMixture(((1, 0),), (0.7,), (1,))
BERN = np.array([0.5, 0.5]), np.array([0.1, 0.9])


def close(found: tuple[float, float], expected: float, rounding: float = 1e-9) -> None:
    value, error = found
    assert 0 <= error < 1e-4
    assert abs(value - expected) <= error + rounding


def test_the_numbers_of_two_normals() -> None:
    close(pairs.energy(ONE, OTHER), 0.5418066, 5e-8)
    close(pairs.mmd(ONE, OTHER), 0.1772676, 5e-8)
    close(pairs.relativistic(ONE, OTHER), 0.2013455, 5e-8)


@pytest.mark.parametrize("width", [0.5, 3.0])
def test_how_like_itself_a_distribution_is(width: float) -> None:
    """X - X' is N(0, 2) for a unit normal, and the two atoms of a coin differ half of the time."""
    kernel = Kernel(widths=(width,))
    close(pairs.self_similarity(ONE, kernel), width / math.sqrt(width**2 + 2))
    coin = Discrete((0.5, 0.5), (0.0, 2.0))
    close(pairs.self_similarity(coin, kernel), (1 + math.exp(-2 / width**2)) / 2, 1e-14)
    uniform = dblquad(lambda x, y: kernel(np.array((x - y) ** 2)), 0, 1, 0, 1)[0]
    close(pairs.self_similarity(Uniform(0, 1), kernel), uniform)


@pytest.mark.parametrize("width", [0.05, 1.0, 30.0])
def test_mmd_of_two_normals_has_its_closed_form(width: float) -> None:
    wide = width**2 + 2
    expected = 2 * width / math.sqrt(wide) * (1 - math.exp(-1 / (2 * wide)))
    close(pairs.mmd(ONE, OTHER, Kernel(widths=(width,))), expected, 1e-14)


@pytest.mark.parametrize(
    ("p", "q"), [(ONE, TWO), (Uniform(0, 2), TWO), (Discrete((0.2, 0.8), (0.0, 3.0)), TWO)]
)
def test_the_energy_distance_is_twice_the_integral_of_the_squared_gap(
    p: Distribution, q: Distribution
) -> None:
    expected, _ = quad(
        lambda x: 2 * float(p.cdf(np.array(x)) - q.cdf(np.array(x))) ** 2,  # type: ignore[union-attr]
        -9,
        12,
        points=[0, 2, 3],
        limit=400,
    )
    close(pairs.energy(p, q), expected, 1e-8)
    close(pairs.energy(q, p), expected, 1e-8)


@pytest.mark.parametrize("kernel", [Kernel("laplace"), Kernel("rational_quadratic", (0.5, 2.0))])
def test_mmd_is_the_double_integral_of_any_kernel(kernel: Kernel) -> None:
    low, high = Uniform(0, 1), Uniform(0.5, 2.5)

    def gap(x: float) -> float:
        return float((0 <= x <= 1) - 0.5 * (0.5 <= x <= 2.5))

    def of_pair(y: float, x: float) -> float:
        return gap(x) * gap(y) * float(kernel(np.array([(x - y) ** 2]))[0])

    cells = [0, 0.5, 1, 2.5]
    expected = 0.0
    for a, b in itertools.pairwise(cells):
        for c, d in itertools.pairwise(cells):
            if (a, b) == (c, d):  # the kernel has a kink where x = y
                expected += 2 * dblquad(of_pair, a, b, lambda _, c=c: c, lambda x: x)[0]
            else:
                expected += dblquad(of_pair, a, b, c, d)[0]
    close(pairs.mmd(low, high, kernel), expected, 1e-8)


def test_the_relativistic_gap_is_the_double_integral() -> None:
    p, q = stats.norm(0, 1), stats.norm(0.5, 2)

    def integrand(y: float, x: float) -> float:
        margin = p.logpdf(x) + q.logpdf(y) - q.logpdf(x) - p.logpdf(y)
        return p.pdf(x) * q.pdf(y) * (math.log(2) - np.logaddexp(0, -margin))

    grid, weights = np.polynomial.legendre.leggauss(400)
    x, y = 8 * grid, 16 * grid + 0.5
    expected = (
        8 * 16 * sum(w * weights @ integrand(y, here) for w, here in zip(weights, x, strict=True))
    )
    close(pairs.relativistic(Normal(0, 1), Normal(0.5, 2)), expected, 1e-10)


def test_no_other_d_gets_more_out_of_pairs() -> None:
    p, q = BERN
    best = np.log(p / q)

    def gain(d: np.ndarray) -> float:
        margins = d[:, None] - d[None]
        return math.log(2) - float(np.outer(p, q).ravel() @ np.logaddexp(0, -margins).ravel())

    assert vectors.relativistic(p, q) == pytest.approx(gain(best), abs=1e-14)
    assert vectors.relativistic(p, q) == pytest.approx(0.1840321, abs=5e-8)
    for other in np.random.default_rng(0).normal(size=(20, 2)):
        assert gain(best + other) < gain(best)


def test_the_plane_against_samples() -> None:
    rng = np.random.default_rng(0)
    x, y = PLANE.sample(rng, 40_000), PLANE_OTHER.sample(rng, 40_000)
    again, other = PLANE.sample(rng, 40_000), PLANE_OTHER.sample(rng, 40_000)
    kernel = Kernel(widths=(0.5, 2.0))
    apart = [np.linalg.norm(a - b, axis=1) for a, b in ((x, y), (x, again), (y, other))]
    between, within, within_other = (d.mean() for d in apart)
    close(pairs.energy(PLANE, PLANE_OTHER), 2 * between - within - within_other, 0.04)
    between, within, within_other = (kernel(d**2).mean() for d in apart)
    close(pairs.mmd(PLANE, PLANE_OTHER, kernel), within + within_other - 2 * between, 0.012)
    ratio = [PLANE.log_prob(each) - PLANE_OTHER.log_prob(each) for each in (x, y)]
    gap = math.log(2) - np.logaddexp(0, ratio[1] - ratio[0]).mean()
    close(pairs.relativistic(PLANE, PLANE_OTHER), gap, 0.015)


@pytest.mark.parametrize(
    ("p", "q"),
    [
        (Discrete((0.5, 0.5)), Discrete((0.1, 0.9))),
        (Discrete((0.2, 0.3, 0.5), (0.0, 1.5, 7.0)), Discrete((1.0,), (3.0,))),
    ],
)
def test_masses_are_compared_as_vectors(p: Discrete, q: Discrete) -> None:
    x = np.union1d(p.points, q.points)
    a, b = (np.diff(each.cdf(x), prepend=0) for each in (p, q))
    apart = np.abs(x[:, None] - x)
    close(pairs.energy(p, q), vectors.energy(a, b, apart), 1e-13)
    close(pairs.mmd(p, q), vectors.mmd(a, b, Kernel()(apart**2)), 1e-13)


@pytest.mark.parametrize("p", [ONE, TWO, Uniform(0, 3), PLANE, Discrete((0.5, 0.5))])
def test_equal_distributions_are_at_zero(p: Distribution) -> None:
    assert pairs.energy(p, p).value == pytest.approx(0, abs=1e-14)
    assert pairs.mmd(p, p).value == pytest.approx(0, abs=1e-14)
    if not isinstance(p, Discrete):
        assert pairs.relativistic(p, p).value == pytest.approx(0, abs=1e-13)


def test_the_witness_gives_mmd() -> None:
    p, q = Uniform(0, 1), Discrete((0.5, 0.5), (0.5, 4.0))
    x = np.linspace(0, 1, 20_001)
    of_p = np.trapezoid(pairs.witness(p, q, x), x)
    of_q = pairs.witness(p, q, np.array([0.5, 4.0])).mean()
    close(pairs.mmd(p, q), of_p - of_q, 1e-9)


def test_what_cannot_be_compared_is_one_sentence() -> None:
    for function in (pairs.energy, pairs.mmd):
        with pytest.raises(ValueError, match=r"^p and q must have as many coordinates: p has 1, "):
            function(ONE, PLANE)
    with pytest.raises(ValueError, match=r"^In the plane the kernel must be gaussian, and is lap"):
        pairs.mmd(PLANE, PLANE_OTHER, Kernel("laplace"))


def test_gathering_by_ratio_loses_what_it_says() -> None:
    rng = np.random.default_rng(0)
    p, q = rng.dirichlet(np.ones(3000)), rng.dirichlet(np.ones(3000))
    assert 0 <= swapped_pairs.between(p, q) - vectors.relativistic(p, q) < 2e-5
