"""A component is a dataclass and a pytree; what shares a compiled program, and what does not."""

import dataclasses
import importlib
import itertools
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Literal

import jax
import jax.numpy as jnp
import pytest
from annotated_types import Ge, Gt, Interval

from gan_cli.component import REGISTRY, Component, component, import_files, leaf, static
from gan_cli.errors import UsageError
from gan_cli.objectives.hinge import Hinge
from gan_cli.objectives.minimax import Minimax
from gan_cli.objectives.non_saturating import NonSaturating


@pytest.fixture
def registry(monkeypatch):
    """The names of the group "toy", empty before and after each test."""
    known = {}
    monkeypatch.setitem(REGISTRY, "toy", known)
    return known


@component
class Inner:
    """A component without a name."""

    rate: float = 0.5
    steps: int = 10


@component
class Toy(Component):
    """One field of every kind."""

    scale: float = 1.0
    dropout: float = static(0.25)
    seed: int = leaf(7)
    width: int = 3
    kind: Literal["a", "b"] = "a"
    widths: tuple[int, ...] = (1, 2)
    centres: tuple[float, ...] = (0.5,)
    limit: float | None = None
    inner: Inner = Inner()

    group = "toy"

    def validate(self) -> None:
        if not self.scale > 0:
            raise UsageError(f"scale={self.scale}: must be positive.")


def names(tree):
    return [jax.tree_util.keystr(path) for path, _ in jax.tree_util.tree_leaves_with_path(tree)]


def test_floats_marked_fields_and_floats_of_nested_components_are_leaves():
    assert names(Toy()) == [".scale", ".seed", ".inner.rate"]
    assert jax.tree.leaves(Toy(scale=2.0, seed=3)) == [2.0, 3, 0.5]


@pytest.mark.parametrize(
    "changes",
    [
        {"dropout": 0.5},
        {"width": 4},
        {"kind": "b"},
        {"widths": (1, 3)},
        {"centres": (0.75,)},
        {"limit": 1.0},
        {"inner": Inner(steps=11)},
    ],
    ids=str,
)
def test_everything_else_is_structure(changes):
    assert jax.tree.structure(Toy(**changes)) != jax.tree.structure(Toy())


@pytest.mark.parametrize(
    "changes", [{"scale": 3.0}, {"seed": 1}, {"inner": Inner(rate=0.1)}], ids=str
)
def test_leaves_are_no_structure(changes):
    assert jax.tree.structure(Toy(**changes)) == jax.tree.structure(Toy())
    assert Toy(**changes) != Toy()


def test_components_by_name_are_children_in_the_order_of_their_names():
    @component
    class Several:
        several: Mapping[str, Inner] = dataclasses.field(default_factory=dict)

    made = Several(several={"b": Inner(rate=2.0), "a": Inner()})
    assert names(made) == [".several['a'].rate", ".several['b'].rate"]
    assert jax.tree.leaves(Several()) == []
    assert jax.tree.structure(made) != jax.tree.structure(Several(several={"a": Inner()}))
    assert jax.tree.map(lambda rate: rate + 1, made).several["b"] == Inner(rate=3.0)


def test_programs_are_shared_exactly_where_structures_are_equal():
    traces = []

    @jax.jit
    def scaled(toy, x):
        traces.append(toy)
        return toy.scale * x + toy.width * toy.inner.rate + toy.seed

    assert scaled(Toy(), 2.0) == 2 + 1.5 + 7
    assert scaled(Toy(scale=3.0, seed=1, inner=Inner(rate=1.0)), 2.0) == 6 + 3 + 1
    assert len(traces) == 1
    assert scaled(Toy(width=5), 2.0) == 2 + 2.5 + 7
    assert scaled(Toy(dropout=0.5), 2.0) == 2 + 1.5 + 7
    assert len(traces) == 3


def test_unflattening_checks_nothing_and_keeps_the_class():
    refused = Toy(scale=-1.0)
    with pytest.raises(UsageError, match=r"scale=-1.0: must be positive\."):
        refused.validate()
    assert jax.tree.map(lambda x: x, refused) == refused
    lanes = jax.vmap(lambda toy: toy)(jax.tree.map(lambda *x: jnp.stack(x), refused, Toy()))
    assert lanes.scale.tolist() == [-1, 1]
    assert lanes.inner.steps == 10

    @jax.jit
    def through(toy):
        assert isinstance(toy, Toy)
        assert isinstance(toy.scale, jax.core.Tracer)
        return toy

    assert through(refused) == refused


def test_equality_and_hash_are_those_of_the_values():
    assert Toy(scale=2.0) == Toy(scale=2.0)
    assert hash(Toy(scale=2.0)) == hash(Toy(scale=2.0))
    assert Toy() != Inner()
    assert len({Toy(), Toy(), Toy(width=4), Toy(scale=2.0)}) == 3


