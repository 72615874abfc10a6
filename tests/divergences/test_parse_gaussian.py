"""Normal distributions written as text."""

import pytest

from gan_cli.divergences.gaussian import Gaussian
from gan_cli.divergences.parse_gaussian import FORM, parse_gaussian
from gan_cli.errors import UsageError


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("normal([1, 2], [[2,1],[1,2]])", Gaussian((1.0, 2.0), ((2.0, 1.0), (1.0, 2.0)))),
        (" normal(-.5, 1/2) ", Gaussian((-0.5,), ((0.25,),))),
        ("normal([+1e1],[[4]])", Gaussian((10.0,), ((4.0,),))),
    ],
    ids=["plane", "line", "list_of_one"],
)
def test_what_it_reads(text: str, expected: Gaussian) -> None:
    assert parse_gaussian(text) == expected


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("uniform(0,1)", f"character 1: write it as {FORM}."),
        ("normal(0)", f"character 1: write it as {FORM}."),
        ("normal([1,x],[[1,0],[0,1]])", "character 11: expected a number, and there is 'x'"),
        ("normal([1,2],3)", "character 14: expected a list, and there is '3'"),
        ("normal(0,-1)", "character 10: std must be above 0, and is -1"),
        ("normal(0,'é')", "character 10: expected a number"),
        ("normal([1,2", "character 8: '[' was never closed"),
        ("normal([1,2],[[1,2],[2,1]])", "must be positive definite"),
        (f"normal(0,{'9' * 400})", "at most 1e+50"),
        ("normal(" + "(" * 5000, "normal("),
        ("normal(0," + "1" * 10_000, "at most 10,000 characters"),
    ],
    ids=lambda value: value[:20] if isinstance(value, str) else None,
)
def test_what_it_refuses(text: str, told: str) -> None:
    with pytest.raises(UsageError) as error:
        parse_gaussian(text)
    assert told in str(error.value)
    assert "\n" not in str(error.value)
