"""The package's own table: its rows name what there is, and every combination loads."""

import copy
import itertools
from functools import cache

import pytest
import yaml

from gan_cli import config
from gan_cli.architectures.base import DataSpec
from gan_cli.component import REGISTRY
from gan_cli.composition import compose
from gan_cli.tuned import table
from gan_cli.tuned.choice import AUTO, automatic, choose

CONF = compose.conf_directory()
ROWS = table.read(CONF / table.FILE, table.SHIPPED, usual=True)
IDS = [str(row.number) for row in ROWS]


@cache
def read(file):
    return yaml.safe_load((CONF / f"{file}.yaml").read_text())


def files(group):
    """The names of a group's files, without the one that stands for what the table chooses."""
    return sorted(path.stem for path in (CONF / group).glob("*.yaml") if path.stem != AUTO)


def composed(dataset, architecture, objective, generator, discriminator, k):
    """A configuration as Hydra composes it, `auto` included."""
    root = {key: each for key, each in read("config").items() if key not in ("defaults", "hydra")}
    chosen = {
        "dataset": read(f"dataset/{dataset}"),
        "architecture": read(f"architecture/{architecture}"),
        "objective": read(f"objective/{objective}"),
        "optimizer": {
            "generator": read(f"optimizer/generator/{generator}"),
            "discriminator": read(f"optimizer/generator/{discriminator}"),
        },
        "regularizer": {"auto": {}},
    }
    values = copy.deepcopy(root | chosen | {"k": k})
    if is_ones_own(dataset):
        values["dataset"]["path"] = "mine"
    return values


def is_ones_own(dataset):
    """Whether a data set consists of files of the user's."""
    return read(f"dataset/{dataset}").get("path", "") is None


def automatic_architecture(values, dataset):
    return choose(["architecture"], values, {"dataset": dataset}, ROWS).settings["architecture"]


def put(values, key, value):
    *parents, name = key.split(".")
    for parent in parents:
        values = values[parent]
    values[name] = value


def named(value):
    """A value as it is put into a configuration: each component of a group has its name."""
    if not isinstance(value, dict):
        return value
    return {name: {"name": name, **settings} for name, settings in value.items()}


def completed(values, dataset):
    chosen = choose(automatic(values), values, {"dataset": dataset}, ROWS)
    for key, value in chosen.settings.items():
        put(values, key, value)
    return values


PRODUCT = list(
    itertools.product(
        files("dataset"), files("architecture"), files("objective"), files("optimizer"), (1, 5)
    )
)


@pytest.mark.parametrize("dataset", files("dataset"))
def test_every_combination_loads(dataset):
    for _, architecture, objective, optimizer, k in (p for p in PRODUCT if p[0] == dataset):
        values = composed(dataset, architecture, objective, optimizer, optimizer, k)
        experiment = config.load(completed(values, dataset))
        assert experiment.k == k
        if automatic_architecture(values, dataset) == architecture:
            check_that_networks_fit(experiment, dataset)


def check_that_networks_fit(experiment, dataset):
    """Networks for files of the user's have to draw data of any shape, as the mlp does."""
    architecture, objective = experiment.architecture, experiment.objective
    if is_ones_own(dataset):
        assert architecture.name == "mlp"
        return
    spec = DataSpec(experiment.dataset.shape)
    architecture.check(spec)
    assert not (objective.takes_slopes and architecture.mixes_examples(spec))


@pytest.mark.parametrize("dataset", files("dataset"))
def test_the_architecture_of_each_data_set(dataset):
    values = composed(dataset, "mlp", "non_saturating", "adam", "adam", 1)
    drawn_by_dcgan = ("fashion_mnist", "mnist", "stacked_mnist")
    expected = "dcgan" if dataset in drawn_by_dcgan else "mlp"
    assert automatic_architecture(values, dataset) == expected


@pytest.mark.parametrize(
    "choice",
    [
        ("digits", "mlp", "non_saturating", "adam", "adam", 1),
        ("ring_pacgan", "mlp", "wgan_gp", "sgd", "rmsprop", 5),
        ("mnist", "dcgan", "wgan", "rmsprop", "adam", 5),
        ("gaussian", "maxout", "minimax", "adam", "sgd", 1),
    ],
    ids=str,
)
def test_the_combinations_are_those_of_hydra(choice):
    groups = ("dataset", "architecture", "objective", "optimizer/generator")
    names = (*groups, "optimizer/discriminator", "k")
    with compose.hydra() as program:
        made = compose.compose(program, [f"{n}={c}" for n, c in zip(names, choice, strict=True)])
    assert compose.plain(made) == completed(composed(*choice), choice[0])


@pytest.mark.parametrize("row", ROWS, ids=IDS)
def test_conditions_name_what_there_is(row):
    for key, wanted in row.conditions.items():
        group, _, setting = key.replace("optimizer.", "optimizer/").partition(".")
        group = group.replace("optimizer/discriminator", "optimizer/generator")
        if key == "k":
            assert all(type(each) is int and each > 0 for each in wanted)
        elif setting:
            assert any(setting in read(f"{group}/{file}") for file in files(group))
        else:
            assert set(wanted) <= {*files(group), *REGISTRY[group.partition("/")[0]]}


@pytest.mark.parametrize("row", ROWS, ids=IDS)
def test_what_is_set_is_automatic_somewhere_and_loads(row):
    objective = row.conditions.get("objective", ["minimax"])[0]
    settings = dict(row.settings)
    assert settings.pop("architecture", "mlp") in files("architecture")
    for key, value in settings.items():
        found = 0
        for architecture, optimizer in itertools.product(files("architecture"), files("optimizer")):
            values = composed("ring", architecture, objective, optimizer, optimizer, 1)
            if key in automatic(values):
                found += 1
                put(values, key, named(value))
                config.load(completed(values, "ring"))
        assert found, key


def test_what_is_usual_is_there_for_everything_that_is_automatic_anywhere():
    assert ROWS[0].conditions == {}
    found = set()
    for _, architecture, objective, optimizer, _ in (p for p in PRODUCT if p[0] == "digits"):
        values = composed("digits", architecture, objective, optimizer, optimizer, 1)
        found |= set(automatic(values))
    own = {"device", "evaluate_end", "compile_cache", "distributed.processes"}
    assert found - own | {"architecture"} == {key for row in ROWS for key in row.usual}
