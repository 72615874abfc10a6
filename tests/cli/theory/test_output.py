"""What the commands of `gan theory` share: how they are found, their options, their output."""

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any

import numpy as np
import pytest
import typer
from typer.testing import CliRunner

from gan_cli.cli.theory import app, output
from gan_cli.theory.findings.base import Findings

COURSE = [
    *("divergences", "parallel-lines", "figure1"),
    *("optimal-discriminator", "global-optimum", "convergence"),
    *("landscape", "packing", "optimal-transport", "birthday"),
]


def test_commands_are_found_and_listed_in_the_order_of_the_course() -> None:
    commands = typer.main.get_command(app).commands  # type: ignore[attr-defined]
    assert list(commands) == COURSE


def test_every_command_has_the_shared_options(gan: Callable[..., Any]) -> None:
    for name in COURSE:
        told = gan("theory", name, "--help").out
        assert "--out" in told
        assert "--json" in told


def test_help_imports_nothing_heavy() -> None:
    code = (
        "import sys; from gan_cli.cli.theory import app; app(['--help'], standalone_mode=False); "
        "print({'jax', 'numpy', 'scipy', 'matplotlib'} & set(sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.endswith("set()\n")


@pytest.fixture
def made(monkeypatch: pytest.MonkeyPatch) -> typer.Typer:
    """A command that was not there before."""
    monkeypatch.setattr(output, "COMMANDS", [])

    @output.command(place=1, compiles=False)
    def new_one(times: Annotated[int, typer.Option("--times")] = 2) -> Findings:
        """Does something new."""
        numbers = {"times": np.int32(times), "all": np.array([0.5, -np.inf])}
        return Findings(numbers, [f"{times} times"], {"new.png": b"picture"})

    ((_, run),) = output.COMMANDS
    one = typer.Typer()
    one.command()(run)
    return one


def test_a_new_command_is_told_to_people(made: typer.Typer, empty: Path) -> None:
    result = CliRunner().invoke(made, ["--times", "3"])
    assert result.stdout == "3 times\npicture  outputs/theory/new.png\n"
    assert (empty / "outputs/theory/new.png").read_bytes() == b"picture"


def test_an_earlier_picture_is_kept(made: typer.Typer, empty: Path) -> None:
    (empty / "here").mkdir()
    (empty / "here" / "new.png").write_bytes(b"another")
    for _ in range(2):
        result = CliRunner().invoke(made, ["--out", "here"])
        assert result.stdout == "2 times\npicture  here/new-1.png\n"
    assert (empty / "here" / "new.png").read_bytes() == b"another"
    assert (empty / "here" / "new-1.png").read_bytes() == b"picture"


def test_a_new_command_is_told_as_json(made: typer.Typer, empty: Path) -> None:
    result = CliRunner().invoke(made, ["--json", "--out", "here"])
    assert json.loads(result.stdout) == {
        "times": 2,
        "all": [0.5, "-inf"],
        "pictures": ["here/new.png"],
    }


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (float("inf"), "inf"),
        (float("nan"), "nan"),
        (np.float64(2.5), 2.5),
        (np.bool_(True), True),
        ((1, {"a": np.arange(2)}), [1, {"a": [0, 1]}]),
    ],
)
def test_numbers_become_those_of_json(value: Any, expected: Any) -> None:
    assert output.plain(value) == expected
