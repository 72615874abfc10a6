"""The line of a configuration file that a wrong setting comes from."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from omegaconf import DictConfig, OmegaConf

from gan_cli.composition.comments import line_numbers
from gan_cli.composition.experiment_defaults import EXPERIMENT
from gan_cli.composition.overrides import key_of, typed
from gan_cli.errors import UsageError
from gan_cli.players import for_both, for_each

PACKAGE = re.compile(r"# *@package +(\S+)")


@contextmanager
def naming_files(config: DictConfig) -> Iterator[None]:
    """Names the file and the line in an error about a setting that no override gave.

    Args:
        config: composed, Hydra's part included.
    """
    try:
        yield
    except UsageError as error:
        found = re.match(r"[\w.]+", str(error))
        place = found and origin(config, found[0])
        if not place:
            raise
        raise UsageError(f"{error} It stands in {place}.") from error


def origin(config: DictConfig, key: str) -> str | None:
    """The file and the line that give a dotted key its value; None where an override does.

    A file of the group `experiment` goes before those of other groups.
    """
    overrides = for_each(typed(config))
    is_given = OmegaConf.select(config, key) is not None
    if key in map(key_of, overrides) or key.endswith(".name") or not is_given:
        return None
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
                    return f"{path}, line {numbers[written]}"
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
