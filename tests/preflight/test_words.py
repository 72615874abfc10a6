"""The rows that a person reads."""

from pathlib import Path

import pytest

from gan_cli.preflight import words
from gan_cli.preflight.files import Files
from gan_cli.preflight.memory import Memory
from gan_cli.preflight.pace import Pace
from gan_cli.preflight.room import Space

GIB = 2**30


def test_memory_and_files() -> None:
    needed = Memory(2 * GIB, 100, GIB // 2)
    assert words.memory(needed, None) == ("memory", "about 2.5 GiB (states 2.0, step 0.5)")
    told = "about 2.5 GiB (states 2.0, step 0.5), 8.0 GiB free"
    assert words.memory(needed, 8 * GIB) == ("memory", told)
    run = Files(
        checkpoint=GIB,
        checkpoints=1,
        newest=1,
        renewed=0,
        passing=0,
        pictures=0,
        rows=0,
        number=1234,
    )
    told = "1,234, about 1.0 GiB (1 checkpoint of 1.0 GiB), 3.0 GiB free"
    assert words.files([run], Space(Path(), 3 * GIB)) == ("files", told)
    replacing = run._replace(checkpoints=0, newest=0, renewed=2)
    [_, told] = words.files([replacing], Space(Path(), 3 * GIB))
    assert "(2 checkpoints of 1.0 GiB, in place of older ones)" in told
    [_, told] = words.files([run, replacing], Space(Path(), 3 * GIB))
    assert "(3 checkpoints of 1.0 GiB, 2 of them in place of older ones)" in told


@pytest.mark.parametrize(
    ("seconds", "told"),
    [
        (0.2, "1 s"),
        (89, "89 s"),
        (91, "2 min"),
        (5399, "90 min"),
        (18_000, "5 h"),
        (9e5, "10 days"),
    ],
)
def test_a_time_that_is_not_known_to_the_second(seconds: float, told: str) -> None:
    assert words.roughly(seconds) == told


def test_times() -> None:
    quick, slow = Pace(10.0, 100.0), Pace(20.0, 1.0)
    told = "about 12 min on this machine: 1.00 steps/s, 20 s of compiling"
    assert words.time(slow, 700, judged=False) == ("time", told)
    assert words.time(slow, 700, judged=True)[1] == f"{told}; then its samples are judged"
    broken = Pace(20.0, 0.0)
    assert words.time(broken, 700, judged=True) == (
        "time",
        "not known: the first steps are not finite",
    )
    assert (
        words.times([(quick, 1000), (quick, 1000)])[1]
        == "at most about 30 s on this machine, one member after another"
    )
    assert words.still(["generator"]) == (
        "gradient",
        "warning: in all steps that were tried G's was 0, and it learns nothing",
    )
    assert words.still(["generator", "discriminator"])[1].endswith(
        "G's and D's were 0, and they learn nothing"
    )
    whole = "at most about 12 min on this machine, one member after another"
    assert words.times([(quick, 1000), (slow, 700)]) == ("time", whole)
    left = "not known: 2 members have no known speed"
    assert words.times([(quick, 1000), (broken, 700), (None, 1)]) == ("time", left)
