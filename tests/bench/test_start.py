"""The time to the first step, in real processes."""

import tempfile
from collections.abc import Callable
from pathlib import Path

import pytest

from gan_cli.bench.start import cold_and_warm
from gan_cli.errors import GanError

TINY = (
    "device=cpu",
    "dataset=ring",
    "architecture.generator_widths=[8]",
    "architecture.discriminator_widths=[8]",
    "batch_size=16",
    "samples=4",
    "steps=1",
)


@pytest.fixture
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where temporary directories are made."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    return tmp_path


def train(*more: str) -> Callable[[Path, Path], list[str]]:
    return lambda programs, run: [
        "train",
        *TINY,
        f"compile_cache={programs}",
        f"hydra.run.dir={run}",
        *more,
    ]


@pytest.mark.slow
def test_the_second_time_compiles_less(temporary: Path) -> None:
    found: list[tuple[int, list[str]]] = []

    def command(programs: Path, run: Path) -> list[str]:
        there = len(list(programs.iterdir())) if programs.is_dir() else 0
        found.append((there, [run.name]))
        return train()(programs, run)

    cold, warm = cold_and_warm(command, lambda: None)
    [(before_cold, first), (before_warm, second)] = found
    assert before_cold == 0 < before_warm
    assert first != second
    assert 0 < warm.compile_seconds < cold.compile_seconds < cold.wall_seconds
    assert warm.compile_seconds < warm.wall_seconds
    assert list(temporary.iterdir()) == []


def test_a_training_that_fails_says_why(temporary: Path) -> None:
    with pytest.raises(GanError) as error:
        cold_and_warm(train("dataset.count=0"), lambda: None)
    assert error.value.status == 2
    assert str(error.value) == "dataset.count=0: must be at least 1."
    assert list(temporary.iterdir()) == []
