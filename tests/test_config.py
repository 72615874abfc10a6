"""The strict load: what it refuses and in which words, and the way back from a run directory."""

import copy
import dataclasses

import jax
import pytest

from gan_cli import config
from gan_cli.component import REGISTRY, Component, component
from gan_cli.config import Checkpoints, Experiment, Recipe
from gan_cli.datasets.gaussian import Gaussian
from gan_cli.errors import UsageError
from gan_cli.objectives.least_squares import LeastSquares

VALUES = {
    "dataset": {"name": "ring", "std": 0.1},
    "architecture": {"name": "mlp", "generator_widths": [8, 8]},
    "objective": {"name": "least_squares"},
    "optimizer": {
        "generator": {"name": "sgd", "schedule": {"kind": "linear"}},
        "discriminator": {"name": "adam"},
    },
    "compile_cache": "off",
    "checkpoints": {"every": 10},
}
ROOTS = f"Valid: {', '.join(sorted(field.name for field in dataclasses.fields(Experiment)))}."
DEVICES = "Valid: auto, cpu, gpu, tpu."
MISSING = object()


def changed(key, value):
    """VALUES with another value at a dotted key, or without that key."""
    values = copy.deepcopy(VALUES)
    *parents, last = str(key).split(".")
    node = values
    for parent in parents:
        node = node[parent]
    if value is MISSING:
        del node[last]
    else:
        node[last] = value
    return values


def text_of(values):
    with pytest.raises(UsageError) as refused:
        config.load(values)
    assert refused.value.status == 2
    return str(refused.value)


@pytest.mark.parametrize(
    ("key", "value", "text"),
    [
        ("kk", 3, "kk: no such setting. Did you mean 'k'?"),
        ("zzz", 3, f"zzz: no such setting. {ROOTS}"),
        (
            "optimizer.generatr",
            {},
            "optimizer.generatr: no such setting. Did you mean 'generator'? "
            "Valid: discriminator, generator.",
        ),
        (
            "optimizer.generator.learning_rat",
            1,
            "optimizer.generator.learning_rat: no such setting of optimizer 'sgd'. "
            "Did you mean 'learning_rate'? "
            "Valid: learning_rate, momentum, momentum_schedule, schedule.",
        ),
        (
            "optimizer.generator.schedule.step",
            1,
            "optimizer.generator.schedule.step: no such setting. Did you mean 'steps'? "
            "Valid: end, kind, rate, steps.",
        ),
        (
            "checkpoints.evry",
            1,
            "checkpoints.evry: no such setting. Did you mean 'every'? Valid: best, every, keep.",
        ),
    ],
)
def test_a_key_that_no_component_has(key, value, text):
    assert text_of(changed(key, value)) == text


@pytest.mark.parametrize(
    ("key", "value", "text"),
    [
        ("k", None, "k=null: must be a whole number."),
        ("k", True, "k=true: must be a whole number."),
        ("k", "three", "k=three: must be a whole number."),
        ("k", [1], "k=[1]: must be a whole number."),
        ("k", 3.0, "k=3.0: must be a whole number, without point or exponent: 3."),
        (
            "steps",
            1e4,
            "steps=10000.0: must be a whole number, without point or exponent: 10000.",
        ),
        ("ema", "half", "ema=half: must be a number."),
        ("ema", False, "ema=false: must be a number."),
        ("ema", None, "ema=null: must be a number."),
        ("objective.target", [0.5], "objective.target=[0.5]: must be a number."),
        (
            "architecture.generator_batch_norm",
            1,
            "architecture.generator_batch_norm=1: must be true or false.",
        ),
        (
            "architecture.generator_batch_norm",
            "yes",
            "architecture.generator_batch_norm=yes: must be true or false.",
        ),
        ("compile_cache", None, "compile_cache=null: must be a text."),
        ("compile_cache", False, "compile_cache=false: must be a text in quotes."),
        ("compile_cache", ["a"], "compile_cache=['a']: must be a text."),
        (
            "architecture.generator_widths",
            128,
            "architecture.generator_widths=128: must be a list such as [128,128].",
        ),
        (
            "architecture.generator_widths",
            None,
            "architecture.generator_widths=null: must be a list such as [128,128].",
        ),
        (
            "architecture.generator_widths",
            [8, "a"],
            "architecture.generator_widths[1]=a: must be a whole number.",
        ),
        ("device", "tpuu", "device=tpuu: not a choice. Did you mean 'tpu'? " + DEVICES),
        ("device", None, "device=null: not a choice. " + DEVICES),
        ("device", [0, 1], "device=[0, 1]: not a choice. " + DEVICES),
        (
            "optimizer.generator.schedule.kind",
            "cos",
            "optimizer.generator.schedule.kind=cos: not a choice. Did you mean 'cosine'? "
            "Valid: constant, cosine, exponential, linear.",
        ),
    ],
)
def test_a_value_of_the_wrong_type(key, value, text):
    assert text_of(changed(key, value)) == text


