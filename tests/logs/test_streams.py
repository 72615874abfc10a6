"""What becomes of output that cannot be written: a training goes on, other commands say so."""

import contextlib
import io
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from gan_cli.logs.streams import lasting, read
from tests.compiling import unoptimized

GAN = [sys.executable, "-m", "gan_cli"]
TINY = (
    *("train", "dataset=ring", "architecture.latent=3", "architecture.generator_widths=[8]"),
    *("architecture.discriminator_widths=[8]", "batch_size=16", "samples=4", "steps=4"),
)


@pytest.fixture(scope="module", autouse=True)
def _quick() -> Iterator[None]:
    with unoptimized():
        yield


@contextlib.contextmanager
def closed_pipe() -> Iterator[int]:
    """The end to write to of a pipe whose reader has gone."""
    reader, writer = os.pipe()
    os.close(reader)
    yield writer
    os.close(writer)


def test_a_reader_that_has_gone_is_not_told_of(monkeypatch: pytest.MonkeyPatch) -> None:
    with closed_pipe() as writer:
        stream = os.fdopen(writer, "w", encoding="ascii", closefd=False)
        monkeypatch.setattr(sys, "stdout", stream)
        with lasting("stdout"):
            for _ in range(3):
                print("a line", flush=True)
            assert not sys.stdout.isatty()
        assert sys.stdout is stream
        with pytest.raises(BrokenPipeError):
            print("a line", flush=True)
        with Path(os.devnull).open("w") as nothing:  # for what the stream still holds
            os.dup2(nothing.fileno(), writer)
        stream.close()


def test_what_can_be_written_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with (tmp_path / "out").open("w", encoding="utf-8") as file:
        monkeypatch.setattr(sys, "stdout", file)
        print("before")
        with lasting("stdout"):
            print("während")
        print("after")
    assert (tmp_path / "out").read_text(encoding="utf-8") == "before\nwährend\nafter\n"


def test_a_terminal_that_was_closed_ends_no_command(monkeypatch: pytest.MonkeyPatch) -> None:
    terminal, inner = os.openpty()
    with os.fdopen(inner, "w", encoding="utf-8") as stream:
        monkeypatch.setattr(sys, "stdout", stream)
        with read("stdout"):
            print("seen", flush=True)
            assert os.read(terminal, 80) == b"seen\r\n"
            os.close(terminal)
            for _ in range(3):
                print("unseen", flush=True)


def test_a_full_disk_is_told_of_by_what_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    with Path("/dev/full").open("w", encoding="utf-8") as full:
        monkeypatch.setattr(sys, "stdout", full)
        with pytest.raises(OSError, match="standard output: No space left"), read("stdout"):
            print("lost", flush=True)


@pytest.mark.parametrize("stream", [None, io.StringIO()])
def test_what_is_no_file_is_left_as_it_is(
    stream: io.StringIO | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "stdout", stream)
    with lasting("stdout"):
        assert sys.stdout is stream


def test_a_training_goes_on_unseen(empty: Path) -> None:
    """Its reader has gone, and the disk of its errors is full."""
    with closed_pipe() as writer, Path("/dev/full").open("w") as full:
        done = subprocess.run(
            [*GAN, *TINY, "hydra.run.dir=run"], stdout=writer, stderr=full, check=False
        )
    assert done.returncode == 0
    assert json.loads(Path("run/summary.json").read_text())["status"] == "completed"


def test_what_another_command_cannot_print_is_told(empty: Path) -> None:
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(
            [*GAN, "list"], stdout=full, stderr=subprocess.PIPE, text=True, check=False
        )
    assert (done.returncode, done.stderr) == (1, "gan: standard output: No space left on device.\n")


def test_streams_that_were_closed_are_no_error(empty: Path) -> None:
    words = " ".join([*GAN, "train", "--cfg", "job"])
    done = subprocess.run(["/bin/sh", "-c", f"{words} >&- 2>&- <&-"], check=False)
    assert done.returncode == 0
