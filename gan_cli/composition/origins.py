"""The line of a configuration file, or the row of a table, that a wrong setting comes from."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from omegaconf import DictConfig, OmegaConf

from gan_cli.composition import whole_numbers
from gan_cli.composition.comments import line_numbers
from gan_cli.composition.compose import conf_directory
from gan_cli.composition.experiment_defaults import EXPERIMENT
from gan_cli.composition.lacking_files import PACKAGE, lacking
from gan_cli.composition.overrides import key_of, typed
from gan_cli.errors import UsageError
from gan_cli.keys import flat
from gan_cli.players import for_both, for_each
from gan_cli.tuned import table
from gan_cli.tuned.choice import AUTO


@contextmanager
def naming_files(config: DictConfig) -> Iterator[None]:
    """Names the file in an error about settings of which no override gave one.

    Where the file of a choice lacks something, that is told instead, and a whole number is told as
    it was typed.

    Args:
        config: composed, Hydra's part included.
    """
    try:
        yield
    except UsageError as error:
        if lack := lacking(config, str(error)):
            raise UsageError(lack) from error
        if number := whole_numbers.as_typed(str(error), typed(config)):
            raise UsageError(number) from error
        found = re.match(r"[\w.]+", str(error))
        beside = re.findall(r"[\w.]+(?==)", str(error).partition(": ")[0])
        place = found and not _given(config, beside) and origin(config, found[0])
        if not place:
            raise
        raise UsageError(f"{error} It stands in {place}.") from error


def origin(config: DictConfig, key: str) -> str | None:
    """Where a dotted key gets its value: a file and the line or row; None where an override does.

    A file of the group `experiment` goes before those of other groups, and what a file leaves at
    `auto` is from a table.
    """
    if _given(config, [key]) or key.endswith(".name"):
        return None
    line = None if key in map(key_of, for_each(typed(config))) else _line(config, key)
    return line or _row(config, key)


def _given(config: DictConfig, keys: list[str]) -> bool:
    """Whether an override gives one of some dotted keys its value, which `auto` does not."""
    lines = [line for line in for_each(typed(config)) if key_of(line) in keys]
    replaced = [line.endswith(f"={AUTO}") and _value(config, line) != AUTO for line in lines]
    return not all(replaced)


def _value(config: DictConfig, line: str) -> object:
    """What a setting that an override gave is in the configuration."""
    return OmegaConf.select(config, key_of(line))


def _line(config: DictConfig, key: str) -> str | None:
    """The file of a choice and the line that give a dotted key a value other than `auto`.

    What stands in a file of the package and has no value is to be given elsewhere.
    """
    is_missing = OmegaConf.select(config, key) is None
    choices = {str(k): v for k, v in config.hydra.runtime.choices.items()}
    groups = sorted(choices, key=lambda group: group != EXPERIMENT)
    for group in (each for each in groups if not each.startswith("hydra/")):
        for path in _files(config, group, choices[group]):
            text = path.read_text("utf-8")
            lines = text.splitlines()
            package = next((m[1] for m in map(PACKAGE.match, lines) if m), group.replace("/", "."))
            numbers = {_whole(package, name): n for name, n in line_numbers(text).items()}
            for written in (key, for_both(key)):
                if written in numbers:
                    to_give = is_missing and path.is_relative_to(conf_directory())
                    is_open = _is_auto(lines[numbers[written] - 1], key)
                    return None if to_give or is_open else f"{path}, line {numbers[written]}"
    return None


def _is_auto(line: str, key: str) -> bool:
    """Whether a line of a file leaves a dotted key to the table."""
    return bool(re.search(rf"\b{key.rpartition('.')[2]}: *{AUTO}\b", line))


def _row(config: DictConfig, key: str) -> str | None:
    """The last row of the user's table that sets a dotted key to the value that it has."""
    value = OmegaConf.select(config, key)
    own = (each for each in config.hydra.runtime.config_sources if each.provider == "command-line")
    for path in (Path(each.path) / table.FILE for each in own):
        rows = table.read(path, str(path), usual=False) if path.is_file() else []
        for row in reversed(rows):
            if (key, value) in flat(row.settings):
                return f"{row.file}, row {row.number}"
    return None


def _whole(package: str, key: str) -> str:
    """The key in the configuration for a key in a file of a package."""
    return key if package == "_global_" else f"{package}.{key}"


def _files(config: DictConfig, group: str, chosen: object) -> Iterator[Path]:
    """The files of a group's choices, each in the first folder that has it."""
    sources = config.hydra.runtime.config_sources
    folders = [Path(each.path) for each in sources if each.schema == "file"]
    for name in re.findall(r"[\w-]+", str(chosen)):
        paths = [folder / group / f"{name}.yaml" for folder in folders]
        yield from [path for path in paths if path.is_file()][:1]
