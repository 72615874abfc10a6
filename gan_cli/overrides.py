"""Overrides as a person writes them after `gan train`: key=value, with + or ~ in front."""

import re
from pathlib import Path


def key_of(line: str) -> str:
    """The key or group that an override sets."""
    return line.lstrip("+~").partition("=")[0]


def quoted(key: str, path: Path) -> str:
    """An override that sets a key to a path, whatever characters it holds."""
    before_a_quote = r"(\\+)(?='|\Z)"  # Hydra takes all other backslashes as they are
    escaped = re.sub(before_a_quote, r"\1\1", str(path)).replace("'", "\\'")
    return f"{key}='{escaped}'"
