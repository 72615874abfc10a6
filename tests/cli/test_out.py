"""A place of --out that cannot be written is told before anything is computed."""

import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from gan_cli.cli import out
from gan_cli.cli.theory import course
from gan_cli.errors import UsageError

Command = Callable[..., Any]
PICTURE = "my pictures/a.png"


def full(**_: Any) -> None:
    raise OSError(30, "Read-only file system")


@pytest.mark.parametrize("name", [".", "new", "new/er"])
def test_a_folder_that_can_be_made_is_left_unmade(name: str, empty: Path) -> None:
    out.check_folder(Path(name))
    out.check_folder(empty / name)
    assert list(empty.iterdir()) == []


@pytest.mark.parametrize("name", ["a.png", "new/Game.PDF"])
def test_the_name_of_a_file_is_no_folder(name: str, empty: Path) -> None:
    with pytest.raises(UsageError) as error:
        out.check_folder(Path(name))
    assert str(error.value) == (
        f"--out {name}: this is the name of a file, and several files need a folder. "
        f"Write --out {name[:-4]}"
    )
    assert list(empty.iterdir()) == []
    (empty / "a.png").mkdir()
    out.check_folder(Path("a.png"))


@pytest.mark.parametrize("name", ["file", "file/below", "link"])
def test_what_is_no_folder_is_named(name: str, empty: Path) -> None:
    (empty / "file").touch()
    (empty / "link").symlink_to("nowhere")
    with pytest.raises(UsageError) as error:
        out.check_folder(Path(name))
    assert str(error.value) == (
        f"nothing can be written into {name}: {name.partition('/')[0]} is not a folder. "
        "Choose another folder with --out DIR."
    )


def test_nothing_is_written_through_a_link_of_a_run(empty: Path) -> None:
    (empty / "elsewhere").mkdir()
    folder = Path("run/export")
    folder.parent.mkdir()
    folder.symlink_to(empty / "elsewhere")
    with pytest.raises(UsageError) as refused:
        out.check_own(folder, "--out DIR")
    assert str(refused.value) == (
        "run/export is a link, and a run, which may be anybody's, is written in its own directory "
        "alone. --out DIR names another place."
    )


def test_the_reason_of_the_system_is_told(empty: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "TemporaryFile", full)
    with pytest.raises(UsageError, match=r"into new: the file system at .* can only be read\. "):
        out.check_folder(Path("new"))
    with pytest.raises(UsageError, match=r"^--out x\.png: nothing can be written into \.: the "):
        out.check_file(Path("x.png"))
    out.check_file(Path("/dev/full"))


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("no/x.png", "there is no directory no."),
        ("file/x.png", "file is not a folder."),
        ("folder", "this is a directory. Name a file in it."),
    ],
)
def test_a_file_that_cannot_be_written(name: str, why: str, empty: Path) -> None:
    (empty / "file").touch()
    (empty / "folder").mkdir()
    with pytest.raises(UsageError) as error:
        out.check_file(Path(name))
    assert str(error.value) == f"--out {name}: {why}"


LINES = [("compare", "none"), ("plot", "none"), ("theory", "all")]


@pytest.mark.parametrize(
    "words",
    [*LINES, *(("theory", each.name) for each in course.course() if not each.needs_run)],
    ids=" ".join,
)
def test_nothing_is_computed_for_a_folder_that_is_a_file(
    words: tuple[str, ...], gan: Command, empty: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from gan_cli.cli.theory import output

    monkeypatch.setattr(output, "start_jax", lambda: pytest.fail("something was computed"))
    (empty / "slides").touch()
    assert gan(*words, "--out", "slides") == (
        2,
        "",
        "gan: nothing can be written into slides: slides is not a folder. "
        "Choose another folder with --out DIR.\n",
    )


@pytest.mark.parametrize(("terminal", "told"), [(True, "'my pictures/a.png'"), (False, PICTURE)])
def test_a_path_can_be_pasted_from_a_terminal_and_read_by_a_script(
    terminal: bool,
    told: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr(sys.stdout, "isatty", lambda: terminal)
    out.tell(Path(PICTURE))
    assert capsys.readouterr().out == f"{told}\n"
