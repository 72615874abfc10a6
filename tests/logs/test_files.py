"""train.log holds what concerns its own run, and is let go when the run is over."""

import logging
from collections.abc import Iterator
from pathlib import Path

import pytest

from gan_cli.logs.files import CHATTY, run_log

log = logging.getLogger("gan_cli.anything")


@pytest.fixture(autouse=True)
def _levels() -> Iterator[None]:
    """The levels of the loggers are as before a test."""
    names = ("gan_cli", *CHATTY)
    before = {name: logging.getLogger(name).level for name in names}
    logging.getLogger("gan_cli").setLevel(logging.WARNING)
    yield
    for name, level in before.items():
        logging.getLogger(name).setLevel(level)


def messages(path: Path) -> list[str]:
    return [line.split(": ", 1)[1] for line in path.read_text().splitlines()]


def test_each_run_gets_its_own_and_what_belongs_to_none(tmp_path: Path) -> None:
    a, b = tmp_path / "a.log", tmp_path / "b.log"
    with run_log(a, Path("a")), run_log(b, Path("b")):
        log.info("of all")
        log.info("of a", extra={"run": Path("a")})
        log.info("of b", extra={"run": Path("b")})
        logging.getLogger("other").warning("of another package")
    assert messages(a) == ["of all", "of a", "of another package"]
    assert messages(b) == ["of all", "of b", "of another package"]


def test_a_line_has_time_level_and_place(tmp_path: Path) -> None:
    with run_log(tmp_path / "x.log", Path("x")):
        log.warning("ünder way")
    [line] = (tmp_path / "x.log").read_text(encoding="utf-8").splitlines()
    date, time, *rest = line.split(" ", 4)
    assert (len(date), len(time)) == (10, 12)
    assert rest == ["WARNING", "gan_cli.anything:", "ünder way"]


def test_a_log_is_appended_to_and_let_go_though_the_run_fails(tmp_path: Path) -> None:
    path = tmp_path / "x.log"
    path.write_text("2026-01-01 00:00:00,000 INFO gan_cli: before\n")
    root, package = logging.getLogger(), logging.getLogger("gan_cli")
    handlers, level = list(root.handlers), package.level
    with pytest.raises(ZeroDivisionError), run_log(path, Path("x")):
        log.info("during")
        _ = 1 / 0
    log.info("after")
    assert messages(path) == ["before", "during"]
    assert (root.handlers, package.level) == (handlers, level)


def test_other_packages_tell_only_of_trouble(tmp_path: Path) -> None:
    with run_log(tmp_path / "x.log", Path("x")):
        assert {logging.getLogger(name).level for name in CHATTY} == {logging.WARNING}
