"""What `gan evaluate` prints of judgements."""

import pytest

from gan_cli.cli.judge import show
from gan_cli.datasets.base import Dataset
from gan_cli.datasets.digits import Digits
from gan_cli.datasets.ring import Ring
from gan_cli.evaluation import Judgement
from gan_cli.metrics.base import Interval
from gan_cli.metrics.precision_recall import PrecisionRecall


def printed(dataset: Dataset, capsys: pytest.CaptureFixture[str]) -> str:
    values = {"precision": Interval(0.9, 0.8, 0.95), "recall": Interval(0.4, 0.3, 0.5)}
    perfect = {"precision": 0.97, "recall": 0.97}
    show([Judgement(PrecisionRecall(), values, perfect, 2000, "test", "pixels", None)], dataset)
    return capsys.readouterr().out


def test_points_are_compared_by_their_coordinates(capsys: pytest.CaptureFixture[str]) -> None:
    points, images = printed(Ring(), capsys), printed(Digits(), capsys)
    assert ("coordinates" in points, "pixels" in points) == (True, False)
    assert ("coordinates" in images, "pixels" in images) == (False, True)


def test_sentences_are_broken_between_words(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "50")
    told, _, _ = printed(Ring(), capsys).partition("\n\n")
    assert len(told.splitlines()) > 2
    assert max(map(len, told.splitlines())) <= 50
    assert " ".join(told.split()).startswith("precision_recall: 90% of the samples look real")
