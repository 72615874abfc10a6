"""Which drawer a shape gets."""

import subprocess
import sys

import numpy as np
import pytest

from gan_cli.errors import UsageError
from gan_cli.plots.grid import Grid
from gan_cli.plots.histogram import Histogram
from gan_cli.plots.samples import drawer
from gan_cli.plots.scatter import Scatter


@pytest.mark.parametrize(
    ("shape", "kind"),
    [
        ((8, 8, 1), Grid),
        ((32, 32, 3), Grid),
        ((1,), Histogram),
        ((2,), Scatter),
        ((7,), Scatter),
    ],
)
def test_the_shape_of_an_example_chooses(shape: tuple[int, ...], kind: type) -> None:
    samples = np.random.default_rng(0).uniform(-1, 1, (20, *shape))
    chosen = drawer(shape, reference=samples)
    assert isinstance(chosen, kind)
    assert chosen.draw(samples, "step 1")[:4] == b"\x89PNG"
    assert chosen.draw_lines(samples.reshape(4, 5, *shape), "step 1")[:4] == b"\x89PNG"


@pytest.mark.parametrize("shape", [(8, 8), (8, 8, 2), ()])
def test_other_shapes_are_refused(shape: tuple[int, ...]) -> None:
    with pytest.raises(UsageError) as error:
        drawer(shape)
    assert str(error.value) == (
        f"Examples of shape {shape} cannot be drawn: an image is (height, width, channels) with "
        "1 or 3 channels, a point is (D,)."
    )


def test_points_need_a_reference() -> None:
    with pytest.raises(ValueError, match="points are drawn on the axes of reference points"):
        drawer((2,))


def test_importing_the_drawers_imports_neither_matplotlib_nor_jax() -> None:
    code = (
        "import sys, gan_cli.plots.samples; print({'matplotlib', 'jax', 'PIL'} & set(sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "set()\n"
