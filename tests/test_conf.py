"""What every configuration file keeps; a new one is tested here without a line being added."""

import copy
import dataclasses
import re
import typing

import pytest
import yaml
from omegaconf import OmegaConf

from gan_cli import config
from gan_cli.component import REGISTRY
from gan_cli.composition import compose
from gan_cli.config import Checkpoints, Experiment
from gan_cli.keys import SEVERAL
from gan_cli.metrics import register
from gan_cli.tuned import table
from gan_cli.tuned.choice import automatic, choose

CONF = compose.conf_directory()
ROOT = yaml.safe_load((CONF / "config.yaml").read_text())
FILES = sorted(
    path.relative_to(CONF).with_suffix("").as_posix()
    for path in CONF.rglob("*.yaml")
    if path.relative_to(CONF).parts[0] not in ("hydra", "config.yaml", table.FILE)
)
MEMBERS = [
    file for file in FILES if "defaults" not in yaml.safe_load((CONF / f"{file}.yaml").read_text())
]
EXPERIMENTS = [file for file in FILES if file.startswith("experiment/")]
AUTOMATIC = ("architecture/auto", "regularizer/auto")
COMPONENTS = [file for file in MEMBERS if file not in (*EXPERIMENTS, *AUTOMATIC)]
ROWS = table.read(CONF / table.FILE, table.SHIPPED, usual=True)
register()
KNOWN = {
    (group, name): made
    for group, names in REGISTRY.items()
    for name, made in names.items()
    if made.__module__.startswith("gan_cli.")
}


def read(file):
    return yaml.safe_load((CONF / f"{file}.yaml").read_text())


def component_of(file):
    return KNOWN[file.split("/")[0], read(file)["name"]]


def plain(value):
    """A default as a YAML file would hold it."""
    if dataclasses.is_dataclass(value):
        return {f.name: plain(getattr(value, f.name)) for f in dataclasses.fields(value)}
    return list(value) if isinstance(value, tuple) else value


def defaults(made):
    return plain(made()) | ({"name": made.name} if hasattr(made, "name") else {})


def usual(values, *parents):
    """The values of a file with what the table chooses where nothing else is known."""
    whole = copy.deepcopy(values)
    for name in reversed(parents):
        whole = {name: whole}
    chosen = choose(automatic(whole), whole, {}, ROWS)
    assert chosen.told == ""
    for key, value in chosen.settings.items():
        put(whole, key, value)
    for name in parents:
        whole = whole[name]
    return whole


def put(values, key, value):
    *parents, name = key.split(".")
    for parent in parents:
        values = values[parent]
    values[name] = value


def types(values):
    """The types at every key, so that 1 and 1.0, or 0 and false, are told apart."""
    if isinstance(values, dict):
        return {key: types(value) for key, value in values.items()}
    if isinstance(values, list):
        return [types(value) for value in values]
    return type(values)


@pytest.fixture(scope="module")
def program():
    with compose.hydra() as made:
        yield made


def loaded(program, *overrides):
    composed = compose.compose(program, overrides)
    values = {key: composed[key] for key in composed if key != "hydra"}
    return config.load(OmegaConf.to_container(OmegaConf.create(values), resolve=True))


def test_the_tests_below_see_all_files():
    assert {"dataset/ring", "architecture/mlp", "objective/wgan"} <= set(COMPONENTS)
    assert "optimizer/generator/adam" in COMPONENTS
    assert "optimizer/adam" in FILES
    assert "experiment/goodfellow2014_mnist" in EXPERIMENTS


@pytest.mark.parametrize("file", FILES)
def test_every_file_composes_and_loads_strictly(program, file):
    group, _, choice = file.rpartition("/")
    path = ["dataset.path=mine"] if read(file).get("path", "") is None else []
    experiment = loaded(program, f"{group}={choice}", *path)
    if file in COMPONENTS:
        *parents, _ = file.split("/")
        node = experiment
        for name in parents:
            node = getattr(node, name)
        if group in SEVERAL:
            node = node[choice]
        assert type(node) is component_of(file)


@pytest.mark.parametrize("file", COMPONENTS)
def test_a_component_file_lists_every_field(file):
    made = component_of(file)
    values = read(file)
    assert set(values) == {"name"} | {field.name for field in dataclasses.fields(made)}
    assert next(iter(values)) == "name"


