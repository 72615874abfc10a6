"""Hydra's own settings that a run cannot do with are refused while composing."""

from pathlib import Path

import pytest

from gan_cli.composition import compose
from gan_cli.errors import UsageError


@pytest.mark.parametrize(
    ("line", "text"),
    [
        (
            "hydra.output_subdir=null",
            "hydra.output_subdir=null: the settings of a run are always in .hydra/, by which it is "
            "found and resumed. Leave it out.",
        ),
        (
            "hydra.sweeper.max_batch_size=0",
            "hydra.sweeper.max_batch_size=0: must be at least 1.",
        ),
        ("hydra.launcher.cores=-1", "hydra.launcher.cores=-1: must be at least 0."),
        ("hydra.launcher.max_lanes=0", "hydra.launcher.max_lanes=0: must be at least 1."),
        (
            "+hydra.callbacks.x._target_=nope.Nope",
            "hydra.callbacks.x: there is no nope.Nope: No module named 'nope'.",
        ),
        (
            "hydra.job_logging.root.level=info",
            "hydra.job_logging.root.level=info: no such level. Did you mean 'INFO'? Valid: "
            "CRITICAL, DEBUG, ERROR, FATAL, INFO, NOTSET, WARN, WARNING.",
        ),
        (
            "hydra.hydra_logging.handlers.warnings.level=X",
            "hydra.hydra_logging.handlers.warnings.level=X: no such level. Valid: "
            "CRITICAL, DEBUG, ERROR, FATAL, INFO, NOTSET, WARN, WARNING.",
        ),
        (
            "hydra.job_logging.root.handlers=[fil]",
            "hydra.job_logging.root.handlers: there is no fil in hydra.job_logging.handlers. "
            "Did you mean 'file'? Valid: console, file.",
        ),
        ("hydra=[]", "hydra=[]: hydra is a group of settings, such as hydra.run.dir=DIR."),
        ("+hydra=null", "+hydra=null: hydra is a group of settings, such as hydra.run.dir=DIR."),
        ("hydra.searchpath=[file:///nowhere]", "hydra.searchpath: /nowhere is no directory."),
        (
            "hydra.job.env_copy=[NOT_SET]",
            "hydra.job.env_copy=[NOT_SET]: there is no 'NOT_SET'.",
        ),
    ],
)
def test_what_a_run_cannot_do_with(line: str, text: str) -> None:
    with compose.hydra() as program, pytest.raises(UsageError) as refused:
        compose.compose(program, [line])
    assert str(refused.value) == text


def test_what_a_file_sets_is_refused_too(tmp_path: Path) -> None:
    (tmp_path / "experiment").mkdir()
    (tmp_path / "experiment" / "mine.yaml").write_text(
        "# @package _global_\nhydra:\n  output_subdir: null\n"
    )
    with compose.hydra(tmp_path) as program, pytest.raises(UsageError, match="are always in"):
        compose.compose(program, ["experiment=mine"])


def test_a_file_with_another_ending_is_found(tmp_path: Path) -> None:
    (tmp_path / "architecture").mkdir()
    file = tmp_path / "architecture" / "small.yml"
    file.write_text("name: mlp\n")
    with compose.hydra(tmp_path) as program:
        for name in ("small", "small.yml"):
            with pytest.raises(UsageError) as refused:
                compose.compose(program, [f"architecture={name}"])
            assert str(refused.value) == (
                f"architecture={name}: no such architecture. {file} is there, but Hydra reads "
                ".yaml files alone. Rename it."
            )
    (tmp_path / "tuned.yml").touch()
    with pytest.raises(UsageError, match=r"tuned\.yml: only tuned\.yaml is read\. Rename it\."):
        compose.hydra(tmp_path).__enter__()


def test_a_choice_that_is_a_file(tmp_path: Path, empty: Path) -> None:
    (empty / "mine" / "experiment").mkdir(parents=True)
    (empty / "mine" / "experiment" / "small.yaml").write_text("# @package _global_\nk: 2\n")
    wrong = (
        ("mine/experiment", "experiment=small", "is not in a folder experiment/. Name the folder"),
        ("mine", "experiment=mine/experiment/small.yaml", "--config-dir mine experiment=small"),
        ("mine", "dataset=mine", "Your own data: dataset=images dataset.path='mine'"),
        ("mine", "dataset=x.npy", "Your own data: dataset=array dataset.path='x.npy'"),
    )
    for folder, line, text in wrong:
        with compose.hydra(Path(folder)) as program, pytest.raises(UsageError) as refused:
            compose.compose(program, [line])
        assert text in str(refused.value)
