"""Which values lie within a bound, and how a bound is told."""

import typing

import pytest
from annotated_types import Ge, Gt, Interval, Le, Lt

from gan_cli.bounds import Count, Fraction, NonNegative, Positive, Size, holds, requirement

NAN = float("nan")


@pytest.mark.parametrize(
    ("bound", "inside", "outside", "words"),
    [
        (Ge(1), [1, 2], [0, -5, NAN], "at least 1"),
        (Gt(0), [1e-30, 3], [0, -1.0, NAN], "above 0"),
        (Le(5), [5, -9], [6, NAN], "at most 5"),
        (Lt(1), [0.999], [1, NAN], "less than 1"),
        (Interval(ge=0, lt=1), [0, 0.5], [-1e-30, 1, NAN], "at least 0 and less than 1"),
        (Interval(gt=0, le=1), [1, 0.5], [0, 1.5, NAN], "above 0 and at most 1"),
        (Interval(ge=0, le=9), [0, 9], [-1, 10, NAN], "between 0 and 9"),
        (Interval(le=9), [9], [10, NAN], "at most 9"),
    ],
    ids=repr,
)
def test_a_bound_and_its_words(bound, inside, outside, words):
    assert all(holds(bound, value) for value in inside)
    assert not any(holds(bound, value) for value in outside)
    assert requirement(bound) == words


def test_any_other_annotation_bounds_nothing():
    assert holds("in pixels", -1)


@pytest.mark.parametrize(
    ("kind", "edges", "outside"),
    [
        (Size, [1, 2**40], [0]),
        (Count, [1, 2**31 - 1], [0, 2**31]),
        (Positive, [1e-45], [0.0]),
        (NonNegative, [0.0], [-1e-45]),
        (Fraction, [0.0, 0.999], [-1e-45, 1.0]),
    ],
)
def test_the_bounds_that_fields_share(kind, edges, outside):
    _, *bounds = typing.get_args(kind)
    assert all(holds(bound, value) for bound in bounds for value in edges)
    assert all(any(not holds(bound, value) for bound in bounds) for value in outside)
