"""Settings of a component that nothing chooses are told with who sets them and what to write."""

from pathlib import Path

import pytest

from gan_cli.composition import compose
from gan_cli.errors import UsageError
from tests.refused import text_of

R1 = "regularizer: {r1: {weight: 3}}"


def written(directory: Path, name: str, text: str) -> Path:
    """A file of an experiment."""
    file = directory / "experiment" / f"{name}.yaml"
    file.parent.mkdir(exist_ok=True)
    file.write_text(f"# @package _global_\n{text}\n")
    return file


@pytest.mark.parametrize(
    ("name", "text", "key", "choice"),
    [
        ("child", R1, "regularizer.r1", "/regularizer: [auto, r1]"),
        (
            "mine",
            f"defaults:\n- override /regularizer: [r2]\n{R1}",
            "regularizer.r1",
            "/regularizer: [r2, r1]",
        ),
        ("mine", "metric: {fid: {samples: 9}}", "metric.fid", "/metric: [fid]"),
    ],
)
def test_a_file_that_sets_and_does_not_choose(
    name: str, text: str, key: str, choice: str, tmp_path: Path
) -> None:
    file = written(tmp_path, "mine", text)
    written(tmp_path, "child", "defaults: [mine]\nk: 2")
    with compose.hydra(tmp_path) as program:
        assert text_of(program, f"experiment={name}", "objective=wgan") == (
            f"{file}: it sets {key}, and nothing chooses that {key.partition('.')[0]}. "
            f"A file chooses in its defaults: '- override {choice}'."
        )


@pytest.mark.parametrize("choice", ["[]", "[r2]", "[r2,dragan]"])
def test_an_override_wins_over_what_a_file_sets_of_others(choice: str, tmp_path: Path) -> None:
    written(tmp_path, "mine", f"defaults:\n- override /regularizer: [r1]\n{R1}")
    with compose.hydra(tmp_path) as program:
        config = compose.compose(program, ["experiment=mine", f"regularizer={choice}"])
        assert [*config.regularizer] == [name for name in choice[1:-1].split(",") if name]
        told = text_of(program, "experiment=mine", "regularizer=[r2]", "regularizer.r1.weight=1")
        assert told == "regularizer.r1: regularizer=[r2,r1] chooses the regularizer first."


def test_what_an_override_sets_is_not_the_fault_of_a_file(tmp_path: Path) -> None:
    written(tmp_path, "mine", R1)
    with compose.hydra(tmp_path) as program:
        for lines, choice in (
            (["regularizer.dragan.weight=1"], "regularizer.dragan: regularizer=[auto,dragan]"),
            (["+metric.fid.samples=9"], "metric.fid: metric=[fid]"),
            (
                ["experiment=mine", "regularizer.r1.weight=1"],
                "regularizer.r1: regularizer=[auto,r1]",
            ),
        ):
            with pytest.raises(UsageError) as refused:
                compose.compose(program, [*lines, "objective=wgan"])
            group = choice.partition(".")[0]
            assert str(refused.value) == f"{choice} chooses the {group} first."
