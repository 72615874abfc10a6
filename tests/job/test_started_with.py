"""A run whose summary is gone is known by what its checkpoints hold."""

import json
from pathlib import Path

import numpy as np
import pytest

from gan_cli import checkpoints, config
from gan_cli.errors import DataError, UsageError
from gan_cli.job import changes
from gan_cli.job.started_with import recorded
from gan_cli.prepared import prepare
from gan_cli.runs import RunDirectory, Summary, kept
from tests.values import SMALL

STARTED: Summary = {
    "settings": {"k": 2, "dataset.name": "ring"},
    "data_sha256": "abc",
    "accepted": [{"step": 3, "changes": ["k was 1 and is now 2"]}],
}
LOST = (
    "{}: summary.json, which told what it was started with, is gone, and no checkpoint tells it. "
    "Put back what it was started with, start a new run, or go on with it as it is now: "
    "--accept-changes"
)


def save(place: RunDirectory, step: int, started: Summary | None) -> None:
    checkpoints.save(place.checkpoints, step, {"a": np.zeros(3)}, keep=3, record=started)


@pytest.fixture
def place(tmp_path: Path) -> RunDirectory:
    return RunDirectory(tmp_path)


def test_a_checkpoint_stands_in_for_a_summary_that_is_gone(place: RunDirectory) -> None:
    save(place, 1, {"settings": {}, "data_sha256": "older"})
    save(place, 2, kept.of(STARTED | {"step": 2, "status": "running"}))
    assert recorded(place) == {"status": "interrupted", **STARTED}
    place.write_summary({"status": "failed", "reason": "it could not be opened"})
    assert recorded(place)["settings"] == STARTED["settings"]
    place.write_summary({"status": "completed", "settings": {"k": 5}})
    assert recorded(place) == {"status": "completed", "settings": {"k": 5}}


@pytest.mark.parametrize(
    "damage", [b"", b"{", b"[]", b'{"custom_metadata": {"record": {"settings": 5}}}']
)
def test_one_that_is_damaged_is_passed_over(place: RunDirectory, damage: bytes) -> None:
    save(place, 1, STARTED)
    save(place, 2, {"settings": {"k": 9}})
    (place.checkpoints / "2" / checkpoints.METADATA).write_bytes(damage)
    assert recorded(place) == {"status": "interrupted", **STARTED}


def test_a_summary_of_an_older_version_is_not_added_to(place: RunDirectory) -> None:
    save(place, 1, None)
    place.write_summary({"status": "completed", "versions": {"gan": "0.1.0"}})
    assert "settings" not in recorded(place)


def test_a_run_of_which_nothing_tells_how_it_started_is_refused(place: RunDirectory) -> None:
    prepared = prepare(config.load(SMALL))
    changes.refuse(place, prepared)  # it has no checkpoint, so it starts at step 0
    save(place, 1, None)
    with pytest.raises(UsageError) as refused:
        changes.refuse(place, prepared)
    assert str(refused.value) == LOST.format(place.path)
    now = changes.identity(prepared, {})
    summary, told = changes.go_on(recorded(place), now, 1)
    assert told == [f"accepted: {changes.UNKNOWN}"]
    assert summary["accepted"] == [{"step": 1, "changes": [changes.UNKNOWN]}]
    assert summary["settings"] == now["settings"]


def test_the_advice_for_a_summary_leads_there_in_one_step(place: RunDirectory) -> None:
    """The command that is told for a summary that is damaged or gone is not refused in its turn."""
    place.summary.write_bytes(b"{")
    told = f"Delete it: gan train --resume {place.path}{{}} writes it anew."
    save(place, 1, None)
    with pytest.raises(DataError) as damaged:
        place.read_summary()
    assert str(damaged.value).endswith(told.format(" --accept-changes"))
    save(place, 2, STARTED)
    with pytest.raises(DataError) as damaged:
        place.read_summary()
    assert str(damaged.value).endswith(told.format(""))


def test_an_edit_is_told_although_the_summary_is_gone(place: RunDirectory) -> None:
    prepared, edited = (prepare(config.load(SMALL | {"k": k})) for k in (1, 2))
    save(place, 1, json.loads(json.dumps(changes.identity(prepared, {}))))
    changes.refuse(place, prepared)
    with pytest.raises(UsageError, match="k was 1 and is now 2"):
        changes.refuse(place, edited)