@pytest.mark.parametrize("value", [float("nan"), float("inf"), -float("inf"), 1e39, 10**400])
def test_a_number_that_single_precision_does_not_hold(value):
    text = f"objective.target={value}: must be a finite number of single precision."
    assert text_of(changed("objective.target", value)) == text


@pytest.mark.parametrize("key", ["objective", "optimizer", "optimizer.generator", "dataset"])
def test_a_group_that_is_missing(key):
    assert text_of(changed(key, MISSING)) == f"{key}: missing from the configuration."


@pytest.mark.parametrize(
    ("key", "value", "shown"),
    [
        ("objective", "wgan", "wgan"),
        ("objective", None, "null"),
        ("checkpoints", 3, "3"),
        ("optimizer.generator", [1], "[1]"),
        ("optimizer.generator.schedule", True, "true"),
    ],
)
def test_a_group_that_is_given_a_single_value(key, value, shown):
    text = f"{key}={shown}: must be a group of settings, not a single value."
    assert text_of(changed(key, value)) == text


@pytest.mark.parametrize("values", [None, [1], "text"])
def test_a_configuration_that_is_none(values):
    text = "the configuration: must be a group of settings, not a single value."
    assert text_of(values) == text


@pytest.mark.parametrize(
    ("name", "shown", "hint"),
    [
        ("wgn", "wgn", "Did you mean 'wgan'? "),
        (3, "3", ""),
        ([0, 1], "[0, 1]", ""),
        (MISSING, "null", ""),
    ],
)
def test_a_component_that_is_not_known(name, shown, hint, monkeypatch):
    monkeypatch.setitem(REGISTRY, "objective", {"hinge": LeastSquares, "wgan": LeastSquares})
    assert text_of(changed("objective.name", name)) == (
        f"objective.name={shown}: no such objective is known. {hint}Valid: hinge, wgan. "
        "If the objective is your own code, name its Python module: --import MODULE."
    )


@pytest.mark.parametrize(
    ("key", "value", "text"),
    [
        (
            "optimizer.generator.learning_rate",
            -1,
            "optimizer.generator.learning_rate=-1.0: must be at least 0.",
        ),
        (
            "optimizer.discriminator.b1",
            1,
            "optimizer.discriminator.b1=1.0: must be at least 0 and less than 1.",
        ),
        (
            "optimizer.generator.schedule.steps",
            0,
            "optimizer.generator.schedule.steps=0: must be at least 1.",
        ),
        (
            "optimizer.generator.momentum_schedule",
            {"kind": "linear", "end": 2.0},
            "optimizer.generator.momentum_schedule.end=2.0: must be at least 0 and less than 1.",
        ),
        ("architecture.latent", 0, "architecture.latent=0: must be at least 1."),
        ("dataset.std", 0.0, "dataset.std=0.0: must be above 0."),
        (
            "dataset",
            {"name": "gaussian", "std": [1.0, 2.0, 3.0]},
            "dataset.std=[1.0, 2.0, 3.0]: must have one number, or one for each centre, of which "
            "there are 2.",
        ),
        (
            "objective.real_code",
            -1,
            "objective.real_code=-1.0: must be greater than fake_code=0.0.",
        ),
        ("architecture.packing", 0, "architecture.packing=0: must be at least 1."),
        (
            "architecture.packing",
            3,
            "batch_size=128: must be a multiple of architecture.packing=3. "
            "Choose batch_size=126 or 129.",
        ),
        (
            "architecture.packing",
            200,
            "batch_size=128: must be a multiple of architecture.packing=200. "
            "Choose batch_size=200.",
        ),
        ("checkpoints.every", 0, "checkpoints.every=0: must be at least 1."),
        ("checkpoints.keep", -1, "checkpoints.keep=-1: must be at least 1."),
        ("k", 0, "k=0: must be at least 1."),
        ("batch_size", -5, "batch_size=-5: must be at least 1."),
        ("log_every", 2**31, "log_every=2147483648: must be at most 2147483647."),
        ("steps", 2**31, "steps=2147483648: must be at most 2147483647."),
        ("seed", -1, "seed=-1: must be between 0 and 2147483647."),
        ("seed", 2**31, "seed=2147483648: must be between 0 and 2147483647."),
        ("ema", 1, "ema=1.0: must be at least 0 and less than 1."),
    ],
)
def test_a_value_out_of_its_range_is_named_by_its_whole_path(key, value, text):
    assert text_of(changed(key, value)) == text


