"""What a person has set for other Python programs does not change what `gan` does."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from gan_cli import surroundings

HOSTILE = {
    "PYTHONOPTIMIZE": "2",
    "PYTHONWARNINGS": "error",
    "PYTHONUTF8": "0",
    "PYTHONCOERCECLOCALE": "0",
    "LC_ALL": "C",
    "NO_COLOR": "1",
    "TERM": "dumb",
    "MPLBACKEND": "module://matplotlib_inline.backend_inline",
    "HOME": "/proc",
    "TMPDIR": "",
}


def start(*arguments: str, here: Path, **variables: str) -> "subprocess.CompletedProcess[str]":
    known = {name: value for name, value in os.environ.items() if name != "XDG_CACHE_HOME"}
    command = [sys.executable, "-m", "gan_cli", *arguments]
    return subprocess.run(command, env=known | variables, cwd=here, capture_output=True, text=True)


def test_a_sweep_in_an_environment_that_suits_nothing(empty: Path, tmp_path: Path) -> None:
    """Assertions off, warnings as errors, no UTF-8, a notebook's backend, LaTeX, and no home."""
    (empty / "matplotlibrc").write_text("text.usetex: True\nno.such.setting: 1\n")
    (empty / "jax.py").write_text("")
    (tmp_path / "free").mkdir()
    ended = start(
        *("train", "-m", "seed=range(2)", "dataset=ring", "steps=1", "samples=2", "batch_size=8"),
        *("architecture.generator_widths=[2]", "architecture.discriminator_widths=[2]"),
        here=empty,
        **HOSTILE | {"TMPDIR": str(tmp_path / "free")},
    )
    assert (ended.returncode, ended.stderr.count("\n")) == (0, 2), ended.stderr
    assert len(list(empty.rglob("step_00000001.png"))) == 2
    (kept,) = (tmp_path / "free").iterdir()
    assert sorted(path.name for path in kept.iterdir()) == ["matplotlib", "programs"]
    assert kept.stat().st_mode & 0o077 == 0


def test_docstrings_and_letters_beyond_ascii_are_shown(empty: Path) -> None:
    ended = start("describe", "metric=fid", here=empty, **HOSTILE)
    assert (ended.returncode, ended.stderr) == (0, "")
    assert "Fr\\xe9chet" in ended.stdout


def test_settings_of_matplotlib_that_cannot_be_read(empty: Path) -> None:
    (empty / "matplotlibrc").write_bytes(b"font.family: \xff")
    ended = start("theory", "global-optimum", here=empty)
    assert (ended.returncode, ended.stderr) == (
        2,
        "gan: Matplotlib cannot read its settings, since they are no UTF-8. Mend or move the file "
        "matplotlibrc in the current directory or in ~/.config/matplotlib.\n",
    )


@pytest.mark.parametrize(("before", "then"), [(None, "3"), ("1", "3"), ("0", "0"), ("2", "2")])
def test_xla_is_quiet_unless_the_user_says_otherwise(
    before: str | None, then: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A notebook that has imported JAX hands the 1 that JAX sets to the commands it starts."""
    name = "TF_CPP_MIN_LOG_LEVEL"
    monkeypatch.setenv(name, before or "")
    if before is None:
        monkeypatch.delenv(name)
    surroundings.keep_xla_quiet()
    assert os.environ[name] == then


def test_a_current_directory_that_is_gone(empty: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    gone = empty / "gone"
    gone.mkdir()
    monkeypatch.chdir(gone)
    gone.rmdir()
    with pytest.raises(SystemExit) as ended:
        surroundings.look_here_last()
    assert str(ended.value) == (
        "gan: the current directory no longer exists. Go to another one with cd."
    )


@pytest.mark.parametrize(
    ("words", "kept"),
    [
        (["-O", "-m", "gan_cli"], ["-m", "gan_cli"]),
        (["-OOB", "-X", "dev", "/bin/gan"], ["-B", "-X", "dev", "/bin/gan"]),
        (["-OBm", "gan_cli"], ["-Bm", "gan_cli"]),
        (["-OWonce::OSError", "-m", "gan_cli"], None),
    ],
)
def test_only_the_options_that_leave_assertions_out_are_dropped(
    words: list[str], kept: list[str] | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where nothing can be dropped, the program is not started again and again."""
    started: list[list[str]] = []
    monkeypatch.setattr(surroundings.sys, "flags", type("Flags", (), {"optimize": 1}))
    monkeypatch.setattr(surroundings.sys, "orig_argv", ["python", *words, "train", "-O"])
    monkeypatch.setattr(surroundings.sys, "argv", ["gan", "train", "-O"])
    monkeypatch.setattr(os, "execv", lambda _, command: started.append(command[1:]))
    surroundings.start_with_assertions()
    assert started == ([] if kept is None else [[*kept, "train", "-O"]])
