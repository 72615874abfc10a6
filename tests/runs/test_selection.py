"""Conditions on runs and their ages."""

import pytest

from gan_cli.errors import UsageError
from gan_cli.runs.selection import condition, seconds

KNOWN = {
    "status": "completed",
    "step": 2000,
    "dataset": "ring",
    "optimizer.generator.learning_rate": 1e-3,
    "architecture.spectral_norm": True,
    "fid/value": 12.5,
    "note": "a=b",
    "regularizer": ["r1"],
    "loss/generator": "nan",
    "dataset.path": None,
    "ended": 1.7e9,
}


@pytest.mark.parametrize(
    ("text", "holds"),
    [
        ("status=completed", True),
        ("status!=completed", False),
        ("dataset = ring", True),
        ("dataset=grid", False),
        ("step=2000.0", True),
        ("step>=2000", True),
        ("step<2000", False),
        ("optimizer.generator.learning_rate=.001", True),
        ("fid/value<50", True),
        ("fid/value>50", False),
        ("architecture.spectral_norm=true", True),
        ("architecture.spectral_norm=1", False),
        ("dataset==ring", True),
        ("ended>2001-01-01", True),
        ("ended<2001-01-01T12:00", False),
        ("note=a=b", True),
        ("kid/value<1", False),
        ("kid/value=1", False),
        ("kid/value!=1", True),
        ("optimizer.generator.learning_rate=1e-3", True),
        ("optimizer.generator.learning_rate!=0.001", False),
        ("regularizer=r1", True),
        ("regularizer=[r1]", True),
        ("loss/generator=nan", True),
        ("dataset.path=null", True),
    ],
)
def test_a_condition(text, holds):
    assert condition(text).holds(KNOWN) == holds


@pytest.mark.parametrize("text", ["", "status", "=3"])
def test_what_is_no_condition(text):
    with pytest.raises(UsageError, match=r"^--where .*: must be a key, one of = != <"):
        condition(text)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("step<foo", "--where step<foo: 'foo' is no number, which < compares with."),
        (
            "status=complete",
            "--where status=complete: no such status. Did you mean 'completed'? Valid: completed, "
            "damaged, diverged, failed, interrupted, running.",
        ),
        ("bytes>1MB", "--where bytes>1MB: '1MB' is no number, which > compares with."),
        ("ended>soon", "--where ended>soon: 'soon' is no date such as 2026-11-01 or "),
    ],
)
def test_a_value_that_cannot_be_compared(text, told):
    with pytest.raises(UsageError) as refused:
        condition(text)
    assert str(refused.value).startswith(told)


@pytest.mark.parametrize("between", [" and ", "&&", " & ", ",", " AND "])
def test_several_conditions_are_several_options(between):
    with pytest.raises(UsageError) as refused:
        condition(f"steps>5{between}k=1")
    told = "each condition is an option of its own: --where 'steps>5' --where k=1"
    assert str(refused.value) == f"--where steps>5{between}k=1: {told}"


def test_a_comma_within_a_value_is_part_of_it():
    assert condition("regularizer=[r1,r2]").value == "[r1,r2]"


@pytest.mark.parametrize(
    ("text", "expected"), [("90s", 90), ("1.5h", 5400), ("30d", 2_592_000), ("2w", 1_209_600)]
)
def test_an_age(text, expected):
    assert seconds(text) == expected


@pytest.mark.parametrize("text", ["", "d", "30", "30y", "-1d", "infd", "nand"])
def test_what_is_no_age(text):
    with pytest.raises(UsageError, match=r"^--older-than .*: must be a number with s, m, h, d"):
        seconds(text)
