"""`gan theory global-optimum`."""

import json
import math
from collections.abc import Callable
from pathlib import Path
from typing import Any

from PIL import Image

Command = Callable[..., Any]


def test_the_numbers_and_the_picture(gan: Command, empty: Path) -> None:
    result = gan("theory", "global-optimum", "--json", "--out", "pictures")
    assert (result.status, result.err) == (0, "")
    found = json.loads(result.out)
    assert abs(found["minus_log_4"] + math.log(4)) < 1e-15
    assert abs(found["gap_at_optimum"]) < 1e-6
    assert found["least_gap_elsewhere"] > 1e-6
    assert [family["p_g"] for family in found["families"]] == ["normal(mu, 1)", "normal(0, s)"]
    assert all(family["falls_then_rises"] for family in found["families"])
    assert found["pictures"] == ["pictures/global_optimum.png"]
    with Image.open(empty / "pictures" / "global_optimum.png") as picture:
        assert picture.width > 1000


def test_people_are_told_the_statement_and_what_was_found(gan: Command, empty: Path) -> None:
    result = gan("theory", "global-optimum")
    assert "C(G) = -log 4 + 2 JS(p_data, p_g)" in result.out
    assert "(expected 0, within 1e-6)" in result.out
    assert result.out.endswith("picture  outputs/theory/global_optimum.png\n")
    assert (empty / "outputs" / "theory" / "global_optimum.png").is_file()


def test_a_folder_that_cannot_be_written(gan: Command, empty: Path) -> None:
    (empty / "file").write_text("")
    result = gan("theory", "global-optimum", "--out", "file")
    assert result.status == 2
    assert result.out == ""
    assert result.err == (
        "gan: nothing can be written into file: file is not a folder. "
        "Choose another folder with --out DIR.\n"
    )
