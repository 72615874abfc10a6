"""summary.json: always whole, and `running` only while a process holds the run."""

import threading

import pytest

from gan_cli import runs
from gan_cli.errors import DataError
from gan_cli.runs import RunDirectory


def test_only_running_becomes_interrupted(place: RunDirectory) -> None:
    for status in runs.STATUSES:
        place.write_summary({"status": status, "step": 3})
        expected = "interrupted" if status == "running" else status
        assert place.read_summary() == {"status": expected, "step": 3}


def test_a_run_without_a_summary_is_interrupted(place: RunDirectory) -> None:
    assert place.read_summary() == {"status": "interrupted"}


def test_a_damaged_summary_is_told(place: RunDirectory) -> None:
    for damage in (
        *(b"", b'{"status": "comp', b"\xff\xfe", b"[]", b"{}", b'{"status": "done"}'),
        *(b'{"status": "completed", "step": null}', b'{"status": "completed", "metrics": []}'),
        b'{"status": "completed", "metrics": {"loss/generator": [1]}}',
    ):
        place.summary.write_bytes(damage)
        with pytest.raises(DataError) as error:
            place.read_summary()
        assert str(error.value) == (
            "run/summary.json is damaged. Delete it: gan train --resume run writes it anew."
        )


def test_a_summary_that_cannot_be_read_is_not_called_damaged(place: RunDirectory) -> None:
    place.summary.mkdir()
    with pytest.raises(DataError) as error:
        place.read_summary()
    assert str(error.value) == "run/summary.json cannot be read: Is a directory."


def test_a_summary_holds_no_number_that_json_does_not_know(place: RunDirectory) -> None:
    place.write_summary({"status": "completed", "metrics": {"loss/generator": "nan"}})
    before = place.summary.read_bytes()
    with pytest.raises(ValueError, match="not JSON compliant"):
        place.write_summary({"status": "completed", "wall_seconds": float("nan")})
    assert place.summary.read_bytes() == before
    assert [path.name for path in place.path.iterdir()] == ["summary.json"]


def test_whoever_reads_a_summary_finds_a_whole_one(place: RunDirectory) -> None:
    place.write_summary({"status": "completed", "step": 0, "filling": ""})
    done = threading.Event()

    def write() -> None:
        for step in range(300):
            filling = "x" * (step % 7 * 5000)
            place.write_summary({"status": "completed", "step": step, "filling": filling})
        done.set()

    writer = threading.Thread(target=write)
    writer.start()
    seen = set()
    while not done.is_set():
        summary = place.read_summary()
        assert len(summary["filling"]) == summary["step"] % 7 * 5000
        seen.add(summary["step"])
    writer.join()
    assert len(seen) > 1
    assert [path.name for path in place.path.iterdir()] == ["summary.json"]


def test_an_updated_summary_leaves_the_known_one_as_it_is() -> None:
    known: runs.Summary = {"status": "running", "step": 1}
    assert runs.updated(known, {"step": 2}) == {"status": "running", "step": 2}
    assert known == {"status": "running", "step": 1}
