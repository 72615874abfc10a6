"""Samples that are spread evenly, against the distribution functions."""

import numpy as np
import pytest
from scipy import stats

from gan_cli.divergences import from_modes, parse
from gan_cli.theory.even_samples import EvenSamples, steps

NESTED = "mixture(0.4*normal(-2,.3)+0.6*mixture(.5*normal(1,.8)+.5*uniform(3,4)))"


@pytest.mark.parametrize("text", ["normal(1,2)", "uniform(-1,3)", NESTED])
def test_they_follow_the_distribution_more_closely_than_random_ones(text: str) -> None:
    """The Kolmogorov distance of 4,096 random samples is about .87 / 64 = .014."""
    p = parse(text)
    x = EvenSamples(p, np.random.default_rng(0))(4096)  # type: ignore[arg-type]
    assert x.shape == (4096, 1)
    assert stats.ks_1samp(x[:, 0], p.cdf).statistic < 0.0025  # type: ignore[union-attr]


def test_a_stretch_in_the_middle_is_even_as_well() -> None:
    p = parse(NESTED)
    draw = EvenSamples(p, np.random.default_rng(0))  # type: ignore[arg-type]
    draw(1000)
    assert stats.ks_1samp(draw(512)[:, 0], p.cdf).statistic < 0.03  # type: ignore[union-attr]


def test_a_single_sample_is_as_likely_anywhere() -> None:
    p = parse(NESTED)
    alone = [
        EvenSamples(p, np.random.default_rng(seed))(3)[2, 0]  # type: ignore[arg-type]
        for seed in range(1000)
    ]
    assert stats.ks_1samp(alone, p.cdf).pvalue > 0.01  # type: ignore[union-attr]


def test_the_plane_is_filled_by_parts_in_both_directions() -> None:
    p = from_modes([[0, 0], [10, 5]], [1, 0.5], [0.25, 0.75])
    x = EvenSamples(p, np.random.default_rng(1))(4096)  # type: ignore[arg-type]
    near = np.hypot(*x.T) < 6
    assert abs(near.mean() - 0.25) < 0.001
    scaled = (x[~near] - [10, 5]) / 0.5
    for direction in ([1, 0], [0, 1], [0.6, 0.8]):
        assert stats.kstest(scaled @ direction, "norm").statistic < 0.01


def test_the_steps_are_powers_of_the_golden_ratio_and_its_like() -> None:
    np.testing.assert_allclose(steps(1), (5**0.5 - 1) / 2)
    g = 1 / steps(2)[0]
    np.testing.assert_allclose([g**3, steps(2)[1]], [g + 1, g**-2])