def test_fields_are_keywords_and_have_no_others():
    with pytest.raises(TypeError):
        Toy(1.0)
    with pytest.raises(TypeError):
        Toy(scales=1.0)
    assert dataclasses.replace(Toy(), width=9).width == 9


def test_a_marked_field_without_a_default_has_to_be_given():
    @component
    class Needy:
        rate: float = static()
        seed: int = leaf()

    with pytest.raises(TypeError, match="rate"):
        Needy(seed=1)
    assert names(Needy(rate=0.5, seed=1)) == [".seed"]


def test_a_class_is_known_by_the_name_that_it_states_itself(registry):
    @component
    class First(Toy):
        name = "first"

    @component
    class Second(First):
        name = "second"

    @component
    class Unnamed(Second):
        extra: float = 1.0

    assert registry == {"first": First, "second": Second}


def test_a_name_that_is_taken_is_refused(registry):
    @component
    class First(Toy):
        name = "taken"

    with pytest.raises(ValueError, match="taken") as refused:

        @component
        class Second(Toy):
            name = "taken"

    assert str(refused.value) == f"toy 'taken' is already {__name__}.First"
    assert registry == {"taken": First}


def test_a_class_of_another_module_is_another_class(registry):
    source = "@component\nclass Mine(Toy):\n    name = 'mine'\n"
    modules = [{"__name__": name, "component": component, "Toy": Toy} for name in ("one", "two")]
    exec(source, modules[0])
    exec(source, modules[0])
    assert registry == {"mine": modules[0]["Mine"]}
    with pytest.raises(ValueError, match=r"^toy 'mine' is already one\.Mine$"):
        exec(source, modules[1])


def test_postponed_annotations_are_types_all_the_same(tmp_path, monkeypatch):
    (tmp_path / "postponed.py").write_text(
        "from __future__ import annotations\n"
        "from gan_cli.component import component, static\n"
        "from gan_cli.optimizers.schedules import Schedule\n"
        "@component\n"
        "class Late:\n"
        "    rate: float = 1.0\n"
        "    fixed: float = static(2.0)\n"
        "    width: int = 3\n"
        "    schedule: Schedule = Schedule()\n"
    )
    monkeypatch.syspath_prepend(tmp_path)
    late = importlib.import_module("postponed").Late()
    assert names(late) == [".rate", ".schedule.end", ".schedule.rate"]


def test_bounds_change_neither_leaves_nor_structure():
    @component
    class Bounded:
        rate: Annotated[float, Gt(0)] = 1.0
        dropout: Annotated[float, Interval(ge=0, lt=1)] = static(0.25)
        seed: Annotated[int, Ge(0)] = leaf(7)
        width: Annotated[int, Ge(1)] = 3
        limit: Annotated[float, Gt(0)] | None = None
        widths: tuple[Annotated[float, Gt(0)], ...] = (1.0,)

    assert names(Bounded()) == [".rate", ".seed"]
    assert jax.tree.structure(Bounded(dropout=0.5)) != jax.tree.structure(Bounded())


def test_every_file_of_a_package_is_imported(tmp_path, monkeypatch, registry):
    folder = tmp_path / "toys"
    folder.mkdir()
    (folder / "__init__.py").write_text("")
    for name in ("one", "two"):
        (folder / f"{name}.py").write_text(
            "from gan_cli.component import Component, component\n"
            "@component\n"
            f"class Found(Component):\n    group = 'toy'\n    name = '{name}'\n"
        )
    monkeypatch.syspath_prepend(tmp_path)
    package = importlib.import_module("toys")
    assert registry == {}
    import_files(package.__name__, package.__path__)
    assert set(registry) == {"one", "two"}


@pytest.mark.parametrize(
    "group", ["datasets", "architectures", "objectives", "optimizers", "regularizers"]
)
def test_every_file_with_a_named_component_is_found_unaided(group):
    package = importlib.import_module(f"gan_cli.{group}")
    files = {
        path.stem
        for path in Path(package.__file__).parent.glob("*.py")
        if "\n    name = " in path.read_text()
    }
    known = REGISTRY[group.removesuffix("s")].values()
    found = {
        made.__module__.rpartition(".")[2]
        for made in known
        if made.__module__.startswith("gan_cli.")
    }
    assert found == files


def test_structures_of_two_classes_without_fields_differ():
    """JAX's own registration of dataclasses holds them for equal, up to their hash."""
    structures = [jax.tree.structure(made()) for made in (Minimax, NonSaturating, Hinge)]
    assert len(structures) == len(set(structures))
    for one, other in itertools.combinations(structures, 2):
        assert one != other
