"""The picture of the three biases, from numbers made up here."""

import io

from PIL import Image

from gan_cli.theory.findings import bias_picture
from tests.theory.findings.test_bias import found


def test_the_picture_is_a_png() -> None:
    picture = Image.open(io.BytesIO(bias_picture.draw(found(0.5), "")))
    assert (picture.format, picture.size) == ("PNG", (1375, 1050))
