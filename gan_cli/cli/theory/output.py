"""What all commands of `gan theory` share: their common options, and how results are written."""

import functools
import inspect
import json
import math
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Annotated, Any

import typer

from gan_cli import commands
from gan_cli.cli.options import Folder
from gan_cli.cli.out import check_folder, save
from gan_cli.cli.theory import course
from gan_cli.cli.theory.course import Experiment, Lesson
from gan_cli.narrow import fitted
from gan_cli.soundness import refuse_wrong_jax

Seed = Annotated[
    int, typer.Option("--seed", min=0, max=2**31 - 1, help="The seed for every random number.")
]
SAID_BY = ("gan_cli.theory", "gan_cli.plots")
"""The loggers that are told how far a command is, while it computes and while it draws."""
OPTIONS = (
    (
        "out",
        Path("outputs/theory"),
        Folder,
    ),
    (
        "as_json",
        False,
        Annotated[bool, typer.Option("--json", help="Print the numbers as one JSON document.")],
    ),
)


def command(
    place: int,
    *,
    compiles: bool,
    seconds: int | None = None,
    quick: Mapping[str, Any] | None = None,
) -> Callable[[Experiment], Experiment]:
    """Makes a function that returns findings a command of `gan theory`, and a part of the course.

    The command has the function's options, name and docstring, and --out and --json. A function
    that looks at a run of the user's takes it as `run`, which has no default.

    Args:
        place, compiles, seconds, quick: see `Lesson`.
    """

    def register(experiment: Experiment) -> Experiment:
        @functools.wraps(experiment)
        def run(out: Path, as_json: bool, **options: Any) -> None:
            refuse_wrong_jax()
            check_folder(out)
            if compiles:
                start_jax()
            from gan_cli.logs.waiting import waiting  # `gan theory --help` need not wait for it

            name = course.name_of(experiment)
            with waiting(f"gan theory {name}", *SAID_BY):
                found = experiment(**options)
            paths = [save(out / name, picture) for name, picture in found.pictures.items()]
            if as_json:
                told = plain(found.numbers | {"pictures": [str(path) for path in paths]})
                print(json.dumps(told, indent=2, allow_nan=False))
            else:
                pictures = [f"picture  {commands.path(path)}" for path in paths]
                print(*fitted(found.lines), *pictures, sep="\n")

        own = inspect.signature(experiment)
        kind = inspect.Parameter.KEYWORD_ONLY
        shared = [
            inspect.Parameter(name, kind, default=default, annotation=option)
            for name, default, option in OPTIONS
        ]
        signature = own.replace(parameters=[*own.parameters.values(), *shared])
        run.__signature__ = signature  # type: ignore[attr-defined]
        course.COMMANDS.append(Lesson(place, experiment, run, compiles, seconds, quick or {}))
        return experiment

    return register


def start_jax() -> None:
    """Starts JAX, with the user's cache of compiled programs."""
    from gan_cli.training import devices
    from gan_cli.training.compilation import enable_compilation_cache

    devices.started()
    enable_compilation_cache("auto")


def plain(value: Any) -> Any:
    """Turns NumPy's values into JSON's; infinity becomes the string "inf"."""
    if isinstance(value, dict):
        return {str(key): plain(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [plain(each) for each in value]
    if hasattr(value, "tolist"):
        return plain(value.tolist())
    if isinstance(value, float) and not math.isfinite(value):
        return str(value)
    return value
