"""That a run diverged is told whatever becomes of its replay."""

import math
from pathlib import Path
from typing import Any

import pytest

from gan_cli import config
from gan_cli.datasets.scale import REMEDY
from gan_cli.job import explanation
from gan_cli.job.explanation import explained
from gan_cli.prepared import prepare
from gan_cli.runs import RunDirectory
from gan_cli.training.outcome import Outcome
from gan_cli.training.state import begin
from tests.values import SMALL


def test_a_replay_that_fails_or_finds_nothing_hides_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(*_: Any) -> None:
        raise RuntimeError("no room")

    prepared = prepare(config.load(SMALL))
    _, spare = begin(prepared.experiment.recipe, prepared.spec)
    last = {"loss/generator": math.nan}
    outcome = Outcome("diverged", 7, last, ["loss/generator"], 1.0, spare)
    expected = {
        "reason": "step 7 is not finite: loss/generator is nan. No checkpoint was saved.",
        "diagnosis": {
            "try": "optimizer.generator.learning_rate=0.001 "
            "optimizer.discriminator.learning_rate=0.001, or a regularizer (gan list regularizer)"
        },
    }
    monkeypatch.setattr(explanation, "replay", lambda *_: None)
    assert explained(prepared, outcome, RunDirectory(tmp_path)) == expected
    assert caplog.messages == []
    far = prepared._replace(range=f"coordinates have means of up to 1e+06: {REMEDY}")
    tried = explained(far, outcome, RunDirectory(tmp_path))["diagnosis"]["try"]
    assert tried == (
        "points whose coordinates have means of 0 and deviations of 1, or "
        + expected["diagnosis"]["try"]  # type: ignore[index]
    )
    monkeypatch.setattr(explanation, "replay", fail)
    assert explained(prepared, outcome, RunDirectory(tmp_path)) == expected
    [message] = caplog.messages
    assert message.startswith("what broke first was not found: ")
    assert "no room" in message
