"""The files in .hydra/: read as they were written, and what is damaged is named."""

from pathlib import Path

import pytest

from gan_cli.errors import DataError
from gan_cli.runs import RunDirectory
from gan_cli.runs.settings import read_settings, write_settings


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"{", "line 1: expected the node content, but found '<stream end>'"),
        (b"5", "it is not a list"),
        (b"\xff", "it is not in UTF-8, in which an editor can save it"),
    ],
)
def test_damaged_overrides_are_told(place: RunDirectory, content: bytes, reason: str) -> None:
    place.overrides.parent.mkdir()
    place.overrides.write_bytes(content)
    with pytest.raises(DataError) as error:
        place.read_overrides()
    assert str(error.value) == (
        f"run/.hydra/overrides.yaml is damaged ({reason}). Put back a copy of it, or delete it."
    )


def test_overrides_are_read_as_texts(place: RunDirectory) -> None:
    assert place.read_overrides() == []
    place.overrides.parent.mkdir()
    place.overrides.write_text("- k=5\n- dataset=ring\n- 'a: b'\n- 7\n")
    assert place.read_overrides() == ["k=5", "dataset=ring", "a: b", "7"]
    place.overrides.write_text("[]\n")
    assert place.read_overrides() == []


def test_settings_are_read_back_as_written(tmp_path: Path) -> None:
    folder = tmp_path / ".hydra"
    write_settings(folder, {"config.yaml": "k: 4\nsteps: ${k}\n", "overrides.yaml": "- k=ü\n"})
    assert read_settings(folder / "config.yaml", resolve=True) == {"k": 4, "steps": 4}
    assert read_settings(folder / "config.yaml", resolve=False) == {"k": 4, "steps": "${k}"}
    assert RunDirectory(tmp_path).read_overrides() == ["k=ü"]
    assert [path.name for path in tmp_path.iterdir()] == [".hydra"]


@pytest.mark.parametrize(
    ("name", "remedy"),
    [
        ("config.yaml", "Put back a copy of it."),
        ("hydra.yaml", "Put back a copy of it, or delete it."),
    ],
)
def test_damaged_settings_are_told_with_what_helps(name: str, remedy: str, tmp_path: Path) -> None:
    path = tmp_path / name
    path.write_text("- k\n")
    with pytest.raises(DataError) as error:
        read_settings(path, resolve=True)
    assert str(error.value) == f"{path} is damaged (it is not a group of settings). {remedy}"
