"""What would take hours or all memory is refused in one line, by every way in."""

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Command = Callable[..., Any]

BOMB = "a: &a [1, 1, 1, 1, 1, 1, 1, 1, 1, 1]\n" + "".join(
    f"{name}: &{name} [{', '.join([f'*{before}'] * 10)}]\n"
    for before, name in zip("abcdefgh", "bcdefghi", strict=True)
)
MANY = "cannot be read: it stands for more than 100,000 values, aliases such as *a included.\n"


def test_a_sweep_of_a_billion(gan: Command) -> None:
    status, out, err = gan("train", "-m", "--dry-run", "seed=range(0,1e9)")
    assert (status, out) == (2, "")
    assert err.startswith("gan: seed=range(0,1e9): the sweep would have 1,000,000,000 members; ")


@pytest.mark.parametrize("swept", [(), ("-m",)])
def test_a_number_of_5000_digits(swept: tuple[str, ...], gan: Command) -> None:
    status, out, err = gan("train", *swept, "--dry-run", f"seed={'1' * 5000}")
    assert (status, out) == (2, "")
    assert err == f"gan: seed={'1' * 35}...: a number has 5,000 digits, and 308 are allowed.\n"


@pytest.mark.parametrize("file", ["experiment/x.yaml", "dataset/x.yaml", "tuned.yaml"])
def test_a_file_of_the_users(file: str, gan: Command, empty: Path) -> None:
    own = empty / "mine" / file
    own.parent.mkdir(parents=True)
    own.write_text(BOMB)
    group, _, name = file.rpartition("/")
    chosen = [f"+{group}=x" if group == "experiment" else f"{group}=x"] if group else []
    status, out, err = gan("train", "--dry-run", "--config-dir", "mine", *chosen)
    assert (status, out) == (2, "")
    shown = Path("mine") / file if name == "tuned.yaml" else own
    assert err == f"gan: {shown} {MANY}"


@pytest.mark.parametrize("command", [("train", "--resume"), ("sample",), ("evaluate",)])
def test_a_runs_configuration(command: tuple[str, ...], run: Path, gan: Command) -> None:
    file = run / ".hydra" / "config.yaml"
    file.write_text(file.read_text() + BOMB.replace("\nb:", "\nbb:"))
    status, _, err = gan(*command, "run")
    told = MANY.removeprefix("cannot be read: ").rstrip(".\n")
    assert (status, err) == (4, f"gan: {file} is damaged ({told}). Put back a copy of it.\n")
    shutil.rmtree(run)


DOUBLED = "".join(f"a{i}: ${{a{i + 1}}}${{a{i + 1}}}\n" for i in range(40)) + "a40: xxxx\n"
GROWN = (
    "references to other settings stand for more than 1,000,000 characters, each of the "
    "references counted as 200"
)


def test_texts_that_grow_by_references(gan: Command, run: Path) -> None:
    """Forty lines that stand for 4 TB, in a stranger's run and in a file of overrides."""
    file = run / ".hydra" / "config.yaml"
    file.write_text(file.read_text() + DOUBLED)
    told = f"gan: {file} is damaged (a0: {GROWN}). Put back a copy of it.\n"
    assert gan("train", "--resume", "run") == (4, "", told)
    assert gan("sample", "run") == (4, "", told)


@pytest.mark.parametrize("swept", [(), ("-m",)])
def test_overrides_that_grow_by_references(swept: tuple[str, ...], gan: Command) -> None:
    lines = [f"+{line.replace(': ', '=')}" for line in DOUBLED.splitlines()]
    status, out, err = gan("train", "--dry-run", *swept, *lines)
    assert (status, out) == (2, "")
    assert err.endswith(f"a0: {GROWN}.\n")
    listed = [f"+b{i}=[{','.join([f'${{b{i + 1}}}'] * 9)}]" for i in range(9)]
    assert gan("train", "--dry-run", *swept, *listed, "+b9=1").err.endswith(f": {GROWN}.\n")
