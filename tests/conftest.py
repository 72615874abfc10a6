"""What all tests share: an empty working directory, a cache of programs, the command line."""

import contextlib
import gc
import itertools
import logging
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")  # before jax is imported, as `gan` does
os.environ.setdefault("JAX_NUM_CPU_DEVICES", "1")  # whichever test is the first to start jax

import absl.logging
import jax
import pytest
from hydra._internal.sources_registry import SourcesRegistry
from hydra.core.plugins import Plugins

from gan_cli import commands
from gan_cli.logs import waiting
from gan_cli.training import compilation
from tests.tiny import changed


def pytest_configure() -> None:
    """Forgets the size of a terminal, which readline sets for the processes that pytest starts."""
    os.environ.pop("COLUMNS", None)
    os.environ.pop("LINES", None)


def pytest_sessionfinish() -> None:
    """Looks through all objects for garbage once; pytest would look through them five times."""
    gc.collect()
    gc.freeze()


class Result(NamedTuple):
    """What a command left: exit status, standard output, standard error."""

    status: int
    out: str
    err: str


Command = Callable[..., Result]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begins with the longest tests, so that no process waits for another one at the end."""
    items.sort(key=lambda item: item.get_closest_marker("product") is None)


@pytest.fixture
def newest_classes(monkeypatch: pytest.MonkeyPatch) -> None:
    """Sources by the classes that pickle finds: Hydra executes its plugins again at times."""
    Plugins.instance()  # finds them all, where no test has asked for them before
    types = SourcesRegistry.instance().types
    newest = {name: getattr(sys.modules[t.__module__], t.__name__) for name, t in types.items()}
    monkeypatch.setattr(SourcesRegistry.instance(), "types", newest)


@pytest.fixture(scope="session", autouse=True)
def _home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """The user's cache is a directory of these tests, where each program is compiled once.

    All processes of a session share it, and sessions that are given the same GAN_TESTS_CACHE do.
    """
    before = os.environ.get("XDG_CACHE_HOME")
    os.environ["XDG_CACHE_HOME"] = os.environ.get("GAN_TESTS_CACHE") or str(
        _folder_of_the_session(tmp_path_factory) / "cache"
    )
    yield
    os.environ.pop("XDG_CACHE_HOME")
    if before is not None:
        os.environ["XDG_CACHE_HOME"] = before


def _folder_of_the_session(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The temporary folder of all processes in which pytest-xdist runs the tests."""
    own = tmp_path_factory.getbasetemp()
    return own.parent if "PYTEST_XDIST_WORKER" in os.environ else own


@pytest.fixture(scope="session", autouse=True)
def _no_sign_of_life() -> None:
    """A command prints the same on a slow machine."""
    waiting.EVERY = 3600.0


@pytest.fixture(scope="session", autouse=True)
def _no_rank_promotion() -> None:
    """Shapes of different rank are never broadcast unsaid, here or in the processes of a test."""
    os.environ["JAX_NUMPY_RANK_PROMOTION"] = "raise"
    jax.config.update("jax_numpy_rank_promotion", "raise")


@pytest.fixture(scope="session", autouse=True)
def _spare_the_capture() -> None:
    """Hydra closes all log handlers, and absl's closes its stream, which could be pytest's own."""
    absl.logging.get_absl_handler().python_handler.setStream(sys.__stderr__)


TESTS = itertools.count()


@pytest.fixture(autouse=True)
def _room() -> None:
    """The programs of many tests in one process would hold more mappings than Linux allows.

    To count the mappings takes up to .03 s, so it is done before every tenth test.
    """
    if next(TESTS) % 10 == 0:
        compilation.make_room()


@pytest.fixture(autouse=True)
def _same_levels() -> Iterator[None]:
    """What a test logs does not depend on the commands that ran before it in its process."""
    loggers = [logging.getLogger(name) for name in (None, "gan_cli", "jax", "absl", "orbax")]
    before = [logger.level for logger in loggers]
    yield
    for logger, level in zip(loggers, before, strict=True):
        logger.setLevel(level)


@pytest.fixture(autouse=True)
def _nothing_given() -> None:
    """No command is told of the modules of another test."""
    commands.forget()


@pytest.fixture
def empty(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty directory, and the working directory of the test."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def gan(empty: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> Command:
    """The command `gan` in an empty directory, within this process (no start-up to pay)."""
    from gan_cli.cli import main

    monkeypatch.setattr(sys, "path", sys.path[:])  # to which --import adds the directory

    def run(*arguments: str) -> Result:
        capfd.readouterr()
        monkeypatch.setattr(sys, "argv", ["gan", *changed(arguments)])
        status = 0
        try:
            main()
        except SystemExit as end:
            status = end.code if isinstance(end.code, int) else int(end.code is not None)
        finally:
            _close_logs()
        return Result(status, *capfd.readouterr())

    return run


def _close_logs() -> None:
    """What a process's end would do: the run's log and the terminal's handler are let go."""
    for logger in (logging.getLogger(), logging.getLogger("gan_cli")):
        for handler in logger.handlers[:]:
            if type(handler) in (logging.FileHandler, logging.StreamHandler):
                logger.removeHandler(handler)
                with contextlib.suppress(OSError):  # of a disk that is full
                    handler.close()


@pytest.fixture
def shell(empty: Path) -> Command:
    """The command `gan` in an empty directory, as a process of its own."""

    def run(*arguments: str, **environment: str) -> Result:
        done = subprocess.run(
            [sys.executable, "-m", "gan_cli", *changed(arguments)],
            cwd=empty,
            env=os.environ | environment,
            capture_output=True,
            text=True,
            timeout=300,
            check=False,
        )
        return Result(done.returncode, done.stdout, done.stderr)

    return run
