"""The overrides that a word can become: groups and their choices, keys and their values."""

from typing import Any

from hydra.core.object_type import ObjectType
from omegaconf import DictConfig, OmegaConf

from gan_cli.composition import compose
from gan_cli.composition.compose import Hydra
from gan_cli.composition.file_settings import default, listed
from gan_cli.errors import UsageError
from gan_cli.keys import SEVERAL
from gan_cli.players import OPTIMIZER, for_each, of_both


def candidates(program: Hydra, word: str, before: list[str]) -> list[str]:
    """The overrides that begin with `word`, given the overrides before it."""
    key, equals, value = word.partition("=")
    if equals:
        first, comma, last = value.rpartition(",")
        bracket = "[" if value.startswith("[") and not comma else ""
        named = first.lstrip("[").split(",")
        choices = [each for each in _values(program, key, before) if each not in named]
        whole = f"{key}={first}{comma}{bracket}"
        return [f"{whole}{each}" for each in choices if each.startswith(last.removeprefix("["))]
    names = _names(program, word, before)
    if len(names) != 1:
        return names
    [name] = names
    if name.endswith("="):
        return [name, *(name + value for value in _values(program, name[:-1], before))]
    return candidates(program, name, before) if name != word else names


def _names(program: Hydra, word: str, before: list[str]) -> list[str]:
    """Groups (with = or /) and keys (with = or .) that begin with `word`, one level deep."""
    loader = program.config_loader
    parent, slash, _ = word.rpartition("/")
    names = set()
    for group in loader.get_group_options(parent, ObjectType.GROUP):
        path = f"{parent}{slash}{group}"
        if loader.get_group_options(path, ObjectType.CONFIG):
            names.add(f"{path}=")
        if loader.get_group_options(path, ObjectType.GROUP):
            names.add(f"{path}/")
    if not slash:
        parent, dot, _ = word.rpartition(".")
        for key, has_parts in _keys(program, parent, before).items():
            group = f"{key}=" in names
            if key != "name" and (not group or has_parts):
                names.add(f"{parent}{dot}{key}{'.' if has_parts else '='}")
    return sorted(name for name in names if name.startswith(word))


def _keys(program: Hydra, parent: str, before: list[str]) -> dict[str, bool]:
    """The keys below a dotted path, and whether there are keys below each of them."""
    node = _node(program, parent, before)
    keys = _parts(node)
    group, _, below = parent.partition(".")
    if group in SEVERAL and below:
        name, _, within = below.partition(".")
        loaded = program.config_loader.repository.read(f"{group}/{name}")
        if loaded:
            keys |= _parts(OmegaConf.select(loaded.config, within) if within else loaded.config)
    if parent == OPTIMIZER or parent.startswith(f"{OPTIMIZER}."):
        below = parent.removeprefix(OPTIMIZER).lstrip(".")
        config = _node(program, "", before)
        for whole in of_both(config) if config else ():
            name, _, rest = whole.removeprefix(f"{OPTIMIZER}.{below}").lstrip(".").partition(".")
            if whole.startswith(f"{OPTIMIZER}.{below}") and name:
                keys.setdefault(name, bool(rest))
    return keys


def _parts(node: Any) -> dict[str, bool]:
    """The keys of a node, and whether there are keys below each of them."""
    return {str(key): hasattr(node._get_node(key), "keys") for key in node or ()} if node else {}


def _values(program: Hydra, key: str, before: list[str]) -> list[str]:
    """A group's choices, the values that a file lists for a key, or the value that it has now."""
    loader = program.config_loader
    options = loader.get_group_options(key, ObjectType.CONFIG)
    if options:
        return sorted(options)
    own = for_each([key])[0]
    parent, _, name = own.rpartition(".")
    node = _node(program, parent, before)
    if node is None or name not in node:
        value = default(loader.repository, own) if own.partition(".")[0] in SEVERAL else None
        return [] if value is None else [_shown(value)]
    if hasattr(node[name], "keys"):
        return []
    return listed(loader.repository, own) or [_shown(node[name])]


def _shown(value: object) -> str:
    """A value as an override writes it, in one word."""
    if value is None:
        return "null"
    return str(value).lower() if isinstance(value, bool) else str(value).replace(", ", ",")


def _node(program: Hydra, path: str, before: list[str]) -> DictConfig | None:
    """The part of the configuration at a dotted path, as composed with the overrides so far."""
    try:
        config = compose.compose(program, before)
    except UsageError:
        config = compose.compose(program, [])
    node = OmegaConf.select(config, path) if path else config
    return node if OmegaConf.is_dict(node) else None
