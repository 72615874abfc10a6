"""The way back from a run directory to its experiment, and what is said of a damaged one."""

from pathlib import Path

import pytest
import yaml

from gan_cli import config, saved_config
from gan_cli.cli.resume import with_overrides
from gan_cli.datasets.mnist import Mnist
from gan_cli.errors import DataError, UsageError
from tests.datasets.test_idx_images import CONTENTS, Small

VALUES = {
    "dataset": {"name": "ring"},
    "architecture": {"name": "mlp"},
    "objective": {"name": "least_squares"},
    "optimizer": {"generator": {"name": "sgd"}, "discriminator": {"name": "adam"}},
}


def save(run: Path, text: str) -> Path:
    (run / ".hydra").mkdir()
    (run / ".hydra" / "config.yaml").write_text(text)
    return run


def test_a_run_directory_gives_the_experiment_back(tmp_path):
    run = save(tmp_path, yaml.safe_dump(VALUES | {"steps": 7, "ema": 1e-5}))
    assert saved_config.load_run(run) == config.load(VALUES | {"steps": 7, "ema": 1e-5})


def test_interpolations_of_a_saved_configuration_are_resolved(tmp_path):
    run = save(tmp_path, yaml.safe_dump(VALUES | {"k": 4, "steps": "${k}"}))
    assert saved_config.load_run(run).steps == 4


@pytest.mark.parametrize(("said", "used"), [("off", "off"), ("auto", "auto"), ("/x", "auto")])
def test_a_run_does_not_say_where_programs_come_from(tmp_path, said, used):
    run = save(tmp_path, yaml.safe_dump(VALUES | {"compile_cache": said}))
    assert saved_config.load_run(run).compile_cache == used


@pytest.mark.parametrize(
    "dataset", [{"name": "mnist"}, {"name": "stacked_mnist", "count": 9}], ids=["mnist", "stacked"]
)
def test_a_run_does_not_say_where_data_is_downloaded_to(tmp_path, monkeypatch, dataset):
    """The data is read from a folder that holds it; one that has none is told of, and not made."""
    monkeypatch.setattr(Mnist, "files", Small.files)
    (tmp_path / "theirs" / "mnist").mkdir(parents=True)
    for file, content in CONTENTS.items():
        (tmp_path / "theirs" / "mnist" / file).write_bytes(content)
    monkeypatch.setattr(Mnist, "mirrors", ((tmp_path / "theirs" / "mnist").as_uri(),))
    theirs, victim = tmp_path / "theirs", tmp_path / "victim" / "deep"
    (tmp_path / ".hydra").mkdir()

    def run(root):
        values = VALUES | {"dataset": dataset | {"root": str(root)}}
        (tmp_path / ".hydra" / "config.yaml").write_text(yaml.safe_dump(values))
        return saved_config.saved_values(tmp_path)

    config.load(run(theirs)).dataset.split("train")
    with pytest.raises(DataError) as refused:
        config.load(run(victim)).dataset.split("train")
    assert str(refused.value).endswith(
        f"cannot be found in {victim / 'mnist'}, and nothing is downloaded to a folder that only a "
        "saved run names. dataset.root=DIR says where the files are now, or downloads them: "
        f"dataset.root={victim}"
    )
    assert not victim.parent.exists()
    config.load(with_overrides(run(victim), [f"dataset.root={victim}"])).dataset.split("train")
    assert victim.is_dir(), "it was typed"


def test_a_directory_without_a_run(tmp_path):
    with pytest.raises(UsageError) as refused:
        saved_config.load_run(tmp_path)
    assert str(refused.value) == f"{tmp_path} is not a run directory: it has no .hydra/config.yaml."


def test_a_saved_configuration_that_no_longer_loads(tmp_path):
    run = save(
        tmp_path, yaml.safe_dump(VALUES | {"objective": {"name": "least_squares", "target": "x"}})
    )
    with pytest.raises(UsageError) as refused:
        saved_config.load_run(run)
    assert str(refused.value) == f"{run}: objective.target=x: must be a number."


DAMAGED = {
    "{": "line 1: expected the node content, but found '<stream end>'",
    "k: 1\na: [1": "line 2: expected ',' or ']', but got '<stream end>'",
    "a: ${b}": "a refers to 'b', and there is no such setting",
    "\x00": "unacceptable character #x0000: special characters are not allowed",
    "- 1\n": "it is not a group of settings",
    "5": "Invalid loaded object type: int",
    "1: 2": "a setting is of a type that none has",
    "a: !!binary eA==": "a setting is of a type that none has",
    "a: &a [*a]": "*a refers to the very value that it is in",
    "a: " + "[" * 5000: "its values are nested more than 50 levels deep",
}


@pytest.mark.parametrize(("text", "reason"), DAMAGED.items())
def test_a_saved_configuration_that_is_damaged(tmp_path, text, reason):
    run = save(tmp_path, text)
    with pytest.raises(DataError) as refused:
        saved_config.load_run(run)
    path = run / ".hydra" / "config.yaml"
    assert str(refused.value) == f"{path} is damaged ({reason}). Put back a copy of it."


def test_a_saved_configuration_that_is_empty(tmp_path):
    with pytest.raises(UsageError, match=r": \w+: missing from the configuration\.$"):
        saved_config.load_run(save(tmp_path, ""))


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("{", "line 1: expected the node content, but found '<stream end>'"),
        ("hydra: {}", "it does not say hydra.runtime.cwd"),
        ("hydra: {runtime: {cwd: 3}}", "it does not say hydra.runtime.cwd"),
        ("[]", "it is not a group of settings"),
    ],
)
def test_where_a_run_stood_is_damaged(tmp_path, text, reason):
    run = save(tmp_path, yaml.safe_dump(VALUES))
    path = run / ".hydra" / "hydra.yaml"
    path.write_text(text)
    with pytest.raises(DataError) as refused:
        saved_config.load_run(run)
    assert str(refused.value) == (
        f"{path} is damaged ({reason}). Put back a copy of it, or delete it."
    )
    path.unlink()
    saved_config.load_run(run)


def test_a_saved_configuration_that_is_no_text(tmp_path):
    run = save(tmp_path, "")
    (run / ".hydra" / "config.yaml").write_bytes(b"\xff\xfe\x80")
    with pytest.raises(DataError, match=r"config\.yaml is damaged \(it is not in UTF-8"):
        saved_config.load_run(run)
