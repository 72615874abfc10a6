"""Which extractor a data set has by itself, when asked for, and without any training."""

from pathlib import Path

import pytest

from gan_cli.datasets.digits import Digits
from gan_cli.datasets.ring import Ring
from gan_cli.datasets.stacked_mnist import StackedMnist
from gan_cli.errors import UsageError
from gan_cli.features import extractors


def test_labels_decide() -> None:
    assert extractors.suiting(Ring()) == "pixels"
    assert extractors.suiting(Digits()) == extractors.suiting(StackedMnist()) == "classifier"


def test_nothing_is_trained_for_what_is_at_hand(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    assert extractors.ready(Digits()) is None
    made = extractors.extractor("classifier", Digits(), lambda line: None)
    found = extractors.ready(Digits())
    assert found is not None
    assert (found.name, found.accuracy) == ("classifier", made.accuracy)


def test_no_classifier_without_labels() -> None:
    with pytest.raises(UsageError) as error:
        extractors.extractor("classifier", Ring(), lambda line: None)
    assert str(error.value) == (
        "--extractor classifier: there are no labels to learn in dataset=ring. "
        "Use --extractor pixels."
    )
