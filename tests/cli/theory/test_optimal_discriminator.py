"""`gan theory optimal-discriminator`, with a D that is trained for a moment."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

Command = Callable[..., Any]

COMMAND = ("theory", "optimal-discriminator", "--updates", "50")
PAIR = ("--p", "normal(0,1)", "--q", "normal(1,1)")


def test_a_pair_of_the_users_own(gan: Command, empty: Path) -> None:
    result = gan(*COMMAND, *PAIR, "--json")
    assert (result.status, result.err) == (0, "")
    found = json.loads(result.out)
    assert found["pictures"] == ["outputs/theory/optimal_discriminator_line.png"]
    assert set(found) == {"line", "pictures"}
    assert set(found["line"]) == {
        "sup_error",
        "mean_error",
        "value",
        "value_quadrature_error",
        "value_expected",
        "value_expected_error",
        "value_error",
        "value_on_samples",
        "value_on_samples_standard_error",
        "within",
        "mass_beyond",
        "updates",
        "changed_in_last_round",
        "converged",
    }
    assert found["line"]["value"] <= found["line"]["value_expected"]
    assert gan(*COMMAND, *PAIR, "--json").out == result.out


def test_a_pair_on_the_line_and_one_in_the_plane(gan: Command, empty: Path) -> None:
    result = gan(*COMMAND)
    assert (result.status, result.err) == (0, "")
    assert "On the line, after 50 updates of D" in result.out
    assert "In the plane, after 50 updates of D" in result.out
    assert "within 0.02: no" in result.out
    for name in ("line", "plane"):
        with Image.open(empty / f"outputs/theory/optimal_discriminator_{name}.png") as picture:
            assert picture.width > 1000


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (
            ("--p", "normal(0,1)"),
            "gan: --p needs --q beside it, such as --q 'normal(0,1)'.",
        ),
        (
            ("--q", "normal(0,1)"),
            "gan: --q needs --p beside it, such as --p 'normal(0,1)'.",
        ),
        (
            ("--p", "discrete(.5,.5)", "--q", "normal(0,1)"),
            "gan: --p 'discrete(.5,.5)': consists of points, and here D is compared with D* by "
            "densities. Write narrow normals, as in 'mixture(.5*normal(0,.1)+.5*normal(1,.1))', or "
            "see the row GAN of 'gan theory f-divergences', which plays this game on points.",
        ),
        (
            ("--p", "normal(0,0)", "--q", "normal(0,1)"),
            "gan: --p 'normal(0,0)': normal, character 10: std must be above 0, and is 0.",
        ),
        (
            ("--p", "normal(0,1)", "--q", "norml(0,1)"),
            "gan: --q 'norml(0,1)': there is no distribution 'norml' (character 1). "
            "Did you mean 'normal'? Valid: discrete, mixture, normal, uniform.",
        ),
    ],
)
def test_bad_input_is_one_sentence(
    gan: Command, empty: Path, words: tuple[str, ...], sentence: str
) -> None:
    result = gan("theory", "optimal-discriminator", *words)
    assert result.status == 2
    assert result.out == ""
    assert result.err == sentence + "\n"
    assert not (empty / "outputs").exists()
