"""The root of the configuration, and its strict load from plain values into typed components."""

import dataclasses
import types
import typing
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal

import gan_cli.architectures
import gan_cli.datasets
import gan_cli.objectives
import gan_cli.optimizers  # noqa: F401  (the four imports register every component)
from gan_cli.architectures.base import Architecture
from gan_cli.component import REGISTRY, Component, component, leaf, static
from gan_cli.datasets.base import Dataset
from gan_cli.errors import UsageError, nearest
from gan_cli.objectives.base import Objective
from gan_cli.optimizers.base import Optimizers
from gan_cli.runs import damaged, read_settings

Update = Literal["alternating", "simultaneous"]
Precision = Literal["float32", "bfloat16"]
Device = Literal["auto", "cpu", "gpu", "tpu"]

MAX_INTEGER = 2**31 - 1
MAX_FLOAT = 3.4028234e38


@component
class Recipe:
    """What decides the numbers of a training step: a pytree that the compiled step takes.

    k: discriminator updates per generator update.
    batch_size: examples in a minibatch.
    seed: of every random number of the run.
    update: alternating (Algorithm 1), or simultaneous: D's last update and G's from one minibatch.
    ema: decay of the average of G's parameters that samples are drawn with; 0 is off.
    precision: of the networks' arithmetic; parameters and losses stay float32.
    """

    architecture: Architecture
    objective: Objective
    optimizer: Optimizers
    k: int = 1
    batch_size: int = 128
    seed: int = leaf(0)
    update: Update = "alternating"
    ema: float = static(0.999)
    precision: Precision = "float32"


@dataclasses.dataclass(kw_only=True)
class Checkpoints:
    """When states are saved: every so many steps; how many of them are kept."""

    every: int = 5000
    keep: int = 2

    def validate(self) -> None:
        _check_counts(every=self.every, keep=self.keep)


@dataclasses.dataclass(kw_only=True)
class Experiment(Recipe):
    """A whole configuration: the recipe, the data, and how long to train and what to write.

    steps: generator updates in all.
    log_every, sample_every: steps between logged scalars and between sample pictures.
    samples: examples in a sample picture.
    theory_every: steps between comparisons with the known density of the data; 0 is off.
    resident_mib: a finite data set larger than this (MiB) is fed from disk.
    compile_cache: where compiled programs are kept: auto (the user's cache), off, or a directory.
    optimized_metric: the scalar tag whose last value a sweeper gets as the run's score.
    """

    dataset: Dataset
    steps: int = 20_000
    log_every: int = 100
    sample_every: int = 1000
    samples: int = 64
    theory_every: int = 0
    checkpoints: Checkpoints = dataclasses.field(default_factory=Checkpoints)
    device: Device = "auto"
    resident_mib: int = 1024
    compile_cache: str = "auto"
    optimized_metric: str = "loss/generator"

    @property
    def recipe(self) -> Recipe:
        """The part that a compiled step takes; steps, intervals and paths are not in it."""
        return Recipe(**{f.name: getattr(self, f.name) for f in dataclasses.fields(Recipe)})

    def validate(self) -> None:
        _check_counts(
            k=self.k,
            steps=self.steps,
            batch_size=self.batch_size,
            log_every=self.log_every,
            sample_every=self.sample_every,
            samples=self.samples,
            resident_mib=self.resident_mib,
        )
        if not 0 <= self.seed <= MAX_INTEGER:
            raise UsageError(f"seed={self.seed}: must be between 0 and {MAX_INTEGER}.")
        if self.theory_every < 0 or self.theory_every % self.log_every:
            raise UsageError(
                f"theory_every={self.theory_every}: must be 0 (off) or a multiple of "
                f"log_every={self.log_every}."
            )
        if not 0 <= self.ema < 1:
            raise UsageError(f"ema={self.ema}: must be at least 0 and less than 1.")


def load(values: Mapping[str, Any]) -> Experiment:
    """Builds the experiment that a configuration describes.

    Args:
        values: nested plain values, such as the configuration that Hydra composed.

    Returns:
        The experiment, its values checked.

    Raises:
        UsageError: for a key that no component has, a missing key, a wrong type or a wrong value;
            it names the key and the nearest valid one.
    """
    return typing.cast(Experiment, _build(Experiment, values, ""))


def load_run(run: Path) -> Experiment:
    """Rebuilds the experiment of a run directory from the configuration saved in it.

    Raises:
        UsageError: if the directory holds no run, or its configuration no longer loads.
        DataError: if its configuration is damaged.
    """
    values = saved_values(run)
    try:
        return load(values)
    except UsageError as error:
        raise UsageError(f"{run}: {error}") from error


def saved_values(run: Path) -> dict[str, Any]:
    """The configuration saved in a run directory, as nested plain values.

    Raises:
        UsageError: if the directory holds no run.
        DataError: if the file is damaged.
    """
    path = run / ".hydra" / "config.yaml"
    if not path.is_file():
        raise UsageError(f"{run} is not a run directory: it has no .hydra/config.yaml.")
    return _from_where_it_ran(read_settings(path, resolve=True), run)


