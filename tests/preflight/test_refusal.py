"""What does not fit is refused in a sentence that says what to change."""

from collections.abc import Callable
from pathlib import Path

import pytest

from gan_cli.errors import UsageError
from gan_cli.preflight import room
from gan_cli.preflight.files import Files
from gan_cli.preflight.memory import Memory
from gan_cli.preflight.refusal import refuse_files, refuse_memory
from gan_cli.preflight.room import Space
from gan_cli.prepared import Prepared

Make = Callable[..., Prepared]
MIB = 2**20


def test_memory(make: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    prepared = make(dataset={"name": "digits"})
    monkeypatch.setattr(room, "memory", lambda device: 100 * MIB)
    refuse_memory(prepared, Memory(10 * MIB, 80 * MIB, 10 * MIB))
    with pytest.raises(UsageError) as refused:
        refuse_memory(prepared, Memory(10 * MIB, 80 * MIB, 11 * MIB))
    assert str(refused.value) == (
        "the training takes about 101.0 MiB of memory, and 100.0 MiB are free. "
        "Set resident_mib=50, and the data stays on disk."
    )
    with pytest.raises(UsageError) as refused:
        refuse_memory(prepared, Memory(10 * MIB, 5 * MIB, 30 * MIB), at_once=3)
    assert str(refused.value) == (
        "the training takes about 135.0 MiB of memory, and 100.0 MiB are free. "
        "Set a smaller batch_size, or choose smaller networks."
    )
    monkeypatch.setattr(room, "memory", lambda device: None)
    refuse_memory(prepared, Memory(10 * MIB, 80 * MIB, 11 * MIB))


def test_files(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(room, "space", lambda wanted: Space(Path("/data"), 30 * MIB))
    run = Files(checkpoint=8 * MIB, checkpoints=2, passing=8 * MIB, pictures=0, rows=0, number=20)
    refuse_files([run], Path("runs"), "hydra.run.dir")
    with pytest.raises(UsageError) as refused:
        refuse_files([run, run], Path("runs"), "hydra.sweep.dir")
    assert str(refused.value) == (
        "the files take about 40.1 MiB, 32.0 MiB of it for checkpoints, and 30.0 MiB are free on "
        "the disk of /data. Set checkpoints.keep=1, or choose another place with "
        "hydra.sweep.dir=DIR."
    )
    drawn = run._replace(checkpoints=1, passing=0, pictures=40 * MIB)
    with pytest.raises(UsageError, match="Set a greater sample_every, or choose"):
        refuse_files([drawn], Path("runs"), "hydra.run.dir")
