"""The kernels by their formulas, and what is refused."""

import numpy as np
import pytest

from gan_cli.divergences import Kernel
from gan_cli.divergences.kernels import mmd_squared

SQUARED = np.array([0.0, 0.25, 4.0])


@pytest.mark.parametrize(
    ("shape", "formula"),
    [
        ("gaussian", lambda r, s: np.exp(-(r**2) / (2 * s**2))),
        ("laplace", lambda r, s: np.exp(-r / s)),
        ("rational_quadratic", lambda r, s: 1 / (1 + r**2 / (2 * s**2))),
    ],
)
def test_a_kernel_is_the_mean_over_its_widths(shape, formula):
    expected = (formula(np.sqrt(SQUARED), 0.5) + formula(np.sqrt(SQUARED), 3)) / 2
    np.testing.assert_allclose(Kernel(shape, (0.5, 3.0))(SQUARED), expected)
    assert Kernel(shape)(SQUARED)[0] == 1


def test_a_kernel_is_told_in_words():
    assert str(Kernel()) == "gaussian kernel of width 1"
    several = Kernel("rational_quadratic", (0.5, 1, 2))
    assert str(several) == "rational quadratic kernel of widths 0.5, 1 and 2"


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        (
            {"shape": "cubic"},
            "The kernel must be gaussian, laplace or rational_quadratic, and is 'cubic'.",
        ),
        ({"widths": ()}, "A kernel needs at least one width, and has none."),
        ({"widths": (1.0, 0.0)}, "A kernel's widths must be above 0, and one is 0."),
        ({"widths": (float("nan"),)}, "widths must be at most 1e+50 in size, and is (nan,)."),
    ],
)
def test_what_is_no_kernel_is_one_sentence(values, sentence):
    with pytest.raises(ValueError) as caught:  # noqa: PT011
        Kernel(**values)
    assert str(caught.value) == sentence


def test_the_unbiased_estimate_is_a_mean_over_pairs():
    rng = np.random.default_rng(0)
    x, y, rows = rng.normal(size=(7, 2)), rng.normal(size=(5, 2)), np.array([0, 2, 5])

    def k(a, b):
        return Kernel()(np.array([((a - b) ** 2).sum()]))[0]

    def all_pairs(a, b):
        return np.array([[k(one, other) for other in b] for one in a])

    estimate = mmd_squared(all_pairs(x, x), all_pairs(x, y), all_pairs(y, y))(rows)
    some = x[rows]
    apart = [k(some[i], some[j]) for i in range(3) for j in range(3) if i != j]
    other = [k(y[i], y[j]) for i in range(5) for j in range(5) if i != j]
    expected = np.mean(apart) + np.mean(other) - 2 * all_pairs(some, y).mean()
    np.testing.assert_allclose(estimate, expected)
