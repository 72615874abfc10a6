"""`--import MODULE`: components of the user's own, from outside this package."""

import importlib
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from gan_cli.errors import GanError, UsageError

Imports = Annotated[
    list[str] | None,
    typer.Option(
        "--import", metavar="MODULE", help="A module with components of your own; repeatable."
    ),
]


def import_modules(modules: Sequence[str]) -> None:
    """Imports modules of the user's own components; the current directory is on the path.

    Raises:
        UsageError: if one cannot be imported.
    """
    here = str(Path.cwd())
    if modules and here not in sys.path:
        sys.path.insert(0, here)
    for module in modules:
        try:
            importlib.import_module(module)
        except GanError:
            raise
        except Exception as error:
            raise UsageError(
                f"--import {module}: {type(error).__name__}: {error}. Modules are looked for in "
                "the current directory and on the Python path."
            ) from error
