"""Values that cannot be trained on are told by the first example that has one."""

import numpy as np
import pytest

from gan_cli.datasets import values
from gan_cli.errors import DataError


@pytest.mark.parametrize(
    ("value", "problem"),
    [
        (np.nan, "a value that is not a finite float32 number. Remove it or mend it."),
        (-2, "values from -2 to 0. Float images must lie in [-1, 1]: scale them or store uint8."),
    ],
)
def test_the_first_wrong_example_is_named(
    value: float, problem: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(values, "VALUES_AT_ONCE", 8)
    images = np.zeros((9, 2, 2, 1), np.float32)
    values.check(images, "it: example")
    images[[5, 7], 1, 1] = value
    with pytest.raises(DataError) as refused:
        values.check(images, "it: example", first=10)
    assert str(refused.value) == f"it: example 15 (counted from 0) has {problem}"


def test_points_may_have_any_scale() -> None:
    values.check(np.full((3, 2), 1e30, np.float32), "it: example")
