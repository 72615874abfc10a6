"""Which runs are gan's own: their mark, with the time of their start, and what tells older ones."""

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from gan_cli import __version__, reading

NAME = "gan.txt"
"""The mark, in .hydra/ beside what any program with Hydra writes there."""

START = re.compile(rb"^started (\S+)$", re.MULTILINE)
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)

KEYS = {"dataset", "architecture", "objective", "optimizer", "k", "batch_size", "steps", "seed"}
"""What stands at the root of every configuration of gan's."""


def text() -> str:
    """The mark of a run that starts now."""
    return f"gan {__version__}\nstarted {datetime.now(UTC).isoformat()}\n"


def started(settings: Path) -> int:
    """When a run started, in nanoseconds since 1970; a copy of it has started when it has.

    The mark of an older run does not say, and its configuration was written then, or copied.

    Args:
        settings: the run's .hydra/ folder.

    Raises:
        OSError: if a file of it cannot be read.
    """
    try:
        found = START.search(reading.content(settings / NAME))
        since = datetime.fromisoformat(found[1].decode()) - EPOCH if found else None
    except (FileNotFoundError, ValueError, TypeError):
        since = None
    if since is None:
        return (settings / "config.yaml").stat().st_mtime_ns
    return since // timedelta(microseconds=1) * 1000


def is_gans(settings: Path, summary: Path) -> bool:
    """Whether gan wrote a run.

    Args:
        settings: the run's .hydra/ folder.
        summary: its summary.json, which in older runs names the version of gan.

    Raises:
        OSError: if a file of it cannot be read.
    """
    if (settings / NAME).is_file() or "gan" in _versions(summary):
        return True
    return is_configuration(settings / "config.yaml")


def is_configuration(path: Path) -> bool:
    """Whether a file, which need not be whole, is a configuration of gan's.

    Raises:
        OSError: if it cannot be read.
    """
    return keys(path) >= KEYS


def keys(path: Path) -> set[str]:
    """What stands at the root of a YAML file, which need not be whole.

    Raises:
        OSError: if it cannot be read.
    """
    lines = reading.content(path).decode(errors="replace").splitlines()
    return {line.partition(":")[0] for line in lines if line[:1].isalpha()}


def _versions(summary: Path) -> dict[str, Any]:
    if not summary.is_file():
        return {}
    try:
        found = reading.json_value(reading.content(summary))
    except ValueError:
        return {}
    versions = found.get("versions") if isinstance(found, dict) else None
    return versions if isinstance(versions, dict) else {}
