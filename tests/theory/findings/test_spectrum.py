"""What is said of a spectrum, where it is stable, where it is not, and where ARPACK gave up."""

import io
import re

import numpy as np
import pytest
from PIL import Image

from gan_cli import config
from gan_cli.theory.eigenvalues import ARPACK, Eigenvalues
from gan_cli.theory.findings.spectrum import findings
from gan_cli.theory.spectrum import Spectrum
from tests.values import SMALL


def told(*values: complex, wanted: int = 3, left_out: int = 0) -> tuple[dict, str, bytes]:
    each = Eigenvalues(np.array(values), np.full(len(values), 1e-12), np.zeros(len(values)))
    zeros = Eigenvalues(np.zeros(left_out, complex), np.zeros(left_out), np.ones(left_out))
    kinds = dict.fromkeys(ARPACK, each)
    families = {"G: hidden/0 and output": 8}
    found = Spectrum(kinds, zeros, families, 1e-16, 0.5, (60, 40), 300, wanted, whole=False)
    experiment = config.load(SMALL | {"update": "consensus"})
    shown = findings("run, step 5", experiment, 256, found)
    return shown.numbers, "\n".join(shown.lines), shown.pictures["spectrum.png"]


def test_a_stable_game() -> None:
    numbers, text, picture = told(-1 + 2j, -1 - 2j, -0.5, left_out=4)
    assert numbers["largest_stable_step"] == pytest.approx(0.4)
    assert numbers["left_out"]["eigenvalues"] == [[0.0, 0.0]] * 4
    assert "largest stable step   0.4" in text
    assert "stable for steps below 0.4." in text
    assert re.search(r"^largest modulus +-1 +\+-2 +1e-12$", text, re.MULTILINE)
    assert "Left out: 4 eigenvalues" in text
    assert "gamma J^T F" in text
    assert Image.open(io.BytesIO(picture)).width > 1000


def test_one_that_is_left_out() -> None:
    _, text, _ = told(-1 + 2j, -1 - 2j, left_out=1)
    assert "Left out: 1 eigenvalue, 0e+00 in size, whose eigenvector mostly lies" in text


def test_a_game_that_is_not_stable_and_not_all_found() -> None:
    numbers, text, _ = told(0.1, -1 + 2j, wanted=20)
    assert numbers["largest_stable_step"] is None
    assert "largest stable step   none, since a real part is positive" in text
    assert "ARPACK converged for 2 of 20 of largest modulus" in text
    assert "none was left out" in text