@pytest.mark.parametrize(("group", "name"), sorted(KNOWN), ids="/".join)
def test_the_file_of_a_component_holds_the_defaults(group, name):
    files = [
        file for file in COMPONENTS if file.split("/")[0] == group and file.endswith(f"/{name}")
    ]
    assert files, f"conf/{group}/{name}.yaml is missing"
    for file in files:
        expected = defaults(KNOWN[group, name])
        found = usual(read(file), *file.split("/")[:-1])
        assert found == expected
        assert types(found) == types(expected)


@pytest.mark.parametrize(
    "file", [file for file in COMPONENTS if file.rpartition("/")[2] != read(file)["name"]]
)
def test_a_preset_opens_with_its_source(file):
    first = (CONF / f"{file}.yaml").read_text().splitlines()[0]
    assert first.startswith("# ")
    assert re.search(r" (19|20)\d\d\b", first), "the year of a paper"


@pytest.mark.parametrize("kind", sorted(n for g, n in KNOWN if g == "optimizer"))
def test_both_players_have_the_same_choices_with_the_same_values(program, kind):
    values = read(f"optimizer/generator/{kind}")
    generator, discriminator = (
        usual(values, "optimizer", player) for player in ("generator", "discriminator")
    )
    assert generator == discriminator == defaults(KNOWN["optimizer", kind])
    for choice in (f"optimizer={kind}", f"optimizer/generator={kind}"):
        both = loaded(program, choice, f"optimizer/discriminator={kind}").optimizer
        assert type(both.generator) is type(both.discriminator) is KNOWN["optimizer", kind]


def test_the_two_players_have_the_same_files():
    names = [
        sorted(path.name for path in (CONF / "optimizer" / player).glob("*.yaml"))
        for player in ("generator", "discriminator")
    ]
    assert names[0] == names[1] == [f"{name}.yaml" for g, name in sorted(KNOWN) if g == "optimizer"]


@pytest.mark.parametrize("file", EXPERIMENTS)
def test_an_experiment_opens_with_its_command_and_its_source(file):
    package, command, source = (CONF / f"{file}.yaml").read_text().splitlines()[:3]
    assert package == "# @package _global_"
    assert command == f"# gan train experiment={file.rpartition('/')[2]}"
    assert source.startswith("# This package's own") or re.search(r" (19|20)\d\d\b", source)


@pytest.mark.parametrize("file", EXPERIMENTS)
def test_an_experiment_changes_only_what_there_is(program, file):
    """Every value that the file states is in what it composes to."""

    def within(part, whole):
        return all(
            within(value, whole[key]) if isinstance(value, dict) else whole[key] == value
            for key, value in part.items()
        )

    stated = {key: value for key, value in read(file).items() if key != "defaults"}
    composed = compose.compose(program, [f"experiment={file.rpartition('/')[2]}"])
    assert within(stated, composed)


@pytest.mark.parametrize("file", EXPERIMENTS)
def test_an_experiment_leaves_nothing_to_the_table(file):
    """Its settings stay when the table changes."""
    with compose.hydra() as program:
        program.config_loader.table = []
        loaded(program, f"experiment={file.rpartition('/')[2]}")


def test_values_after_an_experiment_win(program):
    made = loaded(
        program, "experiment=goodfellow2014_mnist", "k=7", "objective=wgan", "dataset=ring"
    )
    assert (made.k, made.objective.name, made.dataset.name) == (7, "wgan", "ring")
    assert made.update == "simultaneous"


def test_the_root_file_holds_the_defaults_of_an_experiment():
    groups = {"dataset", "architecture", "objective", "optimizer", *SEVERAL}
    expected = {
        field.name: plain(
            field.default
            if field.default is not dataclasses.MISSING
            else typing.cast(typing.Any, field.default_factory)()
        )
        for field in dataclasses.fields(Experiment)
        if field.name not in groups
    }
    values = {key: value for key, value in ROOT.items() if key not in ("defaults", "hydra")}
    values = usual(values)
    assert values == expected
    assert types(values) == types(expected)
    assert values["checkpoints"] == plain(Checkpoints())


def test_the_root_file_chooses_a_member_of_every_group():
    chosen = {
        key: value
        for entry in ROOT["defaults"]
        if isinstance(entry, dict)
        for key, value in entry.items()
    }
    for group in ("dataset", "architecture", "objective", "optimizer"):
        assert f"{group}/{chosen[group]}" in FILES
    assert chosen["experiment"] is None
