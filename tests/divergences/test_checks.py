import math

import numpy as np
import pytest

from gan_cli.divergences.checks import check_finite, check_power, check_widths, probabilities


def test_probabilities_are_normalised_within_the_tolerance():
    np.testing.assert_array_equal(probabilities("p", [1, 3e-7]).sum(), 1)
    with pytest.raises(ValueError, match=r"^The sum of p must be one, and is 1.000002\.$"):
        probabilities("p", [1, 2e-6])


def test_what_is_not_finite_is_refused_by_name():
    check_finite(a=1.0, b=np.ones(2))
    with pytest.raises(ValueError, match=r"^b must be at most 1e\+50 in size, and is inf\.$"):
        check_finite(a=1.0, b=math.inf)


def test_a_power_is_at_least_one():
    check_power(1)
    with pytest.raises(ValueError, match=r"^power must be a number of at least 1, and is 0.5\.$"):
        check_power(0.5)


def test_a_width_that_float64_does_not_resolve_is_refused():
    check_widths("std", [1e-11, 1e-49], [1.0, 0.0])
    for width, place in ((1e-13, 1.0), (1.0, -1e16), (1e-60, 0.0)):
        with pytest.raises(ValueError) as caught:  # noqa: PT011
            check_widths("std", [1.0, width], [0.0, place])
        assert str(caught.value) == (
            f"std must be at least 1e-50, and 1e-12 of where it is, and is {width:g} at {place:g}."
        )
