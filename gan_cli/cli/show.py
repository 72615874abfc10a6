"""`gan train --cfg`, `--info` and `--hydra-help`: what is composed, and how."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from hydra.core.hydra_config import HydraConfig
from omegaconf import DictConfig, OmegaConf
from omegaconf.errors import ConfigIndexError, ConfigKeyError

from gan_cli.composition import compose
from gan_cli.errors import UsageError, nearest
from gan_cli.tuned import configuration


def show_configuration(
    lines: Sequence[str], config_dir: Path | None, part: str, package: str | None, *, resolve: bool
) -> None:
    """Prints a part of the composed configuration as YAML, or one value of it.

    Args:
        lines: the overrides.
        config_dir: the user's own configuration files.
        part: job, hydra or all.
        package: a dotted key; None, or _global_, for all of the part.
        resolve: whether ${...} are replaced by what they stand for.

    Raises:
        UsageError: if it does not compose, or the part has no such key.
    """
    with compose.hydra(config_dir) as program:
        composed = compose.compose(program, lines)
        tuned = "" if part == "hydra" else configuration.told(composed)
        HydraConfig.instance().set_config(composed)  # what ${hydra:...} means
        OmegaConf.set_readonly(composed.hydra, None)
        shown = program.get_sanitized_cfg(composed, part)
        if package not in (None, "_global_"):
            shown = _part(shown, str(package))
        if not OmegaConf.is_config(shown):
            print(shown)
            return
        if package not in (None, "_global_"):
            print(f"# @package {package}")
        elif tuned:
            print(f"# tuned: {tuned}")
        if resolve:
            OmegaConf.resolve(shown)
        print(OmegaConf.to_yaml(shown), end="")


def show_composition(lines: Sequence[str], config_dir: Path | None, what: str) -> None:
    """Lets Hydra tell how the configuration is composed.

    Raises:
        UsageError: if it does not compose.
    """
    with compose.hydra(config_dir) as program:
        compose.compose(program, lines)
        program.show_info(what, compose.CONFIG_NAME, compose.literal(program, lines))


def show_help(lines: Sequence[str], config_dir: Path | None) -> None:
    """Prints Hydra's own help."""
    with compose.hydra(config_dir) as program:
        print(compose.help_text(program, lines))


def _part(shown: DictConfig, package: str) -> Any:
    """What stands at a dotted key.

    Raises:
        UsageError: if nothing does; it names the nearest key beside it.
    """
    found = _select(shown, package)
    if found is not None:
        return found
    above = package.rpartition(".")[0]
    group = _select(shown, above) if above else shown
    if not OmegaConf.is_dict(group):
        above, group = "", shown
    names = [f"{above}.{key!s}".lstrip(".") for key in group.keys() if key in group]  # noqa: SIM118
    raise UsageError(f"--package {package}: no such part. {nearest(package, names)}")


def _select(config: DictConfig, key: str) -> Any:
    """What is at a dotted key; None where there is nothing, or where the text is no key."""
    try:
        return OmegaConf.select(config, key)
    except (ConfigIndexError, ConfigKeyError):
        return None
