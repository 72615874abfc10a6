"""The numbers of the catalogue agree with what is computed."""

from pathlib import Path

import numpy as np
import pytest

from gan_cli.cli.theory.catalogue import SUBJECTS
from gan_cli.divergences import Estimate
from gan_cli.theory.catalogue import PARTS, TRAINED, Entry, catalogue
from gan_cli.theory.findings.catalogue import findings
from gan_cli.theory.known import spectral_norm
from gan_cli.theory.known.base import Known
from tests.compiling import unoptimized

COMPILED = ("optimal-discriminator", "spectral-norm")
"""What compiles programs of its own."""
LONG = ("bias", "dynamics")
"""What compiles larger ones, which other tests look at as well."""


def check(subject: str) -> None:
    """Every number of a subject is found, and counted."""
    told = findings(catalogue([subject]))
    assert [each.statement for each in told.expected if not each.holds] == []
    count = len(told.expected)
    assert f"{count} of {count} numbers agree to the digits that are known" in "\n".join(told.lines)
    assert len(told.numbers) == count, "each statement is there once"


@pytest.mark.parametrize("subject", [each for each in PARTS if each not in COMPILED + LONG])
def test_every_known_number_is_found(subject: str) -> None:
    check(subject)


@pytest.mark.slow
@pytest.mark.parametrize("subject", COMPILED)
def test_every_known_number_of_what_is_compiled_is_found(subject: str) -> None:
    with unoptimized():
        check(subject)


@pytest.mark.long
@pytest.mark.parametrize("subject", LONG)
def test_every_known_number_of_what_takes_long_is_found(subject: str) -> None:
    check(subject)


def test_a_number_that_is_off_is_told() -> None:
    known = [
        entry._replace(known=entry.known._replace(expected=entry.known.expected + 1e-3))
        for entry in catalogue(["packing"])
    ]
    assert "0 of 8 numbers agree" in "\n".join(findings(known).lines)


def test_a_bound_holds_on_one_side_alone() -> None:
    bounds = [
        Entry("x", Known(name, 1.0, Estimate(found), 0.0, "<="))
        for name, found in (("below", 0.5), ("above", 1.5))
    ]
    told = findings(bounds)
    assert [each.holds for each in told.expected] == [True, False]
    assert "at most 1" in "\n".join(told.lines)


def test_the_norm_of_a_convolution_is_that_of_its_fourier_transform() -> None:
    """Sedghi et al. 2019: the largest modulus of the transform; of a kernel of ones, its sum."""
    kernel = np.zeros((spectral_norm.SIDE, spectral_norm.SIDE))
    kernel[:3, :3] = 1
    matrix, convolution = spectral_norm.norms_of_ones()
    assert convolution == pytest.approx(np.abs(np.fft.fft2(kernel)).max(), rel=1e-6)
    assert matrix == pytest.approx(np.sqrt(9), rel=1e-6)


def test_every_subject_and_every_training_has_a_command() -> None:
    import gan_cli.cli.theory

    commands = {
        path.stem.replace("_", "-") for path in Path(gan_cli.cli.theory.__path__[0]).glob("*.py")
    }
    assert set(PARTS) - commands == {"spectral-norm", "perfect-samples"}
    named = {words.split()[2] for words in TRAINED if words.startswith("gan theory")}
    assert named <= commands


def test_the_command_knows_every_subject() -> None:
    assert tuple(PARTS) == SUBJECTS
