"""Modules of the user's own, which make components from outside this package known."""

import importlib
import sys
from collections.abc import Sequence
from pathlib import Path

from gan_cli import commands
from gan_cli.errors import GanError, UsageError


def import_modules(modules: Sequence[str]) -> None:
    """Imports modules; the current directory is on the path.

    Raises:
        UsageError: if one cannot be imported.
    """
    here = str(Path.cwd())
    if modules and here not in sys.path:
        sys.path.insert(0, here)
    commands.give(modules)
    for module in modules:
        if module.endswith(".py") or "/" in module:
            name = module.removesuffix(".py").removeprefix("./").replace("/", ".")
            raise UsageError(f"--import {module}: write it as Python does: --import {name}")
        try:
            importlib.import_module(module)
        except GanError:
            raise
        except Exception as error:
            problem = f"--import {module}: {type(error).__name__}: {' '.join(str(error).split())}."
            where = "Modules are looked for in the current directory and on the Python path."
            missing = isinstance(error, ModuleNotFoundError)
            raise UsageError(f"{problem} {where}" if missing else problem) from error
