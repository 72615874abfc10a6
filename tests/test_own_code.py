"""Errors of the user's own code: in one line, with the component, the reason and the place."""

import inspect
from typing import Any

import pytest

from gan_cli.component import REGISTRY, component
from gan_cli.errors import DataError, UsageError
from gan_cli.objectives.minimax import Minimax
from gan_cli.own_code import LONGEST, is_own, reason, telling


@component
class Failing(Minimax):
    """A game whose methods fail in several ways."""

    name = "failing"

    def project(self, parameters: Any) -> Any:
        raise parameters

    def estimate(self, real: Any, fake: Any) -> Any:
        raise NotImplementedError


REGISTRY["objective"].pop("failing")  # other tests take all that are registered


@pytest.mark.parametrize(
    ("error", "told"),
    [
        (ValueError("no value."), "ValueError: no value"),
        (ValueError(), "ValueError"),
        (ValueError("choose\n\n  a or\n  b"), "ValueError: choose a or b"),
        (SystemExit(3), "it ends the program, which the code of a component must not do"),
    ],
)
def test_the_component_the_reason_and_the_place_are_told(error: BaseException, told: str) -> None:
    lines, first = inspect.getsourcelines(Failing.project)
    with pytest.raises(UsageError) as refused, telling("it cannot be made"):
        Failing().project(error)
    assert str(refused.value) == (
        f"it cannot be made: project of objective 'failing': {told} "
        f"(test_own_code.py, line {first + len(lines) - 1})."
    )


def test_a_method_that_is_missing_is_told_once() -> None:
    with pytest.raises(UsageError) as refused, telling("estimate of objective 'failing'"):
        Failing().estimate(0, 0)
    assert str(refused.value) == "estimate of objective 'failing' is not defined."


def test_an_error_meant_for_the_user_is_left_as_it_is() -> None:
    with pytest.raises(DataError, match=r"^no such file$"), telling("it cannot be made"):
        raise DataError("no such file")


def test_whole_lines_are_told_up_to_a_length() -> None:
    line = "x" * (LONGEST // 2)
    assert reason(ValueError("\n".join([line] * 2))) == f"ValueError: {line} {line}"
    assert reason(ValueError("\n".join([line] * 3))) == f"ValueError: {line} {line} [...]"


def test_what_is_the_users_own() -> None:
    assert is_own(Failing())
    assert not is_own(Minimax())
