"""Configurations of runs that are compared."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

Make = Callable[..., Path]


def config(seed: int, objective: str = "minimax", **more: Any) -> dict[str, Any]:
    own = {"clip": 0.01} if objective == "wgan" else {}
    return {"seed": seed, "objective": {"name": objective} | own, "k": 1} | more
