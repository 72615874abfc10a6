"""Modules of the user's own, which make components from outside this package known."""

import importlib
import os
import re
import shlex
import sys
from collections.abc import Sequence
from pathlib import Path

from gan_cli import commands
from gan_cli.errors import GanError, UsageError
from gan_cli.files import path_of
from gan_cli.own_code import place, reason


def import_modules(modules: Sequence[str]) -> None:
    """Imports modules; the current directory is on the path, behind all that is installed.

    Raises:
        UsageError: if one cannot be imported, or its file has the name of another module.
    """
    here = Path.cwd()
    if modules and str(here) not in sys.path:
        sys.path.append(str(here))
    for module in modules:
        _check_name(module, here)
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
            problem = f"--import {module}: {reason(error)}{_line(error)}."
            where = "Modules are looked for in the current directory and on the Python path."
            missing = isinstance(error, ModuleNotFoundError)
            raise UsageError(f"{problem} {where}" if missing else problem) from error
        _check_origin(module, here)
        commands.give([module])


def _check_name(module: str, here: Path) -> None:
    """Refuses what is no name of a module, such as a path, and says what to type instead."""
    if not module.strip():
        raise UsageError("--import: the name of a module is empty.")
    names = [name for name in re.split(r"[,\s]+", module) if name]
    if len(names) > 1 and "/" not in module:
        several = " ".join(f"--import {name}" for name in names)
        raise UsageError(f"--import {module}: give one module each time: {several}")
    if not module.endswith(".py") and "/" not in module and not module.startswith("."):
        return
    path = Path(os.path.normpath(here / path_of(module.removesuffix(".py"))))
    if path.name and path.is_relative_to(here):
        name = ".".join(path.relative_to(here).parts) or path.name
        raise UsageError(f"--import {module}: write it as Python does: --import {name.lstrip('.')}")
    raise UsageError(
        f"--import {module}: write the name that Python knows it by, --import {path.name}, in the "
        f"directory {path.parent}, or elsewhere with PYTHONPATH={shlex.quote(str(path.parent))}."
    )


def _line(error: BaseException) -> str:
    """The place of an error; that of a wrong syntax stands in its text."""
    return "" if isinstance(error, SyntaxError) else place(error)


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
