"""Values that the shell or the user has taken apart are told as they are meant."""

from pathlib import Path

import pytest

from gan_cli.cli import app, taken_apart
from gan_cli.cli.called import called
from tests.conftest import Command


def told(error: str, line: str) -> str | None:
    words = line.split()
    return taken_apart.meant(error, words, called(app, words).options)


@pytest.mark.parametrize(
    ("line", "blamed", "meant"),
    [
        ("plot r --out my folder", "folder", "--out, write: gan plot r --out 'my folder'"),
        (
            "plot r --out=my own folder --tag a",
            "own",
            "--out, write: gan plot r --out 'my own folder' --tag a",
        ),
        (
            "compare r --out my folder latest",
            "folder",
            "--out, write: gan compare r --out 'my folder' latest",
        ),
        (
            "evaluate r --out a b.json k=1",
            "b.json",
            "--out, write: gan evaluate r --out 'a b.json' k=1",
        ),
        ("plot r --tag a b c", "b", "--tag, write: gan plot r --tag a --tag b --tag c"),
        ("plot r --tag=a b", "b", "--tag, write: gan plot r --tag a --tag b"),
    ],
)
def test_a_word_behind_a_value_may_belong_to_it(line: str, blamed: str, meant: str) -> None:
    error = f"{blamed}: there is no run."
    assert told(error, line) == f"{error} If it belongs to {meant}"


@pytest.mark.parametrize(
    ("line", "blamed", "meant"),
    [
        ("train widths=[64, 64] k=2", "64]", "gan train 'widths=[64,64]' k=2"),
        ("train metric=[modes, mmd, fid]", "mmd,", "gan train 'metric=[modes,mmd,fid]'"),
        ("train regularizer=[ r1 ] k=2", "r1", "gan train 'regularizer=[r1]' k=2"),
    ],
)
def test_a_list_with_spaces_is_put_together(line: str, blamed: str, meant: str) -> None:
    error = f"{blamed!r} is not an override: write key=value."
    assert told(error, line) == f"A list is written without spaces: {meant}"


def test_a_list_that_nothing_closes_is_left_as_it_is() -> None:
    assert told("'64' is not an override.", "train widths=[64, 64") is None


@pytest.mark.parametrize("line", ["compare r --tag a,b --json", "compare r --tag=a,b --json"])
def test_each_value_has_an_option_of_its_own(line: str) -> None:
    meant = "--tag a,b: each is an option of its own: gan compare r --tag a --tag b --json"
    assert told("--tag a,b: no run has it. Valid: a, b.", line) == meant


def test_the_parts_of_a_name_that_is_there_are_put_in_quotes(empty: Path) -> None:
    (empty / "my run").mkdir()
    for line, blamed, meant in (
        ("plot r my run", "run", "gan plot r 'my run'"),
        ("train --resume my run steps=9", "my", "gan train --resume 'my run' steps=9"),
        ("train --config-dir my run k=5", "--config-dir my", "gan train --config-dir 'my run' k=5"),
        ("train hydra.run.dir=my run", "'run'", "gan train 'hydra.run.dir=my run'"),
    ):
        told_of = f"{blamed}: no such directory."
        assert told(told_of, line) == f"A name with spaces belongs in quotes: {meant}"


@pytest.mark.parametrize(
    ("line", "error"),
    [
        ("train k=0 steps=5", "k=0: must be at least 1."),
        ("plot r s", "s: there is no run."),
        ("plot r --json s", "s: there is no run."),
        ("evaluate r --samples 200 s", "s: gan evaluate takes overrides of the data set alone."),
        ("train --resume r foo", "foo: no such setting."),
        ("compare r --tag a,", "--tag a,: no run has it."),
        ("train device=cpu wgan", "'wgan' is not an override: write key=value."),
    ],
)
def test_other_errors_stay_as_they_are(line: str, error: str) -> None:
    assert told(error, line) is None


def test_a_path_of_a_setting(gan: Command) -> None:
    line = ("train", "dataset=array", "dataset.path=my", "data/p.npy", "steps=3")
    meant = "gan train dataset=array 'dataset.path=my data/p.npy' steps=3"
    assert gan(*line) == (2, "", f"gan: A path with spaces belongs in quotes: {meant}\n")


def test_a_setting_beside_a_name_is_no_part_of_it(empty: Path) -> None:
    for name in ("run", "points.npy"):
        (empty / name).touch()
    error = "run: the examples are not those that it was trained on."
    assert told(error, "verify run dataset.path=points.npy") is None
