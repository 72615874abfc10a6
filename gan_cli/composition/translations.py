"""What OmegaConf says of a wrong value or reference, in the user's words."""

import re
from collections.abc import Collection

from gan_cli.composition.references import EXCESS
from gan_cli.errors import alike
from gan_cli.synonyms import same

FUNCTIONS = ("hydra", "now", "oc.decode", "oc.env", "oc.select", "python_version")
"""What Hydra and OmegaConf offer to references such as ${now:%Y}."""

MISSING = r"Interpolation key '(.+)' not found"
NOT_CHOSEN = r"In '(?:.+)': Could not override '(.+)'\. No match in the defaults list\."
UNKNOWN = r"Key '(.+)' is not in struct"
RESOLVING = r"\w+ (?:raised )?while resolving interpolation: "
WORDS = {
    MISSING: "{holder} refers to '{0}', and there is no such setting.",
    r"Unsupported interpolation type (\S+)": (
        f"{{holder}} refers to '{{0}}:', which is no function. Valid: {', '.join(FUNCTIONS)}."
    ),
    rf"{RESOLVING}.*Environment variable '(.+)' not found.*": (
        "{holder} refers to the environment variable {0}, which is not set."
    ),
    rf"{RESOLVING}Missing mandatory value: (\S+)": "{holder} refers to '{0}', which has no value.",
    EXCESS: f"{{holder}}: {EXCESS}.",
    "Recursive interpolation detected": "{holder} refers to itself.",
    rf"{RESOLVING}(.+?)\.?": "{holder} holds a reference that cannot be resolved: {0}.",
    r"Value .* could not be converted to Integer": "{holder} must be a whole number.",
    r"Value .* could not be converted to Float": "{holder} must be a number.",
    r"Value .* is not a valid bool.*": "{holder} must be true or false.",
    r"Invalid value .*, expected one of \[(.+)\]": "{holder} is not a choice. Valid: {0}.",
    "Cannot merge DictConfig with ListConfig": "{holder} is a group of settings, not a list.",
    NOT_CHOSEN: "a file overrides '{0}', and nothing is chosen in such a group before.",
    UNKNOWN: "there is no setting '{0}' in it.",
    r"Missing mandatory value: (\S+)": "{0} has no value; ??? stands for one that is missing.",
}
"""The user's words by the pattern of a message."""


def translated(message: str, holder: str, keys: Collection[str] = ()) -> str | None:
    """What a message means; None where it is none of those that are known.

    Args:
        message: the first line of an error of OmegaConf's.
        holder: the setting that it is about.
        keys: the keys that there are.
    """
    for pattern, words in WORDS.items():
        if found := re.fullmatch(pattern, message):
            hint = _meant(found[1], keys) if pattern == MISSING else ""
            hint = alike(holder, keys) if pattern == UNKNOWN else hint
            hint = alike(found[1], keys) if pattern == NOT_CHOSEN else hint
            return f"{words.format(*found.groups(), holder=holder)} {hint}".rstrip()
    return None


def _meant(name: str, keys: Collection[str]) -> str:
    """The reference that was meant, in words, where one is alike."""
    head, _, rest = name.partition(".")
    if name in FUNCTIONS:
        return f"A function has a colon, as in ${{{name}:...}}."
    if head == "hydra" and rest:
        return f"Hydra's own are written ${{hydra:{rest}}}."
    ends = {key.rpartition(".")[2]: key for key in reversed(list(keys))}
    if (end := same(name, ends)) and name not in keys:
        return f"Did you mean '{ends[end]}'?"
    return alike(name, keys)
