"""The file of an experiment that says something in vain is refused with what to write instead."""

from pathlib import Path

import pytest

from gan_cli.composition import compose
from gan_cli.composition.experiments import empty
from gan_cli.errors import UsageError


def refused(directory: Path, text: str) -> str:
    """What is said of an experiment of the user's, without the path of its file."""
    file = directory / "experiment" / "mine.yaml"
    file.parent.mkdir(exist_ok=True)
    file.write_text(text)
    with compose.hydra(directory) as program, pytest.raises(UsageError) as error:
        compose.compose(program, ["experiment=mine"])
    return str(error.value).removeprefix(f"{file}: ")


@pytest.mark.parametrize(
    ("written", "choice"),
    [
        ("objective: wgan", "/objective: wgan"),
        ("objective: null", "/objective: NAME"),
        ("optimizer: sgd", "/optimizer: sgd"),
        ("regularizer: [r1, r2]", "/regularizer: [r1, r2]"),
        ("regularizer: null", "/regularizer: []"),
        ("metric: false", "/metric: []"),
    ],
)
def test_a_choice_by_value(written: str, choice: str, tmp_path: Path) -> None:
    assert refused(tmp_path, f"# @package _global_\n{written}\n") == (
        f"'{written}' chooses nothing there. A file chooses in its defaults: '- override {choice}'."
    )


def test_a_choice_for_one_player_by_value(tmp_path: Path) -> None:
    assert refused(tmp_path, "# @package _global_\noptimizer:\n  generator: adam\n") == (
        "'optimizer.generator: adam' chooses nothing there. "
        "A file chooses in its defaults: '- override /optimizer/generator: adam'."
    )


@pytest.mark.parametrize(
    ("written", "named", "choice"),
    [
        ("objective: {name: wgan, clip: 1}", "objective.name: wgan", "/objective: wgan"),
        ("objective: {name: null}", "objective.name: null", "/objective: NAME"),
        ("optimizer: {name: sgd}", "optimizer.name: sgd", "/optimizer: sgd"),
        (
            "optimizer: {discriminator: {name: sgd}}",
            "optimizer.discriminator.name: sgd",
            "/optimizer/discriminator: sgd",
        ),
        ("regularizer: {r1: {name: r2}}", "regularizer.r1.name: r2", "/regularizer: [r2]"),
        ("metric: {x: {name: fid}}", "metric.x.name: fid", "/metric: [fid]"),
    ],
)
def test_a_choice_by_the_name_among_its_settings(
    written: str, named: str, choice: str, tmp_path: Path
) -> None:
    assert refused(tmp_path, f"# @package _global_\n{written}\n") == (
        f"'{named}' chooses nothing there. A file chooses in its defaults: '- override {choice}'."
    )


@pytest.mark.parametrize(
    ("written", "right"),
    [
        ("/objective: wgan", "override /objective: wgan"),
        ("objective: wgan", "override /objective: wgan"),
        ("override objective: wgan", "override /objective: wgan"),
        ("optional /objective: wgan", "override /objective: wgan"),
        ("override /objective: null", "override /objective: NAME"),
        ("/objective/wgan", "override /objective: wgan"),
        ("optimizer/generator: sgd", "override /optimizer/generator: sgd"),
        ("override /regularizer: none", "override /regularizer: []"),
        ("override hydra/launcher: basic", "override /hydra/launcher: basic"),
        ("experiment/lin2018_grid", "lin2018_grid"),
        ("/experiment: lin2018_grid", "lin2018_grid"),
        ("override /experiment: lin2018_grid", "lin2018_grid"),
    ],
)
def test_defaults_that_hydra_reads_otherwise(written: str, right: str, tmp_path: Path) -> None:
    said = refused(tmp_path, f"# @package _global_\ndefaults:\n  - {written}\n")
    assert said == f"'- {written}' in its defaults must be '- {right}'."


def test_several_choices_where_there_is_one(tmp_path: Path) -> None:
    line = "- override /objective: [wgan, hinge]"
    said = refused(tmp_path, f"# @package _global_\ndefaults:\n  {line}\n")
    assert said == f"'{line}': only one objective can be chosen."


def test_a_file_in_the_defaults_that_there_is_not(tmp_path: Path) -> None:
    said = refused(tmp_path, "# @package _global_\ndefaults:\n  - wgan\n")
    assert said.startswith(
        "experiment=mine: it chooses experiment=wgan, and there is no such experiment. "
        "Valid: arjovsky2017_mnist, "
    )


def test_defaults_as_they_should_be(tmp_path: Path) -> None:
    file = tmp_path / "experiment" / "mine.yaml"
    file.parent.mkdir()
    lines = ["lin2018_ring", "/experiment/gulrajani2017_ring", "_self_"]
    lines += ["override /optimizer/generator: sgd", "override /regularizer: r1"]
    file.write_text("# @package _global_\ndefaults:\n  - " + "\n  - ".join(lines))
    with compose.hydra(tmp_path) as program:
        config = compose.compose(program, ["experiment=mine"])
    assert config.objective.name == "wgan_gp"
    assert config.optimizer.generator.name == "sgd"
    assert [*config.regularizer] == ["r1"]


@pytest.mark.parametrize(
    ("written", "instead"),
    [
        ("regularizer", "For none at all, write '- override /regularizer: []' in its defaults."),
        ("checkpoints", "Leave it out."),
    ],
)
def test_an_empty_mapping(written: str, instead: str, tmp_path: Path) -> None:
    said = refused(tmp_path, f"# @package _global_\n{written}: {{}}\n")
    assert said == f"'{written}: {{}}' changes nothing. {instead}"


@pytest.mark.parametrize(
    "text",
    ["k: 5\n", "defaults:\n  - override /objective: wgan\n", "# @package experiment\nk: 5\n"],
)
def test_another_package(text: str, tmp_path: Path) -> None:
    assert refused(tmp_path, text) == (
        "the first line of an experiment must be '# @package _global_'. Without it, its settings "
        "stand under the name experiment, where nothing uses them."
    )


def test_a_wrong_file_beside_does_not_stand_in_for_another_mistake(tmp_path: Path) -> None:
    (tmp_path / "experiment").mkdir()
    (tmp_path / "experiment" / "wrong.yaml").write_text("k: 5\n")
    with compose.hydra(tmp_path) as program, pytest.raises(UsageError) as error:
        compose.compose(program, ["experiment=lin2018_rng"])
    assert str(error.value).startswith("experiment=lin2018_rng: no such experiment. Did you mean ")


def test_a_list_in_the_place_of_settings(tmp_path: Path) -> None:
    assert refused(tmp_path, "# @package _global_\ncheckpoints: []\n") == (
        "experiment=mine: a setting in experiment/mine.yaml is a group of settings, not a list."
    )


def test_where_a_value_holds_nothing() -> None:
    assert list(empty({"a": {"b": {}, "c": {"d": 1}}, "e": {}, "f": []})) == ["a.b", "e"]
    assert list(empty({}, "k")) == ["k"]
