"""Overrides that ask for too much are refused before anything is listed."""

import pytest
from hydra.core.override_parser.overrides_parser import OverridesParser

from gan_cli.composition.sizes import check_members, check_override
from gan_cli.errors import UsageError

TOO_MANY = "members; 10,000 are possible at most. Sweep over fewer values, or part by part."


@pytest.mark.parametrize(
    ("lines", "count"),
    [
        (["seed=range(0,1e9)"], "1,000,000,000"),
        (["seed=shuffle(range(100000000))"], "100,000,000"),
        (["seed=range(0,1,1e-9)"], "1,000,000,000"),
        (["seed=range(101)", "k=range(1,101)"], "10,100"),
        (["seed=range(0,-1000000,-7)"], "142,858"),
        (["k=1,2", "batch_size=choice(8,16)", "seed=range(2501)"], "10,004"),
        (["seed=range(0,1e400)"], "infinitely many"),
        ([f"seed=range({10**300})"], f"{10**300:,.0f}"),
    ],
)
def test_a_sweep_of_too_many_members(lines: list[str], count: str) -> None:
    with pytest.raises(UsageError) as told:
        check_members(OverridesParser.create().parse_overrides(lines))
    assert str(told.value) == f"{' '.join(lines)}: the sweep would have {count} {TOO_MANY}"


@pytest.mark.parametrize(
    "lines",
    [
        ["seed=range(10000)"],
        ["seed=range(100)", "k=range(1,101)", "steps=5"],
        ["seed=range(5,0)"],
        ["optimizer.learning_rate=interval(0,1)"],
    ],
)
def test_a_sweep_that_can_be(lines: list[str]) -> None:
    check_members(OverridesParser.create().parse_overrides(lines))


def test_a_range_without_a_step() -> None:
    with pytest.raises(UsageError, match=r"range\(0,5,0\): the step of a range cannot be 0\."):
        check_members(OverridesParser.create().parse_overrides(["seed=range(0,5,0)"]))


@pytest.mark.parametrize(
    ("line", "told"),
    [
        (
            f"seed={'1' * 5000}",
            f"seed={'1' * 35}...: a number has 5,000 digits, and 308 are allowed.",
        ),
        (
            f"a={'[' * 500}",
            f"a={'[' * 38}...: its brackets are nested 500 levels deep, and 50 are allowed.",
        ),
        (
            f"dataset.path={'x' * 200_000}",
            f"dataset.path={'x' * 27}...: 200,013 characters are too many for an override: "
            "100,000 at most. Write the values into a file for --config-dir.",
        ),
    ],
)
def test_an_override_that_is_too_large(line: str, told: str) -> None:
    with pytest.raises(UsageError) as refused:
        check_override(line)
    assert str(refused.value) == told


def test_other_overrides_pass() -> None:
    check_override(f"seed={'1' * 308}")
    check_override(f"a={'[' * 50}{']' * 50}")
    check_override(f"dataset.path={'x' * 4096}")