def test_what_is_loaded_is_what_is_written():
    experiment = config.load(VALUES)
    assert type(experiment) is Experiment
    assert experiment.dataset.std == 0.1
    assert experiment.architecture.generator_widths == (8, 8)
    assert experiment.architecture.discriminator_widths == (128, 128)
    assert experiment.optimizer.generator.schedule.kind == "linear"
    assert experiment.optimizer.discriminator.name == "adam"
    assert experiment.checkpoints == Checkpoints(every=10)
    assert experiment.compile_cache == "off"


def test_whole_numbers_are_numbers_and_lists_are_tuples():
    values = changed("objective.target", 2)
    values["dataset"] = {"name": "gaussian", "centres": [1, 2.5], "weights": (1,)}
    experiment = config.load(values)
    assert isinstance(experiment.objective, LeastSquares)
    assert type(experiment.objective.target) is float
    assert experiment.dataset == Gaussian(centres=(1.0, 2.5), weights=(1.0,))
    assert [type(c) for c in experiment.dataset.centres] == [float, float]


def test_a_number_may_be_a_text_and_null_where_the_field_says_so():
    values = changed("dataset", {"name": "array", "path": 2014, "key": None})
    assert (config.load(values).dataset.path, config.load(values).dataset.key) == ("2014", None)


def test_components_of_ones_own_are_loaded_by_their_name(monkeypatch):
    monkeypatch.setitem(REGISTRY, "objective", dict(REGISTRY["objective"]))

    @component
    class Mine(Component):
        group = "objective"
        name = "mine"

        weight: float = 1.0
        margin: float | None = None
        powers: tuple[float, ...] | None = None

    values = changed("objective", {"name": "mine", "weight": 3, "margin": 2, "powers": [1]})
    assert config.load(values).objective == Mine(weight=3.0, margin=2.0, powers=(1.0,))
    values["objective"]["powers"] = 1
    assert text_of(values) == "objective.powers=1: must be a list such as [0.5,0.5]."


def test_the_recipe_is_what_decides_the_numbers_of_a_step():
    experiment = config.load(VALUES)
    fields = {field.name for field in dataclasses.fields(Recipe)}
    assert fields == {
        "architecture", "objective", "optimizer", "regularizer", "k", "batch_size", "seed",
        "update", "consensus_weight", "unroll", "ema", "precision",
    }  # fmt: skip
    for name in fields:
        assert getattr(experiment.recipe, name) == getattr(experiment, name)
    same = {"steps": 5, "log_every": 2, "sample_every": 3, "samples": 4, "device": "cpu"}
    longer = config.load(VALUES | same | {"dataset": {"name": "grid"}, "checkpoints": {"keep": 9}})
    assert longer.recipe == experiment.recipe
    other = config.load(VALUES | {"seed": 5, "objective": {"name": "least_squares", "target": 2}})
    assert other.recipe != experiment.recipe
    assert jax.tree.structure(other.recipe) == jax.tree.structure(experiment.recipe)
    averaged = config.load(VALUES | {"ema": 0.9})
    assert jax.tree.structure(averaged.recipe) != jax.tree.structure(experiment.recipe)
