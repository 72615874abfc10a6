import numpy as np

from gan_cli.datasets import content
from gan_cli.datasets.base import Split


def test_content_is_the_same_wherever_it_lies_and_however_it_is_read(tmp_path):
    array = np.arange(600, dtype=np.uint8).reshape(50, 4, 3)
    np.save(tmp_path / "x.npy", array)
    mapped = np.load(tmp_path / "x.npy", mmap_mode="r")
    assert content.sha256(Split(mapped)) == content.sha256(Split(array))
    others = [array[::-1], array[:-1], array.view(np.int8), array.reshape(50, 3, 4)]
    hashes = {content.sha256(Split(each)) for each in (array, *others)}
    assert len(hashes | {content.sha256(Split(array, np.arange(50)))}) == 6


def test_of_large_data_examples_from_all_over_it_are_hashed(monkeypatch):
    monkeypatch.setattr(content, "LARGEST", 100)
    monkeypatch.setattr(content, "AT_ONCE", 20)
    array = np.zeros((50, 6), np.uint8)
    seen = set()
    for row in range(50):
        changed = array.copy()
        changed[row] = 1
        if content.sha256(Split(changed)) != content.sha256(Split(array)):
            seen.add(row)
    assert seen == set(range(0, 50, 3))
