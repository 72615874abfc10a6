"""Modules of the user's own: found beside them, and told in one sentence where one is broken."""

import shlex
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from gan_cli import commands
from gan_cli.errors import DataError, UsageError
from gan_cli.imports import import_modules


@pytest.fixture
def here(empty: Path) -> Iterator[Path]:
    """An empty working directory; what is imported there is forgotten."""
    path, modules = list(sys.path), set(sys.modules)
    yield empty
    sys.path[:] = path
    for name in set(sys.modules) - modules:
        del sys.modules[name]


def test_a_module_in_the_current_directory_is_imported_once(here: Path) -> None:
    (here / "counted_here.py").write_text(
        "import sys\nsys.counted = 1 + getattr(sys, 'counted', 0)"
    )
    import_modules(["counted_here"])
    import_modules(["counted_here", "counted_here"])
    assert vars(sys).pop("counted") == 1
    assert sys.path.count(str(here)) == 1


def test_a_file_with_the_name_of_a_library_does_not_take_its_place(here: Path) -> None:
    (here / "fractions.py").write_text("")
    (here / "mine_beside.py").write_text("import fractions\nfractions.Fraction")
    import_modules(["mine_beside"])
    with pytest.raises(UsageError) as error:
        import_modules(["fractions"])
    assert str(error.value) == (
        f"--import fractions: {here / 'fractions.py'} has the name of a module that is part of "
        "Python or installed. Give it another name."
    )


def test_without_modules_the_path_stays_as_it_is(here: Path) -> None:
    before = list(sys.path)
    import_modules([])
    assert sys.path == before


@pytest.mark.parametrize(
    ("code", "reason"),
    [
        (None, "ModuleNotFoundError: No module named 'broken_mine'"),
        ("1 / 0", "ZeroDivisionError: division by zero (broken_mine.py, line 1)"),
        ("def", "SyntaxError: invalid syntax (broken_mine.py, line 1)"),
        (
            "import nowhere_at_all",
            "ModuleNotFoundError: No module named 'nowhere_at_all' (broken_mine.py, line 1)",
        ),
    ],
)
def test_a_module_that_cannot_be_imported(code: str | None, reason: str, here: Path) -> None:
    if code is not None:
        (here / "broken_mine.py").write_text(code)
    with pytest.raises(UsageError) as error:
        import_modules(["broken_mine"])
    where = " Modules are looked for in the current directory and on the Python path."
    missing = reason.startswith("ModuleNotFoundError")
    assert str(error.value) == f"--import broken_mine: {reason}.{where if missing else ''}"


def test_later_commands_name_what_was_imported_and_not_what_failed(here: Path) -> None:
    (here / "good_mine.py").write_text("")
    for modules in (["good_mine", "no_such_mine"], ["../mine"], ["fractions.py"]):
        with pytest.raises(UsageError):
            import_modules(modules)
    assert commands.sample("latest") == "gan sample --import=good_mine latest"


def test_an_error_meant_for_the_user_is_left_as_it_is(here: Path) -> None:
    (here / "telling_mine.py").write_text(
        "from gan_cli.errors import DataError\nraise DataError('no such file')"
    )
    with pytest.raises(DataError, match=r"^no such file$"):
        import_modules(["telling_mine"])


def test_a_module_that_ends_the_program_is_told(here: Path) -> None:
    (here / "script_of_a_test.py").write_text("import argparse\nraise SystemExit(3)\n")
    with pytest.raises(UsageError) as refused:
        import_modules(["script_of_a_test"])
    assert str(refused.value) == (
        "--import script_of_a_test: the module ends the program when it is imported. Put what it "
        'does as a script behind `if __name__ == "__main__":`.'
    )


def test_a_path_is_told_as_the_name_that_works(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(here.parent / "home"))
    for path, name in (
        ("mine.py", "mine"),
        ("./mine.py", "mine"),
        ("pkg/mine.py", "pkg.mine"),
        (f"{here}/pkg/mine.py", "pkg.mine"),
        (".mine", "mine"),
    ):
        with pytest.raises(UsageError) as refused:
            import_modules([path])
        assert str(refused.value) == f"--import {path}: write it as Python does: --import {name}"
    for path, folder in (
        ("/a b/mine.py", "/a b"),
        ("../mine.py", str(here.parent)),
        ("~/mine.py", str(here.parent / "home")),
    ):
        with pytest.raises(UsageError) as refused:
            import_modules([path])
        assert str(refused.value) == (
            f"--import {path}: write the name that Python knows it by, --import mine, in the "
            f"directory {folder}, or elsewhere with PYTHONPATH={shlex.quote(folder)}."
        )


@pytest.mark.parametrize("several", ["a,b", "a b", "a, b"])
def test_several_modules_at_once_are_told(several: str) -> None:
    with pytest.raises(UsageError) as refused:
        import_modules([several])
    assert str(refused.value) == (
        f"--import {several}: give one module each time: --import a --import b"
    )
