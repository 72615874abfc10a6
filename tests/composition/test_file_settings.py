"""Which settings are texts: what the files tell is what the components declare."""

import dataclasses
import typing
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any, Literal

import pytest
from hydra._internal.hydra import Hydra

from gan_cli import metrics
from gan_cli.component import REGISTRY
from gan_cli.composition import compose
from gan_cli.composition.file_settings import having, kind_of, listed
from gan_cli.composition.overrides import Kind
from gan_cli.config import Experiment

LITERALS: dict[str, set[str]] = {}
GROUPS = ("architecture", "dataset", "objective", "regularizer")


def declared(cls: Any, path: str) -> Iterator[tuple[str, bool]]:
    """The dotted keys of a dataclass, and whether each is a text."""
    for name, hint in typing.get_type_hints(cls, include_extras=True).items():
        if name not in {field.name for field in dataclasses.fields(cls)}:
            continue
        if typing.get_origin(hint) is Annotated:
            hint = typing.get_args(hint)[0]
        if dataclasses.is_dataclass(hint):
            if getattr(hint, "group", None) is None:
                yield from declared(hint, f"{path}{name}.")
            continue
        if typing.get_origin(hint) is Literal:
            LITERALS[f"{path}{name}"] = {str(value) for value in typing.get_args(hint)}
        kinds = typing.get_args(hint) if typing.get_origin(hint) is Literal else (hint,)
        if typing.get_origin(hint) is not typing.get_origin(typing.Mapping[str, str]):
            texts = {str, str | None}
            yield f"{path}{name}", all(isinstance(k, str) or k in texts for k in kinds)


def all_declared() -> list[tuple[str, bool]]:
    metrics.register()
    found = dict(declared(Experiment, ""))
    for group in GROUPS:
        for name, cls in REGISTRY[group].items():
            if cls.__module__.startswith("gan_cli."):
                within = f"{group}.{name}." if group == "regularizer" else f"{group}."
                found |= dict(declared(cls, within))
    for player in ("generator", "discriminator"):
        for cls in REGISTRY["optimizer"].values():
            if cls.__module__.startswith("gan_cli."):
                found |= dict(declared(cls, f"optimizer.{player}."))
    return sorted(found.items())


def test_the_files_tell_what_the_components_declare(program: Hydra) -> None:
    loader: Any = program.config_loader
    keys = dict(all_declared())
    told = {key: kind_of(loader.repository, loader.table, key).text for key in keys}
    read_later = {"distributed.process": True, "distributed.processes": True}  # null and auto there
    assert told == keys | read_later
    assert {"dataset.path", "dataset.root", "compile_cache", "optimized_metric"} <= {
        key for key, text in keys.items() if text
    }


def test_the_comments_list_the_choices_that_the_components_declare(program: Hydra) -> None:
    loader: Any = program.config_loader
    keys = dict(all_declared())
    told = {key: listed(loader.repository, key) for key in keys}
    assert {key: set(told[key]) for key in LITERALS} == LITERALS
    assert not [key for key, names in told.items() if names and key not in LITERALS]


@pytest.mark.parametrize(
    ("key", "kind"),
    [
        ("dataset.path", Kind(text=True, optional=True)),
        ("compile_cache", Kind(text=True)),
        ("hydra.run.dir", Kind(text=True)),
        ("hydra.output_subdir", Kind(text=True, optional=True)),
        ("hydra.launcher.cores", Kind(text=False)),
        ("hydra.mode", Kind(text=False)),
        ("dataset", Kind(text=False)),
        ("nothing.at_all", Kind(text=False)),
    ],
)
def test_kinds(key: str, kind: Kind, program: Hydra) -> None:
    loader: Any = program.config_loader
    assert kind_of(loader.repository, loader.table, key) == kind


def test_files_of_ones_own_tell_too_and_a_broken_one_beside_them_does_not_matter(
    tmp_path: Path,
) -> None:
    (tmp_path / "dataset").mkdir()
    (tmp_path / "dataset" / "mine.yaml").write_text("name: array\nfolder: null\nsides: 3\n")
    (tmp_path / "dataset" / "broken.yaml").write_text("name: [\n")
    with compose.hydra(tmp_path) as own:
        loader: Any = own.config_loader
        assert kind_of(loader.repository, loader.table, "dataset.folder").text
        assert not kind_of(loader.repository, loader.table, "dataset.sides").text
        made = compose.compose(own, ["dataset=mine", "dataset.folder=a (1)", "dataset.sides=4"])
    assert (made.dataset.folder, made.dataset.sides) == ("a (1)", 4)


def test_which_choices_have_a_setting(program: Hydra) -> None:
    files: Any = program.config_loader.repository
    assert having(files, "dataset.path") == ["dataset=array", "dataset=images"]
    assert having(files, "objective.clip") == ["objective=mmd", "objective=wgan"]
    assert having(files, "objective.nothing") == having(files, "k") == having(files, "a.b") == []
