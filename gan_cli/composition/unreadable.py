"""Why a text is no override, with the override that may have been meant."""

import re
from collections.abc import Sequence

from hydra.core.config_loader import ConfigLoader
from omegaconf import DictConfig

from gan_cli import several
from gan_cli.composition.choices import own_data
from gan_cli.composition.overrides import is_key
from gan_cli.composition.unknown_keys import choice_named
from gan_cli.errors import UsageError
from gan_cli.keys import ending_with, namesakes

AROUND_EQUALS = r"[^\s=]+(?: = ?| ?= )[^\s=]+"
AFTER_COMMA = r"[^\s=]+=[^\s=]*,(?: [^\s=]+,)* [^\s=]+"


def split_up(lines: Sequence[str]) -> UsageError | None:
    """The error for spaces around an equals sign or after a comma; None where there are none.

    Args:
        lines: what was typed, such as steps, = and 20.
    """
    found = re.search(rf"(?<!\S)(?:{AROUND_EQUALS}|{AFTER_COMMA})(?!\S)", " ".join(lines))
    if not found:
        return None
    return UsageError(f"{found[0]}: write it without spaces: {found[0].replace(' ', '')}")


def unparsable(line: str | None, loader: ConfigLoader, config: DictConfig) -> UsageError:
    """The error for a text that is no override, with the override that may have been meant.

    Args:
        line: the text.
        loader: knows the groups and their options.
        config: any configuration.
    """
    key, equals, value = (line or "").partition("=")
    fewer = several.without_needless_commas(value)
    if equals and is_key(key) and fewer not in (value, ""):
        told = "a comma stands between two values, and one here has none beside it."
        return UsageError(f"{line}: {told} Write {key}={fewer}")
    if equals and is_key(key):
        return UsageError(f"{line}: the value cannot be read. A text belongs in quotes.")
    meant = _meant(line or "", loader, config)
    hint = f" Did you mean '{meant}'?" if meant else ""
    if not hint and not equals and (own := own_data(key, loader)):
        hint = f" {own}"
    if key and equals:
        return UsageError(f"{line}: '{key}' cannot be the name of a setting.{hint}")
    return UsageError(
        f"{line!r} is not an override: write key=value, such as k=5 or dataset=mnist.{hint}"
    )


def _meant(line: str, loader: ConfigLoader, config: DictConfig) -> str | None:
    """The override that a text such as --k=3, k:3, k 3, k or wgan stands for, or None."""
    found = re.fullmatch(r"-*([\w./-]+?)(?:\s*[=:\s]\s*(\S.*))?", line)
    if not found:
        return None
    named = namesakes(found[1], config) or ending_with(found[1], config)
    if found[2] and named:
        return f"{named[0]}={found[2]}"
    alone = [] if found[2] else namesakes(found[1], config)
    return choice_named(found[1], loader) or (f"{alone[0]}=VALUE" if alone else None)
