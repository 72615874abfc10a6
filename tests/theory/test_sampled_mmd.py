"""Estimates of MMD^2 from samples: their mean is the one expected, with and without bias."""

from typing import get_args

import pytest

from gan_cli.divergences import Kernel, parse
from gan_cli.theory.sampled_mmd import DRAWS, Estimator, sampled_mmd

PAIR = parse("normal(0,1)"), parse("uniform(-1,2)")


@pytest.mark.parametrize("estimator", get_args(Estimator))
@pytest.mark.parametrize("shape", ["gaussian", "rational_quadratic"])
def test_the_mean_is_the_one_expected(estimator: Estimator, shape: str) -> None:
    kernel = Kernel(shape, (0.5, 1.0))  # type: ignore[arg-type]
    found = sampled_mmd(*PAIR, kernel, estimator, 20, seed=1)
    assert found.mean.error == pytest.approx(found.spread / DRAWS**0.5)
    assert abs(found.mean.value - found.expected.value) < 3 * found.mean.error


def test_the_bias_falls_with_the_number_of_samples() -> None:
    unbiased = sampled_mmd(*PAIR, Kernel(), "unbiased", 10, seed=0).expected.value
    few, many = (sampled_mmd(*PAIR, Kernel(), "biased", n, seed=0) for n in (10, 40))
    assert few.expected.value - unbiased > 0.05
    ratio = (few.expected.value - unbiased) / (many.expected.value - unbiased)
    assert ratio == pytest.approx(4)
    assert few.mean.value > unbiased
