"""Overrides put onto the configuration that a run keeps."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from hydra.core.override_parser.overrides_parser import OverridesParser
from hydra.errors import HydraException
from omegaconf import OmegaConf
from omegaconf.errors import OmegaConfBaseException

from gan_cli.composition.overrides import Kind, key_of, literal
from gan_cli.datasets import downloads
from gan_cli.errors import UsageError
from gan_cli.files import path_of
from gan_cli.job.changes import MOVABLE, PLACES

NUMBERS = ("devices", *(f"distributed.{key}" for key in ("processes", "process", "timeout")))
"""What may be a word and is a number beside it."""


def put(values: dict[str, Any], lines: Sequence[str]) -> dict[str, Any]:
    """The saved values of a run with overrides in place, whose keys the caller has checked.

    A relative path of the data is relative to the working directory.

    Raises:
        UsageError: for what is not read as key=value.
    """
    merged: Any = OmegaConf.create(values)

    def kind_of(key: str) -> Kind:
        saved = OmegaConf.select(merged, key)
        text = key not in NUMBERS and (saved is None or isinstance(saved, str))
        return Kind(text, optional=saved is None or key in MOVABLE)

    for line in lines:
        key = key_of(line)
        if not line.startswith(f"{key}="):
            raise UsageError(f"{line}: write key=value, such as steps=40000.")
        try:
            value = OverridesParser.create().parse_override(literal(line, kind_of)).value()
            if key in PLACES and value is not None:
                value = str(path_of(str(value)).absolute())
                downloads.may_write(Path(value))
            OmegaConf.update(merged, key, value, force_add=True)
        except (HydraException, OmegaConfBaseException) as error:
            raise UsageError(f"{line}: cannot be read as key=value.") from error
    return OmegaConf.to_container(merged)  # type: ignore[return-value]
