"""The file of a choice that lacks a name or a package is named, and what to write in it."""

from pathlib import Path

import pytest

from gan_cli import config
from gan_cli.component import REGISTRY
from gan_cli.composition import compose
from gan_cli.composition.origins import naming_files
from gan_cli.errors import UsageError
from tests.refused import valid

NAMELESS = "has no line 'name: NAME', which says whose settings it holds."
FILES = {
    "objective/empty": "",
    "objective/wgam": "margin: 1.0\n",
    "dataset/mine": "# what I measured\n",
    "optimizer/generator/mine": "learning_rate: 1e-3\n",
    "regularizer/nameless": "# @package regularizer.nameless\nweight: 3\n",
    "regularizer/astray": "name: r1\nweight: 3\n",
}


@pytest.fixture
def mine(tmp_path: Path) -> Path:
    for name, text in FILES.items():
        path = tmp_path / f"{name}.yaml"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return tmp_path


@pytest.mark.parametrize(
    ("choice", "group", "file"),
    [
        ("objective=empty", "objective", "objective/empty"),
        ("objective=wgam", "objective", "objective/wgam"),
        ("dataset=mine", "dataset", "dataset/mine"),
        ("optimizer/generator=mine", "optimizer", "optimizer/generator/mine"),
        ("regularizer=[nameless]", "regularizer", "regularizer/nameless"),
    ],
)
def test_a_file_without_a_name(choice: str, group: str, file: str, mine: Path) -> None:
    assert refusal(mine, choice) == (
        f"{mine}/{file}.yaml {NAMELESS} {valid(sorted(REGISTRY[group]))} "
        f"If the {group} is your own code, name its Python module: --import MODULE."
    )


def test_a_file_without_the_package_that_its_group_needs(mine: Path) -> None:
    assert refusal(mine, "regularizer=[astray]") == (
        f"{mine}/regularizer/astray.yaml: the first line of a regularizer must be "
        "'# @package regularizer.astray', since a run may have several."
    )


def test_another_mistake_is_told_as_before(mine: Path) -> None:
    (mine / "objective" / "empty.yaml").write_text("name: mine\n")
    assert refusal(mine, "objective=empty").startswith("objective.name=mine: no such objective")


def refusal(mine: Path, choice: str) -> str:
    with compose.hydra(mine) as program:
        composed = compose.compose(program, ["architecture=mlp", choice])
    with pytest.raises(UsageError) as refused, naming_files(composed):
        config.load(compose.plain(composed))
    return str(refused.value)
