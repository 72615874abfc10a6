"""Why a run has no checkpoint, what to do, and which run can be used instead."""

from pathlib import Path
from typing import Any

import pytest
from omegaconf import OmegaConf

from gan_cli import config, runs
from gan_cli.no_checkpoint import told
from gan_cli.runs import RunDirectory, mark
from tests.values import SMALL

EXPERIMENT = config.load(SMALL | {"checkpoints": {"every": 7}})


def made(path: str, **summary: Any) -> RunDirectory:
    """A run without checkpoints; the later made, the newer."""
    place = RunDirectory(Path(path))
    place.settings.mkdir(parents=True)
    (place.settings / mark.NAME).touch()
    OmegaConf.save(OmegaConf.create(SMALL), place.config)
    if summary:
        place.write_summary(summary)  # type: ignore[arg-type]
    place.log.touch()
    return place


@pytest.mark.parametrize(
    ("summary", "text"),
    [
        (
            {"status": "failed", "step": 3, "reason": "ValueError: no such shape."},
            "run has no checkpoint, since it failed at step 3: ValueError: no such shape. "
            "Mend that, and go on with it: gan train --resume run",
        ),
        (
            {"status": "interrupted", "step": 3, "reason": "SIGTERM"},
            "run has no checkpoint, since it was interrupted (SIGTERM) at step 3, before the first "
            "was saved. Go on with it: gan train --resume run",
        ),
        (
            {"status": "running", "step": 3},
            "run has no checkpoint, since it was killed at step 3, before the first was saved. "
            "Go on with it: gan train --resume run",
        ),
        (
            {"status": "diverged", "step": 3, "reason": "step 3 is not finite: loss/generator."},
            "run has no checkpoint, since it diverged: step 3 is not finite: loss/generator. "
            "Try a lower learning rate.",
        ),
    ],
)
def test_how_it_ended_and_what_to_do(summary: dict[str, Any], text: str, empty: Path) -> None:
    assert told(made("run", **summary), EXPERIMENT) == text


def test_a_run_that_is_running_is_waited_for(empty: Path) -> None:
    place = made("run", status="running", step=3)
    with place.lock():
        assert told(place, EXPERIMENT) == (
            "run has no checkpoint yet: it is running, at step 3, and saves the first at step 7."
        )


def test_the_best_state_and_another_run_are_named(empty: Path) -> None:
    (made("outputs/old").checkpoints / "20").mkdir(parents=True)
    newest = made("outputs/new", status="diverged", reason="step 3 is not finite.")
    (newest.best_checkpoints / "2").mkdir(parents=True)
    assert runs.resolve("latest").path == newest.path
    assert told(newest, EXPERIMENT).splitlines() == [
        "outputs/new has no checkpoint, since it diverged: step 3 is not finite. "
        "Try a lower learning rate. Its best state, of step 2, is kept: --checkpoint best.",
        "The newest run with a checkpoint: outputs/old",
    ]
