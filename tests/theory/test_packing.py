"""Packs of step distributions: against closed forms, all tuples, and samples."""

import itertools
import math
from collections.abc import Iterator

import numpy as np
import pytest
from scipy.stats import binom

from gan_cli.divergences import Discrete, LineMixture, Normal, Uniform, compare
from gan_cli.theory import packed_discriminator
from gan_cli.theory.findings.packing import EXPECTED, findings, lines
from gan_cli.theory.packing import (
    COLLAPSED,
    UNEVEN,
    Model,
    P,
    Pack,
    Packing,
    by_ratio,
    cells,
    has_steps,
    js,
    largest,
    packing,
    region,
    total_variation,
)
from tests.compiling import unoptimized

THREE = Discrete((0.5, 0.3, 0.2)), Discrete((0.1, 0.3, 0.6))


@pytest.fixture(scope="module")
def found() -> Iterator[Packing]:
    """Compiled without optimizations, which would take longer than the training."""
    with unoptimized(), pytest.MonkeyPatch.context() as patch:
        patch.setattr(packed_discriminator, "FRESH", 2**14)
        yield packing(P, [("collapsed", COLLAPSED)], 2, seed=3, updates=120)


def ratios(p: object, q: object) -> np.ndarray:
    return by_ratio(cells(p, q).masses)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("model", "paper"),
    [(COLLAPSED, (0.2, 0.36, 0.488, 0.5904)), (UNEVEN, (0.2, 0.24, 0.284, 0.3392))],
    ids=["collapsed", "uneven"],
)
def test_the_numbers_of_the_paper(model: object, paper: tuple[float, ...]) -> None:
    masses = ratios(P, model)
    assert masses.shape == (2, 2)
    name = "collapsed" if model is COLLAPSED else "uneven"
    for m, expected in enumerate(paper, 1):
        value, error = total_variation(masses, m)
        assert abs(value - expected) < 1e-12
        assert abs(EXPECTED[name](m) - expected) < 1e-12
        assert error < 1e-14


@pytest.mark.parametrize("m", [1, 2, 3, 5])
def test_sums_over_types_are_sums_over_all_packs(m: int) -> None:
    p, q = (np.array(each.probabilities) for each in THREE)
    packs = list(itertools.product(range(3), repeat=m))
    of_p, of_q = (np.array([each[list(pack)].prod() for pack in packs]) for each in (p, q))
    masses = ratios(*THREE)
    assert abs(total_variation(masses, m).value - np.abs(of_p - of_q).sum() / 2) < 1e-14
    middle = (of_p + of_q) / 2
    expected = (of_p @ np.log(of_p / middle) + of_q @ np.log(of_q / middle)) / 2
    assert abs(js(masses, m).value - expected) < 1e-14


def test_one_example_is_compared_as_everywhere_else() -> None:
    for p, q in ((P, UNEVEN), THREE):
        other = compare(p, q)
        masses = ratios(p, q)
        assert abs(total_variation(masses, 1).value - other["total_variation"].value) < 1e-10
        assert abs(js(masses, 1).value - other["js"].value) < 1e-10


def test_large_packs_keep_their_stated_error() -> None:
    m, k = 1000, np.arange(1001)
    expected = np.abs(binom.pmf(k, m, 0.5) - binom.pmf(k, m, 0.51)).sum() / 2
    value, error = total_variation(ratios(Discrete((0.5, 0.5)), Discrete((0.49, 0.51))), m)
    assert abs(value - expected) < 10 * error < 1e-10


def test_cells_of_one_ratio_are_one() -> None:
    thirds = LineMixture((0.5, 0.5), (Uniform(0.0, 0.25), Uniform(0.5, 0.75)))
    masses = ratios(P, thirds)
    np.testing.assert_allclose(
        masses, [[0.5, 0.5], [0, 1]] if masses[1, 0] == 0 else [[0.5] * 2, [1, 0]]
    )
    assert largest(masses) == 1000
    assert largest(np.full((2, 9), 1 / 9)) < 30


def test_the_region_rises_to_the_total_variation() -> None:
    for pair in ((P, COLLAPSED), (P, UNEVEN), THREE):
        masses = ratios(*pair)
        for m in (1, 3):
            x, y = region(masses, m)
            assert (x[0], y[0]) == (0, 0)
            np.testing.assert_allclose((x[-1], y[-1]), 1)
            np.testing.assert_allclose((y - x).max(), total_variation(masses, m).value)


def test_what_has_no_steps() -> None:
    assert not has_steps(LineMixture((0.5, 0.5), (Uniform(0, 1), Normal(0, 1))))
    with pytest.raises(ValueError, match="uniform pieces"):
        cells(P, Normal(0.0, 1.0))
    with pytest.raises(ValueError, match="nothing in common"):
        cells(P, THREE[0])


def test_of_large_packs_the_exact_numbers_stand_alone() -> None:
    masses = ratios(P, COLLAPSED)
    packs = [Pack(m, total_variation(masses, m), js(masses, m), None) for m in range(1, 7)]
    found = Packing(cells(P, COLLAPSED), [Model("collapsed", masses, packs)], 5)
    text = lines(["uniform(0,1)", "uniform(.2,1)"], found)
    assert "D is trained on packs of at most 4; larger ones have exact numbers alone." in text
    row = next(line for line in text if line.startswith("6 "))
    assert row.split() == ["6", "0.737856", "0.737856", "-", "0.370739", "-"]
    small = found._replace(models=[found.models[0]._replace(packs=packs[:4])])
    assert not any("larger ones" in line for line in lines(["p", "q"], small))


@pytest.mark.slow
def test_a_trained_d_finds_nearly_all_and_no_more(found: Packing) -> None:
    for pack in found.models[0].packs:
        assert pack.trained is not None
        exact = (pack.total_variation.value, pack.js.value)
        for value, truth in zip(pack.trained, exact, strict=True):
            assert 0.6 * truth < value.value < truth + 4 * value.error
            assert 0 < value.error < 0.01


@pytest.mark.slow
def test_what_is_told(found: Packing) -> None:
    numbers, lines, pictures, *_ = findings(["uniform(0,1)", "uniform(.2,1)"], found)
    first, second = numbers["collapsed"]["packs"]
    assert abs(first["expected"] - first["total_variation"]) < first["error"]
    assert abs(second["total_variation"] - 0.36) < 1e-12
    assert math.isclose(second["expected"], 0.36)
    assert "collapsed: uniform(.2,1)" in lines
    assert pictures["packing.png"].startswith(b"\x89PNG")
