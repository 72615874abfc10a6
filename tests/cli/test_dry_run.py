"""`gan train --dry-run`: what would be trained and what it takes, with nothing written."""

import re
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from gan_cli import checkpoints
from gan_cli.preflight import files as preflight_files
from gan_cli.preflight import room, survey
from gan_cli.preflight.room import Space
from gan_cli.prepared import prepare
from gan_cli.runs import summary
from gan_cli.saved_config import load_run
from tests.cli.test_train import HEADER

Command = Callable[..., Any]
Files = Callable[[], dict[str, bytes]]
Tiny = tuple[str, ...]

BYTES = r"[\d,.]+ (bytes|[KMGT]iB)"
SHAPES = (
    r"work           [\d.]+ kFLOP a step, \d+ % of it in products and convolutions\n"
    rf"files          32, about {BYTES} \(2 checkpoints of {BYTES}\), {BYTES} free\n"
    rf"memory         about {BYTES} \(states [\d.]+, (data [\d.]+, )?step [\d.]+\), {BYTES} free\n"
)
TIME = r"time           about \d+ s on this machine: [\d,.]+ steps/s, \d+ s of compiling\n"


def test_what_a_run_takes(gan: Command, tiny: Tiny, files: Files) -> None:
    status, out, err = gan("train", "--dry-run", "device=cpu", *tiny)
    assert (status, err) == (0, "")
    assert out.startswith(HEADER)
    assert re.fullmatch(SHAPES + TIME, out.removeprefix(HEADER))
    assert max(map(len, out.splitlines())) < 80
    assert files() == {}


