"""What PyTorch's side is given: an experiment as plain values and arrays, in one file.

Neither JAX nor PyTorch is imported here, since each may be in an interpreter of its own.
"""

import json
from collections.abc import Mapping
from pathlib import Path
from types import SimpleNamespace
from typing import Any, NamedTuple

import numpy as np

Arrays = Mapping[str, np.ndarray]


class Handover(NamedTuple):
    """An experiment for PyTorch.

    settings: the composed configuration, with its keys as attributes.
    data: the `shape` of an example; the uint8 `examples` and their `levels`, or the `centres`,
        `std` and `weights` of a mixture.
    generator: G's initial parameters by path, such as hidden/0/kernel.
    discriminator: D's initial parameters.
    """

    settings: SimpleNamespace
    data: Arrays
    generator: Arrays
    discriminator: Arrays


def save(file: Path, settings: Mapping[str, Any], **parts: Arrays) -> None:
    """Writes the settings and the three parts of a `Handover` that hold arrays."""
    arrays = {f"{part}/{name}": values[name] for part, values in parts.items() for name in values}
    np.savez(file, settings=np.array(json.dumps(settings)), **arrays)


def load(file: Path) -> Handover:
    """Reads what `save` wrote."""
    parts: dict[str, dict[str, np.ndarray]] = {"data": {}, "generator": {}, "discriminator": {}}
    with np.load(file) as arrays:
        settings = as_attributes(json.loads(str(arrays["settings"])))
        for path in arrays.files:
            part, _, name = path.partition("/")
            if name:
                parts[part][name] = arrays[path]
    return Handover(settings, **parts)


def as_attributes(settings: Mapping[str, Any]) -> SimpleNamespace:
    """Nested settings with their keys as attributes."""
    text = json.dumps(settings)
    return json.loads(text, object_hook=lambda values: SimpleNamespace(**values))
