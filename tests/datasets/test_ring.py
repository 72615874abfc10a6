import numpy as np
import pytest

from gan_cli.datasets.ring import Ring
from gan_cli.errors import UsageError
from gan_cli.loading import construct


@pytest.mark.parametrize("count", [1, 2, 7, 8])
def test_the_modes_are_distinct_and_evenly_spaced(count):
    modes = Ring(count=count, radius=2.0, std=0.1).modes()
    places = modes.centres[:, 0] + 1j * modes.centres[:, 1]
    assert len(np.unique(places.round(6))) == count
    np.testing.assert_allclose(places**count, 2.0**count, atol=1e-9 * 2**count)
    np.testing.assert_allclose(modes.weights, 1 / count)
    np.testing.assert_array_equal(modes.std, [0.1] * count)


@pytest.mark.parametrize(
    ("values", "text"),
    [
        ({"count": 0}, "count=0: must be at least 1."),
        ({"count": 2**63}, "count=9223372036854775808: must be at most 100000."),
        ({"radius": -1.0}, "radius=-1.0: must be above 0."),
        ({"std": 0.0}, "std=0.0: must be above 0."),
    ],
)
def test_values_that_make_no_ring_are_refused(values, text):
    with pytest.raises(UsageError) as caught:
        construct(Ring, values)
    assert str(caught.value) == text