def _from_where_it_ran(values: dict[str, Any], run: Path) -> dict[str, Any]:
    """The same values with the data set's relative paths as the run's own process meant them."""
    saved = run / ".hydra" / "hydra.yaml"
    dataset = values.get("dataset")
    if isinstance(dataset, dict) and saved.is_file():
        try:
            stood = Path(read_settings(saved, resolve=False)["hydra"]["runtime"]["cwd"])
        except (KeyError, TypeError) as error:
            raise damaged(saved, ValueError("it does not say hydra.runtime.cwd")) from error
        for key in ("path", "root"):
            if dataset.get(key):
                dataset[key] = str(stood / Path(dataset[key]).expanduser())
    return values


def _build(cls: type, values: Any, path: str) -> Any:
    """An instance of a dataclass or a named component from the values at `path`."""
    if not isinstance(values, Mapping):
        place = f"{path}={_shown(values)}" if path else "the configuration"
        raise UsageError(f"{place}: must be a group of settings, not a single value.")
    rest = dict(values)
    if getattr(cls, "group", None) is not None and "name" not in vars(cls):
        cls = _class_of(cls, rest.pop("name", None), path)
    fields = {field.name: field for field in dataclasses.fields(cls)}
    for key in rest:
        if key not in fields:
            what = f" of {cls.group} '{cls.name}'" if issubclass(cls, Component) else ""
            raise UsageError(
                f"{_join(path, key)}: no such setting{what}. {nearest(str(key), fields)}"
            )
    hints = typing.get_type_hints(cls)
    arguments = {key: _value(hints[key], value, _join(path, key)) for key, value in rest.items()}
    for key, field in fields.items():
        required = (
            field.default is dataclasses.MISSING and field.default_factory is dataclasses.MISSING
        )
        if required and key not in arguments:
            raise UsageError(f"{_join(path, key)}: missing from the configuration.")
    made = cls(**arguments)
    if hasattr(made, "validate"):
        try:
            made.validate()
        except UsageError as error:
            raise UsageError(_join(path, str(error))) from error
    return made


def _class_of(base: Any, name: Any, path: str) -> type:
    known = REGISTRY.get(base.group, {})
    if not isinstance(name, str) or name not in known:
        raise UsageError(
            f"{_join(path, 'name')}={_shown(name)}: no such {base.group} is known. "
            f"{nearest(str(name), known)} One of your own needs --import MODULE."
        )
    return known[name]


def _value(kind: Any, value: Any, path: str) -> Any:
    """`value` as the annotated type `kind`, or an error that says what it must be."""
    origin, options = typing.get_origin(kind), typing.get_args(kind)
    if origin is Literal:
        if value in options:
            return value
        raise UsageError(f"{path}={_shown(value)}: not a choice. {nearest(str(value), options)}")
    if origin in (typing.Union, types.UnionType):
        if value is None:
            return None
        return _value(next(o for o in options if o is not type(None)), value, path)
    if origin is tuple:
        if isinstance(value, list | tuple):
            return tuple(_value(options[0], item, f"{path}[{i}]") for i, item in enumerate(value))
        example = _EXAMPLES[options[0]]
        raise UsageError(f"{path}={_shown(value)}: must be a list such as [{example}].")
    if dataclasses.is_dataclass(kind) or getattr(kind, "is_component", False):
        return _build(kind, value, path)
    if type(value) is kind and kind is not float:
        return value
    if type(value) in (int, float) and kind is str:
        return str(value)
    if type(value) in (int, float) and kind is float:
        if abs(value) <= MAX_FLOAT:
            return float(value)
        raise UsageError(f"{path}={value}: must be a finite number of single precision.")
    hint = _HINTS.get((kind, type(value)), "")
    raise UsageError(f"{path}={_shown(value)}: must be {_NOUNS[kind]}{hint}.")


def _shown(value: Any) -> str:
    """A value as YAML writes it."""
    if value is None:
        return "null"
    return str(value).lower() if isinstance(value, bool) else str(value)


_NOUNS = {int: "a whole number", float: "a number", bool: "true or false", str: "a text"}
_HINTS = {(int, float): ", without point or exponent", (str, bool): " in quotes"}
_EXAMPLES = {int: "128,128", float: "0.5,0.5", str: "a,b"}


def _join(path: str, key: str) -> str:
    return f"{path}.{key}" if path else key


def _check_counts(**values: int) -> None:
    """Refuses a count below 1, or above what 32 bits hold."""
    for name, value in values.items():
        if value < 1:
            raise UsageError(f"{name}={value}: must be at least 1.")
        if value > MAX_INTEGER:
            raise UsageError(f"{name}={value}: must be at most {MAX_INTEGER}.")
