"""Several values where there is a single run, and sweeps whose values cannot be listed."""

import re
from collections.abc import Sequence

from hydra.core.config_loader import ConfigLoader
from hydra.core.override_parser.types import Override
from omegaconf import DictConfig, OmegaConf

from gan_cli.composition.unknown_keys import unknown
from gan_cli.errors import UsageError, nearest
from gan_cli.keys import SEVERAL
from gan_cli.players import for_each


def several_values(override: Override, config: DictConfig, loader: ConfigLoader) -> UsageError:
    """The error for several values where there is a single run.

    Args:
        override: what was typed.
        config: any configuration.
        loader: knows the groups and their options.
    """
    line, key = str(override.input_line), override.key_or_group
    chosen = "." in key or loader.get_group_options(key)
    if told := None if chosen else unknown(key, config, loader):
        return UsageError(told)
    typed = line.partition("=")[2]
    if re.fullmatch(r"[1-9]\d{0,2}(,\d{3})*,000", typed):
        number = typed.replace(",", "")
        return UsageError(f"{line}: a number is written without commas: {key}={number}")
    if key in SEVERAL and re.fullmatch(r"\w+(,\w+)+", typed):
        return UsageError(
            f"{line}: one run with all of them is {key}=[{typed}], and a run with each of them is "
            f"-m {line}"
        )
    point = f" With a decimal point: {key}={decimal}" if (decimal := _decimal(line, config)) else ""
    return UsageError(
        f"{line}: several values need -m (one run each); "
        f"a list is written in brackets, a text in quotes.{point}"
    )


def _decimal(line: str, config: DictConfig) -> str:
    """The number that was typed with a decimal comma, as in ema=0,99; empty where there is none."""
    key, _, value = for_each([line])[0].partition("=")
    found = re.fullmatch(r"([-+]?\d+),(\d+(?:[eE][-+]?\d+)?)", value)
    if found is None:
        return ""
    usual = OmegaConf.select(config, key)
    is_below_one = not isinstance(usual, int) and int(found[1]) == 0
    is_decimal = isinstance(usual, float) or is_below_one or re.match(r"0\d", found[2])
    return f"{found[1]}.{found[2]}" if is_decimal else ""


def check_finite(loader: ConfigLoader, parsed: Sequence[Override]) -> None:
    """Refuses a swept override without values, or with more values than can be listed."""
    for override in filter(Override.is_sweep_override, parsed):
        key, line = override.key_or_group, override.input_line
        if not override.is_discrete_sweep():
            raise UsageError(
                f"{line}: needs a sweeper that searches. "
                f"Without one, list the values: {key}=1,2 or {key}=range(1,3)."
            )
        if not any(True for _ in override.sweep_string_iterator()):
            choices = loader.get_group_options(key)
            valid = f" {nearest('', choices)}" if choices else ""
            raise UsageError(f"{line}: matches nothing.{valid}")
