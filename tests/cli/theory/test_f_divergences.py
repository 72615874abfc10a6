"""`gan theory f-divergences`: its numbers, its words, and what it refuses."""

import json
from collections.abc import Callable
from typing import Any

from PIL import Image

from tests.compiling import unoptimized

Command = Callable[..., Any]

COMMAND = ("theory", "f-divergences", "--updates", "30")
BERN = ("--p", "discrete(.5,.5)", "--q", "discrete(.1,.9)")
NAMES = (
    *("total_variation", "kl", "reverse_kl", "pearson", "neyman", "squared_hellinger"),
    *("jeffrey", "jensen_shannon", "gan"),
)


def test_the_numbers_and_the_picture(gan: Command) -> None:
    with unoptimized():
        status, out, err = gan(*COMMAND, *BERN, "--json")
    assert (status, err) == (0, "")
    found = json.loads(out)
    assert list(found) == [*NAMES, "pictures"]
    assert abs(found["pearson"]["direct"] - 16 / 9) < 1e-12
    assert all(abs(found[n]["direct"] - found[n]["variational"]) < 1e-12 for n in NAMES)
    assert all(found[n]["trained"] < found[n]["direct"] + 1e-6 for n in NAMES)
    assert found["jensen_shannon"]["label"] == "2 JSD"
    with Image.open(found["pictures"][0]) as picture:
        assert picture.width > 1500


def test_bad_input_is_one_line_that_points_at_the_place(gan: Command) -> None:
    status, out, err = gan("theory", "f-divergences", "--q", "normal(0,-1)")
    assert (status, out) == (2, "")
    assert err == "gan: --q 'normal(0,-1)': normal, character 10: std must be above 0, and is -1.\n"
