import numpy as np
import pytest

from gan_cli.datasets.gaussian import Gaussian
from gan_cli.errors import UsageError
from gan_cli.loading import construct


def test_one_number_serves_all_modes_and_weights_are_relative():
    modes = Gaussian(centres=(0.0, 1.0, 2.0), std=(0.2,), weights=(3.0,)).modes()
    np.testing.assert_array_equal(modes.centres, [[0], [1], [2]])
    np.testing.assert_array_equal(modes.std, [0.2] * 3)
    np.testing.assert_allclose(modes.weights, [1 / 3] * 3)
    modes = Gaussian(centres=(0.0, 1.0), weights=(1.0, 3.0)).modes()
    np.testing.assert_allclose(modes.weights, [0.25, 0.75])


@pytest.mark.parametrize(
    ("values", "text"),
    [
        ({"centres": ()}, "centres=[]: must have at least one number."),
        (
            {"std": (0.1, 0.2, 0.3)},
            "std=[0.1, 0.2, 0.3]: must have one number, or one for each centre, "
            "of which there are 2.",
        ),
        (
            {"weights": ()},
            "weights=[]: must have one number, or one for each centre, of which there are 2.",
        ),
        ({"std": (0.0,)}, "std[0]=0.0: must be above 0."),
        ({"weights": (1.0, -1.0)}, "weights[1]=-1.0: must be above 0."),
    ],
)
def test_values_that_make_no_mixture_are_refused(values, text):
    with pytest.raises(UsageError) as caught:
        construct(Gaussian, values)
    assert str(caught.value) == text