def test_what_a_sweep_takes(
    gan: Command, tiny: Tiny, files: Files, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each program is examined once, and none is timed once that has taken long."""
    monkeypatch.setattr(survey, "PATIENCE", 0.0)
    line = ["-m", "device=cpu", *tiny, "k=1,2", "seed=0,1"]
    status, out, err = gan("train", "--dry-run", *line)
    assert (status, err) == (0, "")
    members, together = out.split("together  ")
    shown = members.split("member ")[1:]
    assert [member.partition("\n")[0] for member in shown] == [
        "0 (k=1 seed=0)",
        "1 (k=1 seed=1)",
        "2 (k=2 seed=0)",
        "3 (k=2 seed=1)",
    ]
    assert re.fullmatch(re.escape(HEADER) + SHAPES + TIME, shown[0].partition("\n")[2])
    assert re.search(r"\ndevice +cpu\n" + SHAPES + "$", shown[2])
    for repeated, first in ((shown[1], shown[0]), (shown[3], shown[2])):
        assert repeated.endswith("\ndevice         cpu\n")
        assert repeated.splitlines()[1:6] == first.splitlines()[1:6]
    assert "\nk              2 D updates a step, alternating\n" in shown[3]
    assert "of batch 16, seed 1, float32\n" in shown[3]
    assert re.fullmatch(
        r"4 members of 2 programs\n"
        rf"files     128, about {BYTES} \(8 checkpoints of {BYTES}\), {BYTES} free\n"
        r"time      not known: 2 members have no known speed\n",
        together,
    )
    assert files() == {}


def test_the_time_can_be_left_out(gan: Command, tiny: Tiny) -> None:
    status, out, err = gan("train", "--dry-run", "--no-timing", "device=cpu", *tiny)
    assert (status, err) == (0, "")
    assert re.fullmatch(re.escape(HEADER) + SHAPES, out)
    assert gan("train", "--no-timing") == (2, "", "gan: --no-timing goes with --dry-run.\n")


@pytest.mark.parametrize("options", [(), ("--dry-run", "--no-timing")])
def test_a_full_disk_is_told_before_anything_is_written(
    options: tuple[str, ...],
    gan: Command,
    tiny: Tiny,
    files: Files,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(room, "space", lambda wanted: Space(Path("/full"), 4096))
    status, out, err = gan("train", *options, *tiny)
    assert (status, out) == (2, "")
    assert re.fullmatch(
        r"gan: (a checkpoint takes|the files take) about [\d.]+ KiB.*, and 4.0 KiB are free on the "
        r"disk of /full\. .* another place with hydra\.run\.dir=DIR\.\n",
        err,
    )
    assert files() == {}


@pytest.mark.parametrize("options", [(), ("--dry-run",)])
def test_a_training_beyond_the_memory_is_refused_before_anything_is_written(
    options: tuple[str, ...],
    gan: Command,
    tiny: Tiny,
    files: Files,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(room, "memory", lambda device: 10 * 2**20)
    assert gan("train", *options, *tiny, "batch_size=1000000") == (
        2,
        "",
        "gan: the training takes at least 15.3 MiB of memory, and 10.0 MiB are free. "
        "Set a smaller batch_size, or choose smaller networks.\n",
    )
    assert files() == {}


def test_the_files_are_those_of_a_run(ring: Path) -> None:
    found = preflight_files.of_run(prepare(load_run(ring)))
    written = [path.stat().st_size for path in ring.rglob("*") if path.is_file()]
    assert found.bytes == pytest.approx(sum(written), rel=0.4)
    assert found.number == pytest.approx(len(written), abs=9), "Orbax's own number varies"
    assert found.checkpoints == len(checkpoints.steps(ring / "checkpoints"))


@pytest.mark.slow
def test_the_time_is_that_of_a_run(gan: Command, empty: Path) -> None:
    line = ["dataset=ring", "steps=1000", "evaluate_end=off", "sample_every=1000"]
    told = gan("train", "--dry-run", *line).out
    [seconds] = re.findall(r"\ntime +about (\d+) s on", told)
    assert gan("train", *line, "hydra.run.dir=run").status == 0
    known = summary.read(empty / "run" / "summary.json", str)
    assert 1 / 3 < int(seconds) / known["wall_seconds"] < 3


def test_what_a_resumed_run_takes(
    gan: Command, run: Path, files: Files, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its remaining steps, from the newest checkpoint that is whole."""
    before = files()
    status, out, err = gan("train", "--dry-run", "--no-timing", "--resume", "run", "steps=50")
    assert (status, err) == (0, "")
    assert "\nresume         from step 20 of 50\n" in out
    assert re.search(r"\nfiles          11, about .* \(2 checkpoints of .*, in place of older", out)
    assert "\nmemory         about " in out
    with monkeypatch.context() as full:
        full.setattr(room, "space", lambda wanted: Space(wanted, 100))
        status, _, err = gan("train", "--dry-run", "--no-timing", "--resume", "run", "steps=50")
    assert (status, "or make room there." in err) == (2, True)
    assert files() == before
    newest = max((run / "checkpoints" / "20").rglob("*"), key=lambda path: path.stat().st_size)
    newest.write_bytes(b"")
    out = gan("train", "--dry-run", "--no-timing", "--resume", str(run)).out
    assert "20 is damaged: it cannot be read. The one before is used, of step 10.\n" in out
    assert "\nresume         from step 10 of 20\n" in out


@pytest.mark.slow
def test_what_is_missing_of_a_sweep(gan: Command, tiny: Tiny, files: Files, empty: Path) -> None:
    """One member is complete, one is half done, one has no whole checkpoint, one never began."""
    line = ["hydra/launcher=vmap", *tiny, "seed=range(4)", "hydra.sweep.dir=s"]
    assert gan("train", "-m", *line).status == 0
    for member, gone in (("1", "checkpoints/20"), ("3", "")):
        shutil.rmtree(empty / "s" / member / gone)
    for member in "12":
        saved = empty / "s" / member / "summary.json"
        saved.write_text(saved.read_text().replace('"completed"', '"interrupted"'))
    for step in ("10", "20"):
        parts = (empty / "s" / "2" / "checkpoints" / step).rglob("*")
        max(parts, key=lambda path: path.stat().st_size).write_bytes(b"")
    before = files()
    status, out, _ = gan("train", "-m", "--resume", "s", "--dry-run", "--no-timing")
    assert status == 0
    begin, half, new = re.split(r"member [13] \(seed=[13]\)\n", out)
    first, damaged = begin.splitlines()
    assert first == "s: 3 of 4 members go on"
    assert damaged.startswith("member 2 (seed=2) cannot go on: checkpoint ")
    assert "No checkpoint is left to go on from. Move s/2/checkpoints elsewhere" in damaged
    assert "\nresume         from step 10 of 20\nwork  " in half
    new, _, together = new.partition("resume         from step 0 of 20\n")
    assert together.startswith(
        "#1 #3: 2 members as one program (vmap), 2 lanes, less than 1 MiB\n"
        "together  2 members of 1 program\nfiles     "
    )
    assert re.search(r"\(3 checkpoints of ", together), "one of them is there already"
    assert files() == before
    shutil.rmtree(empty / "s" / "2")
    assert gan("train", "-m", "--resume", "s").status == 0
    assert gan("train", "-m", "--resume", "s", "--dry-run") == (
        0,
        "s: all 4 members have ended.\n",
        "",
    )
