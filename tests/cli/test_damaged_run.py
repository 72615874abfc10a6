"""Every file of a run cut off, changed, emptied, removed or replaced: no command is surprised."""

import random
import shutil
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from gan_cli import checkpoints
from tests.cli.test_resume import arrays

Command = Callable[..., Any]
Damage = Callable[[bytes, random.Random], bytes | None]


def flipped(content: bytes, chance: random.Random) -> bytes:
    """One bit is another."""
    changed = bytearray(content)
    if changed:
        changed[chance.randrange(len(changed))] ^= 1 << chance.randrange(8)
    return bytes(changed)


DAMAGES: dict[str, Damage] = {
    "cut": lambda content, chance: content[: int(len(content) * chance.random())],
    "flipped": flipped,
    "emptied": lambda content, chance: b"",
    "removed": lambda content, chance: None,
    "replaced": lambda content, chance: chance.randbytes(len(content)),
}


@pytest.fixture(scope="module")
def longer(train: Callable[..., Path]) -> Path:
    """The run that `ring` is after ten further steps."""
    return train("steps=30")


def look(gan: Command, run: Path, longer: Path) -> dict[str, int]:
    """What commands make of a damaged run: their statuses, after what they gave was compared."""
    for spare in Path().glob("*.npz"):
        spare.unlink()
    found = {}
    for name, command in {
        "runs": ("runs", "."),
        "sample": ("sample", "run", "--out", "s.npz", "--count", "4"),
        "resume": ("train", "--resume", "run", "steps=30"),
    }.items():
        status, out, err = gan(*command)
        found[name] = status
        assert status in (0, 2, 4), (name, status, err)
        assert "Traceback" not in out + err
        assert "unexpected" not in err
        assert status == 0 or err.startswith("gan: "), err
    if found["resume"] == 0:
        mine, its = arrays(run, 30), arrays(longer, 30)
        for key, array in its.items():
            np.testing.assert_array_equal(mine[key], array, err_msg=key)
    return found


def damaged_everywhere(
    damage: Damage, gan: Command, ring: Path, longer: Path, chosen: Callable[[Path], bool]
) -> Counter[tuple[str, int]]:
    """Damages each chosen file of a copy of a run, and counts the commands by their statuses."""
    chance, counted = random.Random(0), Counter[tuple[str, int]]()
    files = [path.relative_to(ring) for path in sorted(ring.rglob("*")) if path.is_file()]
    for file in filter(chosen, files):
        shutil.rmtree("run", ignore_errors=True)
        run = shutil.copytree(ring, Path("run"))
        changed = damage((run / file).read_bytes(), chance)
        if changed is None:
            (run / file).unlink()
        else:
            (run / file).write_bytes(changed)
        try:
            counted.update(look(gan, run, longer).items())
        except AssertionError as error:
            raise AssertionError(f"{file}: {error}") from error
    return counted


@pytest.mark.faults
@pytest.mark.usefixtures("empty")
def test_the_files_that_are_read_most(gan: Command, ring: Path, longer: Path) -> None:
    names = {"config.yaml", "summary.json", "metrics.jsonl"}
    found = damaged_everywhere(flipped, gan, ring, longer, lambda file: file.name in names)
    assert sum(found.values()) == 3 * len(names)


@pytest.mark.faults_long
@pytest.mark.timeout(0)
@pytest.mark.usefixtures("empty")
@pytest.mark.parametrize("name", DAMAGES)
def test_every_file(name: str, gan: Command, ring: Path, longer: Path) -> None:
    found = damaged_everywhere(DAMAGES[name], gan, ring, longer, lambda file: True)
    print(f"{name}: {dict(found)}")
    assert checkpoints.steps(ring / "checkpoints") == [10, 20], "the run itself is untouched"
    assert sum(found.values()) > 3 * 20
