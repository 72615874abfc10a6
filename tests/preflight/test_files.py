"""The sizes of files, against files."""

from collections.abc import Callable
from pathlib import Path

import jax
import numpy as np
import pytest

from gan_cli import checkpoints
from gan_cli.preflight import files
from gan_cli.prepared import Prepared
from tests.preflight.conftest import WIDE

Make = Callable[..., Prepared]


@pytest.mark.parametrize("changes", [{}, {"architecture": WIDE, "ema": 0.9}], ids=["small", "wide"])
def test_a_checkpoint(changes: dict[str, object], make: Make, tmp_path: Path) -> None:
    """Random numbers stand for a trained state, which is as hard to compress.

    The list of the arrays is written two to four times, as the machine is fast or slow.
    """
    prepared, rng = make(**changes), np.random.default_rng(0)
    state = jax.tree.map(lambda s: rng.normal(size=s.shape).astype(s.dtype), prepared.abstract)
    checkpoints.save(tmp_path, 1, state, keep=1)
    saved = [path.stat().st_size for path in tmp_path.rglob("*") if path.is_file()]
    assert files.checkpoint(prepared) == pytest.approx(sum(saved), rel=0.2, abs=3000)
    assert len(saved) == pytest.approx(files.FILES_A_CHECKPOINT, abs=6)


def test_how_many_there_are(make: Make) -> None:
    often = {"every": 10, "keep": 3}
    run = files.of_run(make(steps=45, checkpoints=often, sample_every=20, log_every=10))
    assert (run.checkpoints, run.passing) == (3, run.checkpoint)
    assert run.pictures == 2 * 3 * files.POINTS_PICTURE
    assert run.number == files.OTHER_FILES + 3 * files.FILES_A_CHECKPOINT + 3
    once = files.of_run(make(steps=9, checkpoints=often, sample_every=20, log_every=10))
    assert (once.checkpoints, once.passing) == (1, 0)
    assert run.rows == 5 * once.rows
    assert once.bytes < run.bytes
    assert (run.renewed, once.renewed) == (0, 0)


def test_those_of_a_resumed_run(make: Make) -> None:
    """It keeps 3, has 2, and saves at steps 30, 40 and 45, or at 45 alone."""
    prepared = make(steps=45, checkpoints={"every": 10, "keep": 3})
    several, one = (files.of_run(prepared, begun, there=2) for begun in (20, 40))
    assert (several.checkpoints, several.renewed, several.passing) == (1, 2, several.checkpoint)
    assert (one.checkpoints, one.renewed, one.passing) == (1, 0, 0)


def test_pictures_of_images_are_measured(make: Make) -> None:
    few, many = (
        files.of_run(make(dataset={"name": "digits"}, samples=n, steps=2)).pictures for n in (4, 64)
    )
    assert 4 * few < many < 64 * few


@pytest.mark.parametrize("there", [0, 1, 3])
@pytest.mark.parametrize("steps", [9, 45])
def test_what_would_need_less_is_as_if_it_were_set(make: Make, steps: int, there: int) -> None:
    def files_of(every: int = 10, keep: int = 3, **often: int) -> files.Files:
        kept = {"every": every, "keep": keep}
        return files.of_run(make(steps=steps, checkpoints=kept, **often), there=there)

    run = files_of(sample_every=20, log_every=10)
    assert _bytes(run.keeping_one()) == _bytes(files_of(keep=1, sample_every=20, log_every=10))
    once = files_of(every=steps, keep=1, sample_every=20, log_every=10)
    assert _bytes(run.saving_once()) == _bytes(once)
    rare = files_of(sample_every=steps, log_every=steps)
    assert _bytes(run.drawing_rarely().logging_rarely()) == _bytes(rare)


def _bytes(run: files.Files) -> int:
    return run.bytes + run.passing
