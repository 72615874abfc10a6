"""An error about a setting that a file gave names the file and the line."""

from pathlib import Path

import pytest

from gan_cli import config
from gan_cli.composition import compose
from gan_cli.composition.origins import naming_files, origin
from gan_cli.errors import UsageError

BAD = """\
# @package _global_
defaults:
  - override /objective: tight

k: 2
checkpoints:
  # how often
  every: often
steps: none
"""


@pytest.fixture
def mine(tmp_path: Path) -> Path:
    (tmp_path / "experiment").mkdir()
    (tmp_path / "experiment" / "bad.yaml").write_text(BAD)
    (tmp_path / "objective").mkdir()
    (tmp_path / "objective" / "tight.yaml").write_text("name: wgan\nclip: -1\n")
    return tmp_path


@pytest.mark.parametrize(
    ("lines", "text"),
    [
        (
            [],
            "steps=none: must be a whole number. It stands in {here}/experiment/bad.yaml, line 9.",
        ),
        (
            ["steps=5", "objective.clip=1"],
            "checkpoints.every=often: must be a whole number. "
            "It stands in {here}/experiment/bad.yaml, line 8.",
        ),
        (["steps=many"], "steps=many: must be a whole number."),
        (
            ["steps=5", "checkpoints.every=1"],
            "objective.clip=-1.0: must be above 0. "
            "It stands in {here}/objective/tight.yaml, line 2.",
        ),
    ],
)
def test_the_file_of_a_wrong_setting(lines: list[str], text: str, mine: Path) -> None:
    with compose.hydra(mine) as program:
        composed = compose.compose(program, ["experiment=bad", *lines])
    with pytest.raises(UsageError) as refused, naming_files(composed):
        config.load(compose.plain(composed))
    assert str(refused.value) == text.replace("{here}", str(mine))


def test_a_setting_of_no_choice_has_no_file(mine: Path) -> None:
    with compose.hydra(mine) as program:
        composed = compose.compose(program, ["experiment=bad", "optimizer.learning_rate=1"])
    assert origin(composed, "seed") is None
    assert origin(composed, "optimizer.generator.learning_rate") is None
    assert origin(composed, "k") == f"{mine}/experiment/bad.yaml, line 5"


def test_two_settings_of_which_an_override_gives_one(mine: Path) -> None:
    with compose.hydra(mine) as program:
        composed = compose.compose(program, ["experiment=bad", "optimizer.learning_rate=1"])
    told = {
        "k=2 and optimizer.generator.learning_rate=1.0: no.": "",
        "k=2 and steps=none: no.": f" It stands in {mine}/experiment/bad.yaml, line 5.",
    }
    for text, place in told.items():
        with pytest.raises(UsageError) as refused, naming_files(composed):
            raise UsageError(text)
        assert str(refused.value) == text + place


TABLE = """\
- set: {ema: high}
- set: {optimizer: {schedule: {kind: cosin}}, regularizer: {r1: {weight: -1}}}
- set: {steps: 100, batch_size: 7}
"""


def test_a_row_of_a_table_and_what_has_no_value(tmp_path: Path) -> None:
    (tmp_path / "tuned.yaml").write_text(TABLE)
    (tmp_path / "experiment").mkdir()
    file = tmp_path / "experiment" / "mine.yaml"
    file.write_text("# @package _global_\nk:\nsteps: 100\n")
    with compose.hydra(tmp_path) as program:
        composed = compose.compose(program, ["experiment=mine", "ema=auto", "batch_size=7"])
    table = f"{tmp_path}/tuned.yaml, row"
    assert origin(composed, "ema") == f"{table} 1"
    assert origin(composed, "optimizer.discriminator.schedule.kind") == f"{table} 2"
    assert origin(composed, "regularizer.r1.weight") == f"{table} 2"
    assert origin(composed, "steps") == f"{file}, line 3"
    assert origin(composed, "k") == f"{file}, line 2"
    assert origin(composed, "batch_size") is None
    assert origin(composed, "distributed.coordinator") is None
    assert origin(composed, "optimizer.generator.b2") is None
