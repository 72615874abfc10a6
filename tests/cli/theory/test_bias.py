"""`gan theory bias`: its numbers, its tables, its picture, and what it refuses."""

import json
import math
from collections.abc import Callable
from typing import Any

import pytest
from PIL import Image

Command = Callable[..., Any]

SHORT = ("theory", "bias", "--updates", "80", "--points", "32")


@pytest.mark.slow
def test_the_numbers_and_the_picture(gan: Command) -> None:
    status, out, _ = gan(*SHORT, "--json", "--out", "here")
    assert status == 0
    numbers = json.loads(out)
    critics, sample, learned = (numbers[name] for name in ("wgan_gp", "sample", "training_set"))
    assert critics["estimate"][-1] == pytest.approx(1.05, rel=0.01)
    assert critics["value"][-1] == pytest.approx(1.025, rel=0.01)
    assert critics["estimate_expected"][-1] == pytest.approx(1.05)
    assert critics["value_expected"][-1] == pytest.approx(1.025)
    assert sample["wasserstein_least_at"]["1"] == [1, 1]
    assert sample["cramer_least_at"]["1"] == pytest.approx(0.6)
    assert learned["js_of_laws"] == pytest.approx(math.log(2))
    assert learned["js_held_out"] < learned["js_on_training_set"] < math.log(2)
    with Image.open(numbers["pictures"][0]) as picture:
        assert (picture.format, picture.size) == ("PNG", (1375, 1050))


@pytest.mark.slow
def test_critics_that_have_not_converged_are_told_of(gan: Command) -> None:
    status, out, _ = gan(*SHORT, "--distance", "1000", "--penalty", "0.001")
    assert status == 0
    assert "they have not converged in their 1,000 updates. Try a --distance" in out
    assert "          1  1                0.6\n" in out
    assert out.endswith("picture  outputs/theory/bias.png\n")


@pytest.mark.parametrize(
    ("option", "value"),
    [("--theta", "1.5"), ("--distance", "0"), ("--updates", "39"), ("--points", "0")],
)
def test_what_is_out_of_range_is_refused(option: str, value: str, gan: Command) -> None:
    status, out, err = gan("theory", "bias", option, value)
    assert (status, out) == (2, "")
    assert option in err
