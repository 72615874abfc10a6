"""The strict load reads the bounds in the annotations, of every kind of field."""

import importlib
from typing import Annotated, Literal

import pytest
from annotated_types import Ge, Gt, Interval, Le

from gan_cli.bounds import Fraction, Size
from gan_cli.component import component, static
from gan_cli.errors import UsageError
from gan_cli.loading import construct


@component
class Inner:
    """A component inside of another one."""

    rate: Fraction = 0.5


@component
class Bounded:
    """A bound on every kind of field."""

    count: Annotated[int, Ge(1), Le(9)] = 1
    seed: Annotated[int, Interval(ge=0, le=9)] = 0
    rate: Fraction = static(0.5)
    widths: tuple[Size, ...] = (3,)
    scale: Annotated[float, Gt(0), "in pixels"] = 1.0
    limit: Annotated[float, Gt(0)] | None = None
    sizes: tuple[Size, ...] | None = None
    inner: Inner = Inner()


@pytest.mark.parametrize(
    ("values", "text"),
    [
        ({"count": 0}, "count=0: must be at least 1."),
        ({"count": 10}, "count=10: must be at most 9."),
        ({"count": 1.0}, "count=1.0: must be a whole number, without point or exponent: 1."),
        ({"count": True}, "count=true: must be a whole number."),
        ({"seed": -1}, "seed=-1: must be between 0 and 9."),
        ({"rate": 1}, "rate=1.0: must be at least 0 and less than 1."),
        ({"rate": float("nan")}, "rate=nan: must be a finite number of single precision."),
        ({"widths": [4, 0, 5]}, "widths[1]=0: must be at least 1."),
        ({"widths": 4}, "widths=4: must be a list such as [128,128]."),
        ({"scale": 0}, "scale=0.0: must be above 0."),
        ({"limit": -1}, "limit=-1.0: must be above 0."),
        ({"sizes": [0]}, "sizes[0]=0: must be at least 1."),
        ({"sizes": 0}, "sizes=0: must be a list such as [128,128]."),
        ({"inner": {"rate": -0.5}}, "inner.rate=-0.5: must be at least 0 and less than 1."),
    ],
    ids=str,
)
def test_a_value_out_of_its_bounds_is_named_by_its_path(values, text):
    for path, start in (("", ""), ("a.b", "a.b.")):
        with pytest.raises(UsageError) as refused:
            construct(Bounded, values, path)
        assert str(refused.value) == start + text


def test_values_within_their_bounds_are_what_they_were():
    values = {"count": 9, "seed": 9, "rate": 0, "widths": [1, 2], "scale": 1e-9, "limit": None}
    made = construct(Bounded, values | {"sizes": (), "inner": {"rate": 0.0}})
    assert made == Bounded(
        count=9, seed=9, rate=0.0, widths=(1, 2), scale=1e-9, sizes=(), inner=Inner(rate=0.0)
    )
    assert type(made.rate) is float


def test_a_component_made_in_python_is_not_checked():
    assert Bounded(count=0, rate=2.0, widths=(0,)).widths == (0,)


def test_postponed_annotations_bound_all_the_same(tmp_path, monkeypatch):
    (tmp_path / "late_bounds.py").write_text(
        "from __future__ import annotations\n"
        "from typing import Annotated\n"
        "from annotated_types import Ge\n"
        "from gan_cli.component import component\n"
        "@component\n"
        "class Late:\n"
        "    width: Annotated[int, Ge(1)] = 3\n"
    )
    monkeypatch.syspath_prepend(tmp_path)
    with pytest.raises(UsageError, match=r"^width=0: must be at least 1\.$"):
        construct(importlib.import_module("late_bounds").Late, {"width": 0})


@component
class Optional:
    """What a file may leave at null, so that its value is composed as it was typed."""

    side: int | None = None
    rate: float | None = None
    deep: bool = False
    sizes: tuple[int, ...] | None = None
    kind: Literal["a", "b"] = "a"


def test_a_number_may_come_as_a_text() -> None:
    typed = {"side": "3", "rate": "1e-3", "deep": "true", "sizes": "[3, 4]"}
    assert construct(Optional, typed) == Optional(side=3, rate=1e-3, deep=True, sizes=(3, 4))


@pytest.mark.parametrize(
    ("values", "text"),
    [
        ({"side": "3.5"}, "side=3.5: must be a whole number, without point or exponent."),
        ({"rate": "fast"}, "rate=fast: must be a number."),
        ({"deep": "yes"}, "deep=yes: must be true or false."),
        ({"sizes": "[3, x]"}, "sizes[1]=x: must be a whole number."),
        ({"kind": "a,b"}, "kind=a,b: only one can be chosen. For a run with each: -m kind=a,b"),
        (
            {"side": "{1,5}"},
            "side={1,5}: must be a whole number. For a run with each: -m side=1,5",
        ),
        ({"side": "0-2"}, "side=0-2: must be a whole number. For a run with each: -m side=0,1,2"),
        ({"side": "x-2"}, "side=x-2: must be a whole number."),
        ({"kind": "a,c"}, "kind=a,c: not a choice. Valid: a, b."),
    ],
)
def test_a_text_that_is_none_is_refused(values: dict[str, str], text: str) -> None:
    with pytest.raises(UsageError) as refused:
        construct(Optional, values)
    assert str(refused.value) == text


@component
class Even:
    """A component of the user's whose check raises an error of Python's own."""

    width: int = 1

    def validate(self) -> None:
        raise ValueError("width must be even")


def test_a_check_that_raises_another_error_is_told_with_its_place():
    for path, start in (("", "the configuration"), ("architecture", "architecture")):
        with pytest.raises(UsageError) as refused:
            construct(Even, {}, path)
        line = Even.validate.__code__.co_firstlineno + 1
        assert str(refused.value) == (
            f"{start}: ValueError: width must be even (test_loading.py, line {line})."
        )
