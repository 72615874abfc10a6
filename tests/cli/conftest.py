"""Small trainings, quick to compile, and the runs that several tests look at."""

import contextlib
import logging
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.compiling import unoptimized
from tests.tiny import TINY, changed

Train = Callable[..., Path]


@pytest.fixture(scope="module", autouse=True)
def _quick() -> Iterator[None]:
    """Compiles without optimizations, which would take longer than these trainings."""
    with unoptimized():
        yield


@pytest.fixture(scope="session")
def tiny() -> tuple[str, ...]:
    """The overrides of a training of 20 steps; later ones may change them."""
    return TINY


@pytest.fixture(scope="session")
def plain() -> tuple[str, ...]:
    """The same for a training with another optimizer than Adam."""
    return tuple(line for line in TINY if ".b1=" not in line and ".b2=" not in line)


@pytest.fixture(scope="session")
def train(tmp_path_factory: pytest.TempPathFactory) -> Train:
    """Trains in a directory of its own, which no test may change, and returns the directory."""
    from gan_cli.cli import main

    def run(*overrides: str) -> Path:
        directory = tmp_path_factory.mktemp("train") / "run"
        place = f"hydra.run.dir={directory}"
        with pytest.MonkeyPatch.context() as patch, unoptimized():
            patch.chdir(directory.parent)
            patch.setattr(sys, "argv", ["gan", "train", *changed([*TINY, *overrides]), place])
            with pytest.raises(SystemExit) as end:
                main()
        for handler in logging.getLogger().handlers[:]:
            if type(handler) is logging.FileHandler:
                logging.getLogger().removeHandler(handler)
                handler.close()
        assert end.value.code == 0
        return directory

    return run


@pytest.fixture(scope="session")
def ring(train: Train) -> Path:
    """A run of 20 steps on the ring."""
    return train()


@pytest.fixture(scope="session")
def digits(train: Train) -> Path:
    """A run of 20 steps on images."""
    return train("dataset=digits")


@pytest.fixture
def run(ring: Path, empty: Path) -> Path:
    """A copy of `ring` for a test to change: `run` in the working directory."""
    shutil.copytree(ring, empty / "run")
    return Path("run")


@pytest.fixture
def files(empty: Path) -> Callable[[], dict[str, bytes]]:
    """Tells what lies in the working directory: directories, and files with their content."""

    def look() -> dict[str, bytes]:
        return {
            str(path.relative_to(empty)): path.read_bytes() if path.is_file() else b"(directory)"
            for path in sorted(empty.rglob("*"))
        }

    return look


@pytest.fixture
def begin(empty: Path) -> Iterator[Callable[..., "subprocess.Popen[str]"]]:
    """Starts `gan` in an empty directory as a process group of its own, as a shell does."""
    started: list[subprocess.Popen[str]] = []

    def run(*arguments: str) -> "subprocess.Popen[str]":
        process = subprocess.Popen(
            [sys.executable, "-m", "gan_cli", *changed(arguments)],
            cwd=empty,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )
        started.append(process)
        return process

    yield run
    for process in started:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.communicate()
