"""A file of the user's own with the name of one of the package's is refused."""

from pathlib import Path

import pytest

from gan_cli.composition import compose, own_files
from gan_cli.errors import UsageError
from tests.refused import words

SHIPPED = compose.conf_directory()
PLACES = sorted(each.relative_to(SHIPPED) for each in SHIPPED.rglob("*.yaml"))
CHOICES = [each for each in PLACES if each.parent.name]


def written(path: Path, text: str = "mine: 1\n") -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    return path


@pytest.mark.parametrize("place", CHOICES, ids=str)
def test_every_file_of_a_group_has_a_name_of_its_own(tmp_path, place):
    own = written(tmp_path / place)
    with pytest.raises(UsageError) as refused:
        own_files.check_names(tmp_path, SHIPPED)
    assert words(refused) == (
        f"{own} would not be read: gan has a file of that name, {SHIPPED / place}. Rename yours, "
        f"such as to my_{place.stem}.yaml, and choose it: {place.parent}=my_{place.stem}"
    )


def test_settings_outside_the_groups_belong_in_an_experiment(tmp_path):
    own = written(tmp_path / "config.yml")
    with pytest.raises(UsageError) as refused, compose.hydra(tmp_path):
        pass
    assert words(refused) == (
        f"{own} would not be read: gan has a file of that name, {SHIPPED / 'config.yaml'}. Move "
        f"it to {tmp_path / 'experiment' / 'NAME.yaml'}, with the first line "
        "'# @package _global_', and choose it: experiment=NAME"
    )


def test_folders_of_hydras_search_path(tmp_path):
    own = written(tmp_path / "dataset" / "ring.yaml")
    with compose.hydra() as program, pytest.raises(UsageError) as refused:
        compose.compose(program, [f"hydra.searchpath=[file://{tmp_path}]"])
    assert words(refused).startswith(f"{own} would not be read: gan has a file of that name")


def test_a_copy_and_what_is_read_beside_the_packages_may_have_its_name(tmp_path):
    ring = Path("dataset", "ring.yaml")
    written(tmp_path / ring, (SHIPPED / ring).read_text().replace("\n", "\r\n"))
    written(tmp_path / "tuned.yaml", "")
    (tmp_path / "config.yaml").symlink_to(SHIPPED / "config.yaml")
    own_files.check_names(tmp_path, SHIPPED)
    own_files.check_names(SHIPPED, SHIPPED)
