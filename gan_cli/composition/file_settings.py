"""What the configuration files tell of a setting: whether it is a text, and who has it."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple, Protocol

import yaml
from hydra.core.object_type import ObjectType
from hydra.errors import HydraException
from hydra.plugins.config_source import ConfigResult
from omegaconf import DictConfig, EnumNode, OmegaConf, StringNode
from omegaconf.errors import OmegaConfBaseException

from gan_cli.composition.comments import alternatives, comments
from gan_cli.composition.overrides import Kind
from gan_cli.errors import UsageError
from gan_cli.synonyms import closest, same
from gan_cli.tuned.choice import AUTO
from gan_cli.tuned.table import Row

UNREADABLE = (
    yaml.YAMLError,
    HydraException,
    OmegaConfBaseException,
    OSError,
    UsageError,
    ValueError,
)


class Files(Protocol):
    """Hydra's configuration files, which are looked at and not changed."""

    def read(self, config_path: str) -> ConfigResult | None:
        """A file by its path, such as dataset/ring; None where there is none."""

    def get_group_options(self, group_name: str, results_filter: ObjectType | None) -> list[str]:
        """The names of the files in a group."""


class Place(NamedTuple):
    """A setting in a file: its node, the file, and its key there."""

    node: Any
    file: Path
    key: str


def kind_of(files: Files, table: Sequence[Row], key: str) -> Kind:
    """Tells whether a setting is a text: every file that has it holds a text there, or null.

    A setting that is `auto` there is what the table sets it to, and a text where it sets nothing.

    Args:
        files: the configuration files.
        table: what `auto` stands for.
        key: the dotted key.
    """
    found = [each.node for each in _places(files, key)]
    text = bool(found) and all(_holds_text(node, table, key) for node in found)
    return Kind(text, text and any(_may_be_null(node) for node in found))


def listed(files: Files, key: str) -> list[str]:
    """The values that the comments of the files list for a setting; none where they list none."""
    found: list[str] = []
    for place in _places(files, key):
        if place.file.is_file():
            lines = place.file.read_text("utf-8").splitlines()
            comment = comments(lines).get(place.key, "")
            found += alternatives(comment, str(place.node._value()))
    return list(dict.fromkeys(found))


def every_choice_has(files: Files, line: str) -> bool:
    """Whether all of the package's choices in a group have a setting that an override changes.

    Such as architecture.packing, which those of the user's own have too, whatever their files say.
    """
    key = line.partition("=")[0]
    group = key.rpartition(".")[0].replace(".", "/")
    names = files.get_group_options(group, ObjectType.CONFIG) if group else []
    read = {name: _readable(files, f"{group}/{name}") for name in names}
    own = [name for name, file in read.items() if file is not None and file.provider == "main"]
    return bool(own) and all([*_in_file(files, group, name, key)] for name in own)


def setting_of(files: Files, group: str, value: str) -> str | None:
    """The choice and its setting for which a file of a group lists a value; None where none does.

    Such as objective=f_gan objective.divergence=kl for kl.
    """
    for name in files.get_group_options(group, ObjectType.CONFIG):
        file = _readable(files, f"{group}/{name}")
        for key in file.config if file is not None else ():
            if found := same(value, listed(files, f"{group}.{key!s}")):
                return f"{group}={name} {group}.{key!s}={found}"
    return None


def only_choice_with(files: Files, key: str, value: str) -> str | None:
    """The only choice that has a setting, and the setting with a value that its file lists.

    Such as objective=f_gan objective.divergence=reverse_kl for the value rkl; None where several
    choices have it, or none lists a value alike.
    """
    owners, found = having(files, key), closest(value, listed(files, key))
    return f"{owners[0]} {key}={found}" if found and len(owners) == 1 else None


def default(files: Files, key: str) -> Any:
    """The value of a setting in the first file that has it; None where none has."""
    return next((place.node._value() for place in _places(files, key)), None)


def having(files: Files, key: str) -> list[str]:
    """The choices whose files have a setting, such as dataset=array for dataset.path.

    They are those of the innermost group that has it, such as optimizer/generator=sgd.

    Args:
        files: the configuration files.
        key: the dotted key.
    """
    parts = key.split(".")
    for count in range(len(parts) - 1, 0, -1):
        group = "/".join(parts[:count])
        names = files.get_group_options(group, ObjectType.CONFIG)
        if found := [name for name in names if [*_in_file(files, group, name, key)]]:
            return [f"{group}={name}" for name in found]
    return []


def whole(files: Files, path: str) -> DictConfig:
    """The settings of a file, with those that it takes from others to its own place.

    Args:
        files: the configuration files.
        path: the file, such as optimizer/discriminator/adam.

    Returns:
        The settings; none where the file cannot be read or holds something else.
    """
    file = _readable(files, path)
    found = OmegaConf.create({})
    if file is not None and isinstance(file.config, DictConfig):
        for group, name in _taken_from(file):
            found.merge_with(whole(files, f"{group}/{name}"))
        found.merge_with(file.config)
    return found


def _may_be_null(node: Any) -> bool:
    return bool(node._is_none() or (isinstance(node, StringNode) and node._is_optional()))


def _holds_text(node: Any, table: Sequence[Row], key: str) -> bool:
    if isinstance(node, EnumNode):
        return False
    value = node._value()
    if value == AUTO:
        value = next((row.settings[key] for row in table if key in row.settings), AUTO)
    return isinstance(node, StringNode) or value is None or isinstance(value, str)


def _places(files: Files, key: str) -> Iterator[Place]:
    """What stands at a dotted key in each file of the innermost group that has it.

    The files of a group are those in the folder that a part of the key names; the settings of no
    group stand in the main file.
    """
    parts = key.split(".")
    for count in range(len(parts) - 1, 0, -1):
        group = "/".join(parts[:count])
        names = files.get_group_options(group, ObjectType.CONFIG)
        found = [place for name in names for place in _in_file(files, group, name, key)]
        if found:
            yield from found
            return
    yield from _in_file(files, "", "config", key)


def _in_file(files: Files, group: str, name: str, key: str) -> Iterator[Place]:
    """What stands at a dotted key in a file, or in those that it takes its values from."""
    path = f"{group}/{name}".lstrip("/")
    loaded = _readable(files, path)
    if loaded is None or not OmegaConf.is_dict(loaded.config):
        return
    package = loaded.header.get("package") or group.replace("/", ".")
    within = key.removeprefix(f"{package}.") if package else key
    for other, chosen in _taken_from(loaded) if group else ():
        yield from _in_file(files, other, chosen, f"{other.replace('/', '.')}.{within}")
    node = _at(loaded.config, within)
    if node is not None and (within != key or not package):
        yield Place(node, Path(loaded.path.removeprefix("file://")) / f"{path}.yaml", within)


def _readable(files: Files, path: str) -> ConfigResult | None:
    """A file; None where it cannot be read, of which the composition tells if it is chosen."""
    try:
        return files.read(path)
    except UNREADABLE:
        return None


def _taken_from(file: ConfigResult) -> Iterator[tuple[str, str]]:
    """The group and the name of each file whose values a file takes to its own place."""
    for each in file.defaults_list or ():
        group = str(getattr(each, "group", None) or "")
        if group.startswith("/") and each.package == "":
            yield group.lstrip("/"), str(each.value)


def _at(config: DictConfig, key: str) -> Any:
    """The node at a dotted key that holds a single value; None where there is none."""
    node: Any = config
    for part in key.split("."):
        if not isinstance(node, DictConfig) or not isinstance(node._value(), dict):
            return None
        node = node._get_node(part, validate_access=False)
    return None if OmegaConf.is_config(node) else node
