"""The numbers of the catalogue agree with what is computed."""

import pytest

from gan_cli.theory.catalogue import PARTS, catalogue
from gan_cli.theory.findings.catalogue import findings


@pytest.mark.parametrize("part", [each for each in PARTS if each != "dynamics"])
def test_every_known_number_is_found(part: str) -> None:
    told = findings(catalogue([part]))
    assert all(each.holds for each in told.expected)
    count = len(told.expected)
    assert told.lines[-1] == f"{count} of {count} numbers agree to the digits that are known."


@pytest.mark.long
def test_every_known_number_of_the_dynamics_is_found() -> None:
    assert all(each.holds for each in findings(catalogue(["dynamics"])).expected)


def test_a_number_that_is_off_is_told() -> None:
    known = [each._replace(expected=each.expected + 1e-3) for each in catalogue(["divergences"])]
    assert findings(known).lines[-1].startswith("0 of ")
