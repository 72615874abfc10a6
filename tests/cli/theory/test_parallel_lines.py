"""`gan theory parallel-lines`: its numbers, its table and its picture."""

import json
import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from PIL import Image

Command = Callable[..., Any]

SHORT = ("theory", "parallel-lines", "--updates", "200")


@pytest.mark.slow
def test_the_numbers_say_that_js_is_flat_and_w_is_not(gan: Command) -> None:
    status, out, _ = gan(*SHORT, "--json")
    assert status == 0
    numbers = json.loads(out)
    apart = np.array(numbers["thetas"]) != 0
    assert numbers["kl"] == ["inf" if each else 0 for each in apart]
    np.testing.assert_allclose(np.array(numbers["js_estimated"])[apart], math.log(2), atol=0.01)
    np.testing.assert_allclose(numbers["wasserstein_1"], np.abs(numbers["thetas"]))
    assert numbers["updates"] == 200
    assert np.abs(np.array(numbers["js_gradient"])[apart]).max() < 0.2
    assert 0 < numbers["wasserstein_1_slope"] < 1.1


def test_the_table_and_the_picture(gan: Command) -> None:
    status, out, _ = gan(*SHORT, "--out", "here")
    assert status == 0
    lines = out.splitlines()
    assert lines[0] == "Two segments, P_0 = (0, Z) and P_theta = (theta, Z), Z uniform on [0, 1]."
    assert len([line for line in lines if " inf  0.6931" in line]) == 10
    assert lines[-1] == "picture  here/parallel_lines.png"
    with Image.open("here/parallel_lines.png") as picture:
        assert (picture.format, picture.size) == ("PNG", (1200, 900))


def test_too_few_updates_are_refused(gan: Command) -> None:
    status, out, err = gan("theory", "parallel-lines", "--updates", "39")
    assert (status, out) == (2, "")
    assert "--updates" in err
    assert "40" in err
