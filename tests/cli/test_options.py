"""Every path that a person gives may begin with ~, which a shell leaves alone in --out=~/x."""

import inspect
import re
import typing
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import typer

from gan_cli import load
from gan_cli.cli import app
from gan_cli.cli.named_runs import find
from gan_cli.cli.resume_sweep import sweep_directory
from gan_cli.errors import UsageError
from gan_cli.files import path_of
from gan_cli.runs import resolve

Command = Callable[..., Any]


def commands(group: typer.Typer, name: str = "gan") -> Iterator[tuple[str, Any]]:
    for each in group.registered_commands:
        yield f"{name} {each.name or each.callback.__name__}", each.callback
    for each in group.registered_groups:
        yield from commands(each.typer_instance, f"{name} {each.name}")


def options(wanted: type) -> dict[str, list[Any]]:
    """What Typer is told of the parameters of a type, by the command and the parameter."""
    found = {}
    for name, callback in commands(app):
        for parameter in inspect.signature(callback).parameters.values():
            kind, *how = typing.get_args(parameter.annotation) or [parameter.annotation]
            if wanted in (kind, *typing.get_args(kind)):
                found[f"{name} {parameter.name}"] = how
    return found


def test_every_option_that_is_a_path_knows_the_home() -> None:
    found = {place: [each.parser for each in how] for place, how in options(Path).items()}
    assert len(found) > 25
    assert {"gan runs root", "gan train config_dir", "gan theory bias out"} <= set(found)
    assert {place: how for place, how in found.items() if how != [path_of]} == {}


def test_every_whole_number_has_a_greatest_value() -> None:
    """What is too large for a program or for the memory is refused before anything begins."""
    found = {place: [each.max for each in how] for place, how in options(int).items()}
    assert len(found) > 30
    assert {"gan sample count", "gan theory bias updates"} <= set(found)
    unbounded = {place for place, how in found.items() if None in how or not how}
    assert unbounded == {
        "gan theory dynamics unroll"
    }  # whose command bounds it with its other ones


def test_numbers_beyond_all_bounds_are_refused(gan: Command) -> None:
    huge = "9" * 23
    for words in (
        "interpolate run --rows",
        "evaluate run --samples",
        "export run --batch",
        "theory bias --updates",
        "theory figure1 --steps",
        "bench --rounds",
    ):
        refused = gan(*words.split(), huge)
        assert refused.status == 2
        assert re.match(rf"gan: --[a-z]+ {huge}: must be (from|at|in|between) .*\d", refused.err), (
            refused.err
        )


@pytest.fixture
def home(run: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home in which `run` lies, beside the working directory."""
    place = run.absolute().parent / "home"
    place.mkdir()
    run.rename(place / "run")
    monkeypatch.setenv("HOME", str(place))
    return place


def test_a_run_in_the_home_is_found_by_every_way_to_name_it(home: Path) -> None:
    assert load("~/run").step == load(Path("~/run")).step == 20
    assert resolve("~/run").path == home / "run"
    assert find(["~/run"]) == find(["~"]) == find(["~/r*"]) == [home / "run"]
    assert sweep_directory("~/sweep") == home / "sweep"
    with pytest.raises(UsageError, match=r"^~/none: no such run directory\."):
        load("~/none")


def test_what_is_written_into_the_home_lies_there(
    home: Path, gan: Command, files: Callable[[], dict[str, bytes]]
) -> None:
    assert gan("plot", "~/run", "--out=~/plots").status == 0
    assert gan("runs", "~", "--csv").out.splitlines()[1].startswith(f"{home}/run,completed,")
    refused = gan("train", "--config-dir=~/none")
    assert refused.err == f"gan: --config-dir {home}/none: no such directory.\n"
    refused = gan("sample", "~/run", "--out=~/no/few.npz")
    assert refused.err == f"gan: --out {home}/no/few.npz: there is no directory {home}/no.\n"
    assert {Path(name).parts[0] for name in files()} == {"home"}
    assert (home / "plots" / "scalars.png").is_file()


@pytest.mark.parametrize("command", ["verify", "sample", "export", "theory birthday"])
def test_a_trained_run_needs_its_modules_alone(command: str, gan: Command) -> None:
    refused = gan(*command.split(), "run", "--import", "json", "--config-dir", "conf")
    assert (refused.status, refused.err) == (
        2,
        "gan: --config-dir is no option. A run keeps its configuration: --import MODULE is enough. "
        f"'gan {command} --help' tells more.\n",
    )


def test_a_pattern_may_be_a_whole_path(home: Path) -> None:
    assert find([f"{home}/r*"]) == [home / "run"]
    with pytest.raises(UsageError, match="there is no run"):
        find(["/nowhere/r*"])
