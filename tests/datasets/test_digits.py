from pathlib import Path

import numpy as np

from gan_cli.datasets import digits
from gan_cli.datasets.digits import Digits


def test_the_digits_are_those_of_scikit_learn():
    from sklearn.datasets import load_digits

    published = load_digits()
    splits = [Digits().split(name) for name in ("train", "validation", "test")]
    assert [len(split.examples) for split in splits] == [1397, 200, 200]
    examples = np.concatenate([split.examples for split in splits])
    np.testing.assert_array_equal(examples[..., 0], published.images)
    labels = np.concatenate([split.labels for split in splits])
    np.testing.assert_array_equal(labels, published.target)
    assert examples.max() == Digits().levels == 16


def test_the_file_carries_its_attribution():
    with np.load(Path(digits.__file__).with_name("digits.npz")) as arrays:
        text = str(arrays["attribution"])
    assert "Alpaydin" in text
    assert "https://doi.org/10.24432/C50P49" in text
    assert "CC BY 4.0" in text
