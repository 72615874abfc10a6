"""A completed run judged at its end, as far as that needs no further training."""

from pathlib import Path

import pytest

from gan_cli import config, judging
from gan_cli.prepared import prepare
from gan_cli.runs import RunDirectory
from tests.values import SMALL


def test_where_every_metric_waits_for_a_classifier_the_command_that_trains_it_is_told(
    empty: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(empty / "cache"))  # without a classifier
    features = {"fid": {"name": "fid"}, "precision_recall": {"name": "precision_recall"}}
    values = SMALL | {"dataset": {"name": "digits"}, "metric": features, "compile_cache": "off"}
    run = RunDirectory(Path("outputs/run"))
    assert judging.at_end(prepare(config.load(values)), run) == [
        "judge    gan evaluate outputs/run  (trains a classifier once, for fid, precision_recall)"
    ]
    assert not run.path.exists()
