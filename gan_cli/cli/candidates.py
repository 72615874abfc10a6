"""The overrides that a word can become: groups and their choices, keys and their values."""

from hydra.core.object_type import ObjectType
from omegaconf import DictConfig, OmegaConf

from gan_cli import compose
from gan_cli.compose import Hydra
from gan_cli.errors import UsageError


def candidates(program: Hydra, word: str, before: list[str]) -> list[str]:
    """The overrides that begin with `word`, given the overrides before it."""
    key, equals, value = word.partition("=")
    if equals:
        first, comma, last = value.rpartition(",")
        choices = _values(program, key, before)
        return [f"{key}={first}{comma}{c}" for c in choices if c.startswith(last)]
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
        node = _node(program, parent, before)
        for key in node or ():
            child = node._get_node(key) if node is not None else None
            group = f"{key!s}=" in names
            ending = "." if hasattr(child, "keys") else "="
            if key != "name" and (not group or ending == "."):
                names.add(f"{parent}{dot}{key!s}{ending}")
    return sorted(name for name in names if name.startswith(word))


def _values(program: Hydra, key: str, before: list[str]) -> list[str]:
    """A group's choices, or the value that a key has now."""
    options = program.config_loader.get_group_options(key, ObjectType.CONFIG)
    if options:
        return sorted(options)
    parent, _, name = key.rpartition(".")
    node = _node(program, parent, before)
    if node is None or name not in node or hasattr(node[name], "keys"):
        return []
    return [_shown(node[name])]


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
