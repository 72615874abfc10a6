"""Modules of the user's own, which make components from outside this package known."""

import importlib
import sys
from collections.abc import Sequence
from pathlib import Path

from gan_cli import commands
from gan_cli.errors import GanError, UsageError


def import_modules(modules: Sequence[str]) -> None:
    """Imports modules; the current directory is on the path, behind all that is installed.

    Raises:
        UsageError: if one cannot be imported, or its file has the name of another module.
    """
    here = Path.cwd()
    if modules and str(here) not in sys.path:
        sys.path.append(str(here))
    commands.give(modules)
    for module in modules:
        if not module.strip():
            raise UsageError("--import: the name of a module is empty.")
        if module.endswith(".py") or "/" in module:
            name = module.removesuffix(".py").removeprefix("./").replace("/", ".")
            raise UsageError(f"--import {module}: write it as Python does: --import {name}")
        try:
            importlib.import_module(module)
        except GanError:
            raise
        except SystemExit as error:
            raise UsageError(
                f"--import {module}: the module ends the program when it is imported. Put what it "
                'does as a script behind `if __name__ == "__main__":`.'
            ) from error
        except Exception as error:
            problem = f"--import {module}: {type(error).__name__}: {' '.join(str(error).split())}."
            where = "Modules are looked for in the current directory and on the Python path."
            missing = isinstance(error, ModuleNotFoundError)
            raise UsageError(f"{problem} {where}" if missing else problem) from error
        _check_origin(module, here)


def _check_origin(module: str, here: Path) -> None:
    """Refuses a file in the current directory whose name belongs to an installed module."""
    name = module.partition(".")[0]
    found = Path(getattr(sys.modules[name], "__file__", None) or "").resolve()
    for mine in (here / f"{name}.py", here / name / "__init__.py"):
        if mine.is_file() and mine.resolve() != found:
            raise UsageError(
                f"--import {module}: {mine} has the name of a module that is part of Python or "
                "installed. Give it another name."
            )
