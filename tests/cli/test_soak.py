"""A long training takes no more memory, files and mappings at its end than near its beginning."""

import contextlib
import os
import subprocess
import time
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pytest

Begin = Callable[..., "subprocess.Popen[str]"]
Tiny = tuple[str, ...]

STEPS = 200_000


class Held(NamedTuple):
    """What a process holds: its memory in MiB, its open files and its mappings."""

    memory: int
    files: int
    mappings: int


def held(process: int) -> Held:
    place = Path("/proc", str(process))
    lines = (place / "status").read_text().splitlines()
    [kibibytes] = [line.split()[1] for line in lines if line.startswith("VmRSS")]
    mappings = len((place / "maps").read_text().splitlines())
    return Held(int(kibibytes) // 1024, len(os.listdir(place / "fd")), mappings)  # noqa: PTH208


@pytest.mark.faults_long
@pytest.mark.timeout(0)
def test_a_soak(begin: Begin, tiny: Tiny, empty: Path) -> None:
    often = ("log_every=100", "sample_every=2000", "checkpoints.every=1000", "evaluate_end=off")
    process = begin("train", *tiny, f"steps={STEPS}", *often, "hydra.run.dir=run")
    rows, found = empty / "run" / "metrics.jsonl", []
    while process.poll() is None:
        with contextlib.suppress(OSError, ValueError):  # it has just ended, or not begun
            found.append((100 * rows.read_bytes().count(b"\n"), held(process.pid)))
        time.sleep(0.5)
    assert process.returncode == 0, process.communicate()
    begun = [each for step, each in found if 10_000 <= step < STEPS / 2]
    later = [each for step, each in found if STEPS / 2 <= step < STEPS]
    most, last = (Held(*map(max, zip(*each, strict=True))) for each in (begun, later))
    print(f"until step {STEPS // 2:,}: {most}; after it: {last}")
    assert last.memory <= most.memory + 20
    assert last.files <= most.files + 5
    assert last.mappings <= most.mappings + 50
