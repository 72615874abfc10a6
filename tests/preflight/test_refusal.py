"""What does not fit is refused in a sentence that says what to change."""

from collections.abc import Callable
from pathlib import Path

import pytest

from gan_cli.errors import UsageError
from gan_cli.preflight import room
from gan_cli.preflight.files import Files
from gan_cli.preflight.memory import Memory
from gan_cli.preflight.refusal import refuse_files, refuse_hopeless, refuse_memory
from gan_cli.preflight.room import Space
from gan_cli.prepared import Prepared

Make = Callable[..., Prepared]
MIB = 2**20


def test_memory(make: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    prepared, left = make(dataset={"name": "digits"}), 100 * MIB
    refuse_memory(prepared, Memory(10 * MIB, 80 * MIB, 10 * MIB), left)
    with pytest.raises(UsageError) as refused:
        refuse_memory(prepared, Memory(10 * MIB, 80 * MIB, 11 * MIB), left)
    assert str(refused.value) == (
        "the training takes about 101.0 MiB of memory, and 100.0 MiB are free. "
        "Set resident_mib=50, and the data stays on disk."
    )
    with pytest.raises(UsageError) as refused:
        refuse_memory(prepared, Memory(10 * MIB, 5 * MIB, 30 * MIB), left, at_once=3)
    assert str(refused.value) == (
        "3 members that train at once take about 135.0 MiB of memory, and 100.0 MiB are free. "
        "Set hydra.launcher.cores=2."
    )
    with pytest.raises(
        UsageError, match=r"Set a smaller batch_size, or choose smaller networks\.$"
    ):
        refuse_memory(prepared, Memory(10 * MIB, 5 * MIB, 90 * MIB), left, at_once=3)
    refuse_memory(prepared, Memory(10 * MIB, 80 * MIB, 11 * MIB), None)
    monkeypatch.setattr(room, "memory", lambda device: 100)
    with pytest.raises(UsageError, match=r"^the training takes at least .* and 100 bytes are free"):
        refuse_hopeless(prepared)


def test_files(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(room, "space", lambda wanted: Space(Path("/data"), 30 * MIB))
    run = Files(8 * MIB, 2, newest=2, renewed=0, passing=8 * MIB, pictures=0, rows=0, number=20)
    refuse_files([run], Path("runs"), "hydra.run.dir")
    with pytest.raises(UsageError) as refused:
        refuse_files([run, run], Path("runs"), "hydra.sweep.dir")
    assert str(refused.value) == (
        "the files take about 40.1 MiB, 40.0 MiB of it for checkpoints, and 30.0 MiB are free on "
        "the disk of /data. Set checkpoints.keep=1, or choose another place with "
        "hydra.sweep.dir=DIR."
    )


@pytest.mark.parametrize(
    ("changed", "free", "mend"),
    [
        ({"pictures": 40}, 30, "Set a greater sample_every"),
        ({"rows": 40}, 30, "Set a greater log_every"),
        ({"rows": 9, "pictures": 9}, 17, "Set checkpoints.keep=1 and a greater sample_every and "),
        ({"rows": 9, "pictures": 9}, 33.5, "Set a greater sample_every, or"),
        ({}, 17, "Set checkpoints.keep=1, or"),
        ({}, 15, "Set checkpoints.every to the number of steps, which saves the last state alone,"),
        ({}, 7, "Choose smaller networks, or"),
        ({"newest": 1, "checkpoints": 1}, 7, "Choose smaller networks, or"),
        ({"newest": 0, "checkpoints": 0, "there": 1}, 7, "Choose smaller networks, or"),
    ],
)
def test_what_is_told_is_enough(
    changed: dict[str, int], free: float, mend: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(room, "space", lambda wanted: Space(Path("/data"), int(free * MIB)))
    run = Files(8 * MIB, 2, newest=2, renewed=0, passing=8 * MIB, pictures=0, rows=0, number=20)
    scaled = {key: n * MIB if key in ("rows", "pictures") else n for key, n in changed.items()}
    with pytest.raises(UsageError, match=rf"/data\. ({mend})"):
        refuse_files([run._replace(**scaled)], Path("runs"), "hydra.run.dir")
