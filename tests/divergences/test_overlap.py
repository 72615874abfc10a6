"""Which pairs are mutually singular, and which of two is alone somewhere."""

import pytest

from gan_cli.divergences import parse
from gan_cli.divergences.overlap import alone, mutually_singular


@pytest.mark.parametrize(
    ("p", "q", "singular"),
    [
        ("normal(0,1)", "discrete(1)", True),
        ("discrete(.5@0,.5@1)", "discrete(.5@2,.5@3)", True),
        ("discrete(.5@0,.5@1)", "discrete(.5@1,.5@3)", False),
        ("uniform(0,1)", "uniform(1,2)", True),
        ("uniform(0,1)", "uniform(.9,2)", False),
        ("mixture(.5*uniform(0,1)+.5*uniform(4,5))", "uniform(2,3)", True),
        ("mixture(.5*uniform(0,1)+.5*uniform(4,5))", "normal(9,1)", False),
        ("normal(0,1)", "normal(1000,1)", False),
    ],
)
def test_singular_pairs_have_no_mass_in_common(p: str, q: str, *, singular: bool) -> None:
    for one, other in ((p, q), (q, p)):
        assert mutually_singular(parse(one), parse(other)) is singular


@pytest.mark.parametrize(
    ("p", "q", "known"),
    [
        ("uniform(0,1)", "uniform(0,2)", (False, True)),
        ("discrete(1)", "normal(0,1)", (True, True)),
        ("discrete(.5,.5)", "discrete(1)", (True, False)),
        ("normal(0,1)", "normal(9,1)", (False, False)),
    ],
)
def test_who_has_mass_where_the_other_has_none(p: str, q: str, known: tuple[bool, bool]) -> None:
    one, other = parse(p), parse(q)
    assert (alone(one, other), alone(other, one)) == known
