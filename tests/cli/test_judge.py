"""What `gan evaluate` prints of judgements."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from gan_cli.cli import judge
from gan_cli.cli.judge import show
from gan_cli.datasets.base import Dataset
from gan_cli.datasets.digits import Digits
from gan_cli.datasets.mnist import Mnist
from gan_cli.datasets.ring import Ring
from gan_cli.errors import UsageError
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


def test_what_lacks_for_samples_of_another_program_is_told(
    gan: Callable[..., Any], empty: Path
) -> None:
    (empty / "pics").mkdir()
    for i in range(20):
        Image.new("L", (8, 8), i).save(empty / "pics" / f"{i}.png")
    noise = np.random.default_rng(0).uniform(-1, 1, (200, 16, 16, 1))
    np.savez("s.npz", samples=noise.astype(np.float32))
    words = ("evaluate", "s.npz", "--dataset", "images", "dataset.path=pics", "--metric", "mmd")
    assert gan(*words) == (
        2,
        "",
        "gan: dataset=images keeps no examples by which samples are judged. dataset.validation=2 "
        "dataset.test=2 on this command line set some of them aside.\n",
    )
    kept = ("dataset.validation=2", "dataset.test=2")
    status, _, err = gan(*words, *kept)
    assert (status, err) == (
        2,
        "gan: The samples are images of 16 x 16 pixels, and those of dataset=images of 32 x 32. "
        "Write dataset.size=16\n",
    )
    status, out, err = gan(*words, *kept, "dataset.size=16")
    assert (status, "judged by dataset=images" in out) == (0, True), err


def test_a_size_is_named_that_the_data_set_can_have() -> None:
    judge._check_size(np.zeros((2, 16, 16, 1)), Mnist())
    with pytest.raises(UsageError, match=r"Write dataset\.size=32$"):
        judge._check_size(np.zeros((2, 32, 32, 1)), Mnist())
