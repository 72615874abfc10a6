"""The decorator that turns a class into a component: a typed dataclass that is also a pytree.

A component's fields are its configuration. A `float` field is a leaf of the pytree, so a compiled
step takes it as an argument; everything else is static structure that the step is compiled for.
Two components can share one compiled program exactly when their tree structures are equal.
"""

import dataclasses
import importlib
import pkgutil
import typing
from collections.abc import Iterable, Mapping
from typing import Any, ClassVar, TypeVar, dataclass_transform

import jax

T = TypeVar("T")

REGISTRY: dict[str, dict[str, type]] = {}
"""The class of every named component, by its group (such as "objective") and its name."""


def import_files(package: str, path: Iterable[str]) -> None:
    """Imports every file of a package, so that the components in them are registered.

    Args:
        package: the package's `__name__`.
        path: the package's `__path__`.
    """
    for module in pkgutil.iter_modules(path, f"{package}."):
        importlib.import_module(module.name)


def static(default: Any = dataclasses.MISSING) -> Any:
    """A float field that is static, because a module stores it or it switches something on."""
    return dataclasses.field(default=default, metadata={"leaf": False})


def leaf(default: Any = dataclasses.MISSING) -> Any:
    """A field that is a leaf although it is not a float, such as the seed."""
    return dataclasses.field(default=default, metadata={"leaf": True})


def _is_leaf(field: dataclasses.Field[Any], kind: Any) -> bool:
    """Whether a field is a child of the pytree: marked so, a float, a component or some of them."""
    if typing.get_origin(kind) is Mapping:
        kind = typing.get_args(kind)[1]
    nested = isinstance(kind, type) and getattr(kind, "is_component", False)
    return bool(field.metadata.get("leaf", kind is float or nested))


@dataclass_transform(kw_only_default=True, field_specifiers=(static, leaf, dataclasses.field))
def component(cls: type[T]) -> type[T]:
    """Makes `cls` a dataclass with keyword fields and a pytree, and registers it if it has a name.

    Args:
        cls: a class with annotated fields. With the class attributes `group` (usually inherited)
            and `name`, the configuration can choose it by `group=name`.

    Returns:
        The same class.

    Raises:
        ValueError: if another class already has that name in that group.
    """
    cls.is_component = True  # type: ignore[attr-defined]
    made = dataclasses.dataclass(unsafe_hash=True, kw_only=True)(cls)
    fields = dataclasses.fields(made)  # type: ignore[arg-type]
    kinds = typing.get_type_hints(made)  # types even where annotations are postponed
    children = [field.name for field in fields if _is_leaf(field, kinds[field.name])]
    _register_pytree(made, children, [f.name for f in fields if f.name not in children])
    if "name" in vars(cls):
        _register(made)
    return made


def _register_pytree(cls: type[Any], children: list[str], statics: list[str]) -> None:
    """Makes a dataclass a pytree whose structure is its class and its static fields.

    JAX's own registration of dataclasses treats two classes without fields as equal structures, so
    a program compiled for one of them could be run for the other.
    """

    def flatten(made: Any) -> tuple[tuple[Any, ...], tuple[Any, ...]]:
        leaves, rest = ([getattr(made, name) for name in names] for names in (children, statics))
        return tuple(leaves), (cls, *rest)

    def flatten_with_keys(made: Any) -> tuple[list[tuple[Any, Any]], tuple[Any, ...]]:
        leaves, structure = flatten(made)
        return list(zip(map(jax.tree_util.GetAttrKey, children), leaves, strict=True)), structure

    def unflatten(structure: tuple[Any, ...], leaves: Iterable[Any]) -> Any:
        return cls(**dict(zip(children + statics, (*leaves, *structure[1:]), strict=True)))

    jax.tree_util.register_pytree_with_keys(cls, flatten_with_keys, unflatten, flatten)


class Component:
    """What every configurable component has: its group, its name, and a check of its values."""

    group: ClassVar[str]
    name: ClassVar[str]
    is_component: ClassVar[bool] = True

    def validate(self) -> None:
        """Checks the values once, when a configuration is loaded.

        Raises:
            UsageError: naming the field and what it may be.
        """


def _register(cls: Any) -> None:
    known = REGISTRY.setdefault(cls.group, {})
    other = known.get(cls.name)
    place = (cls.__module__, cls.__qualname__)  # the same again is a reload
    if other is not None and (other.__module__, other.__qualname__) != place:
        raise ValueError(f"{cls.group} '{cls.name}' is already {other.__module__}.{other.__name__}")
    known[cls.name] = cls
