import itertools

import numpy as np
import pytest

from gan_cli.datasets.grid import Grid
from gan_cli.errors import UsageError
from gan_cli.loading import construct


def test_the_default_centres_are_those_of_pacgan():
    modes = Grid().modes()
    centres = {(float(x), float(y)) for x, y in modes.centres}
    assert centres == set(itertools.product((-4.0, -2.0, 0.0, 2.0, 4.0), repeat=2))
    np.testing.assert_allclose(modes.weights, 1 / 25)
    np.testing.assert_array_equal(modes.std, [0.05] * 25)


def test_an_even_side_is_centred_too():
    centres = Grid(side=2, spacing=1.0).modes().centres
    assert {tuple(centre) for centre in centres.tolist()} == set(
        itertools.product((-0.5, 0.5), repeat=2)
    )


@pytest.mark.parametrize(
    ("values", "text"),
    [
        ({"side": 0}, "side=0: must be at least 1."),
        ({"spacing": 0.0}, "spacing=0.0: must be above 0."),
        ({"std": -0.5}, "std=-0.5: must be above 0."),
    ],
)
def test_values_that_make_no_grid_are_refused(values, text):
    with pytest.raises(UsageError) as caught:
        construct(Grid, values)
    assert str(caught.value) == text
