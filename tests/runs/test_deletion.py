"""A deletion that is cut off at any point leaves a run, or nothing that takes room."""

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from gan_cli import runs
from gan_cli.runs import RunDirectory, mark
from gan_cli.runs.deletion import delete, size

FILES = (
    "metrics.jsonl",
    "checkpoints/20/state/a",
    "checkpoints/20/b",
    "samples/1.png",
    "train.log",
)


class Killed(BaseException):
    """What stands for a SIGKILL."""


def made(path: Path) -> Path:
    """A run with some files."""
    place = RunDirectory(path)
    path.mkdir(parents=True)
    text = "".join(f"{key}: 1\n" for key in mark.KEYS)
    settings = dict.fromkeys(("config.yaml", "a.yaml"), text)
    place.write_settings(settings)
    place.write_summary({"status": "completed"})
    for name in FILES:
        (path / name).parent.mkdir(parents=True, exist_ok=True)
        (path / name).write_text("content")
    return path


def cut_off(after: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Lets so many files and folders be deleted, and no more."""
    left = [after]

    def counted(real: Callable[..., None]) -> Callable[..., None]:
        def remove(*arguments: Any, **more: Any) -> None:
            if not left[0]:
                raise Killed
            left[0] -= 1
            real(*arguments, **more)

        return remove

    for name in ("unlink", "rmdir"):
        monkeypatch.setattr(os, name, counted(getattr(os, name)))


def test_a_deletion_that_is_cut_off_can_be_done_again(
    empty: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for after in range(100):
        run = made(empty / "outputs" / str(after))
        try:
            with monkeypatch.context() as patch:
                cut_off(after, patch)
                delete(run, empty / "outputs")
        except Killed:
            if size(run):
                assert runs.find(empty / "outputs") == [run], after
                delete(run, empty / "outputs")
                assert not run.exists()
        else:
            assert not run.exists()
            break
    assert 10 < after < 99, "it was cut off everywhere, and once not at all"


def test_a_link_in_the_place_of_the_settings_is_deleted_alone(empty: Path) -> None:
    run = made(empty / "outputs" / "run")
    (run / ".hydra").rename(empty / "kept")
    (run / ".hydra").symlink_to(empty / "kept")
    delete(run, empty / "outputs")
    assert not run.exists()
    assert sorted(path.name for path in (empty / "kept").iterdir()) == [
        "a.yaml",
        "config.yaml",
        "gan.txt",
    ]
