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


def test_every_example_of_large_data_is_hashed(monkeypatch):
    monkeypatch.setattr(content, "AT_ONCE", 20)
    array = np.zeros((50, 6), np.uint8)
    start = content.sha256(Split(array))
    for row in range(50):
        changed = array.copy()
        changed[row, row % 6] = 1
        assert content.sha256(Split(changed)) != start


def test_a_hash_is_kept_by_its_key_and_one_that_is_damaged_is_found_anew(monkeypatch, tmp_path):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    array = np.zeros((5, 6), np.uint8)
    right = content.sha256(Split(array))
    assert content.kept(Split(array), "one") == right
    assert content.kept(Split(array + 1), "one") == right, "it was not looked up"
    assert content.kept(Split(array + 1), "two") == content.sha256(Split(array + 1)) != right
    for damage in (right[:-1], right + "0", "\u0661" * 64):
        for file in tmp_path.rglob("one"):
            file.write_text(damage)
        assert content.kept(Split(array), "one") == right


def test_without_a_cache_it_is_found_each_time(monkeypatch, tmp_path):
    (tmp_path / "file").touch()
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "file"))
    array = np.zeros((5, 6), np.uint8)
    assert content.kept(Split(array), "one") == content.sha256(Split(array))
