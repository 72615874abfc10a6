from pathlib import Path

from gan_cli.datasets.folders import cache_folder, data_folder


def test_the_data_folder_is_the_first_that_is_named(monkeypatch, tmp_path):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setenv("GAN_DATA_DIR", str(tmp_path / "data"))
    assert data_folder("~/mine") == Path.home() / "mine"
    assert data_folder(None) == tmp_path / "data"
    monkeypatch.delenv("GAN_DATA_DIR")
    assert data_folder(None) == cache_folder() == tmp_path / "cache" / "gan"
    monkeypatch.delenv("XDG_CACHE_HOME")
    assert data_folder(None) == Path.home() / ".cache" / "gan"


def test_a_relative_folder_is_named_in_full(monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    assert data_folder("here") == tmp_path / "here"
