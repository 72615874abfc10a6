"""gan: experiments with generative adversarial networks, from one shell line."""

import os
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gan_cli.generator import Generator

__version__ = "0.2.0"


def load(
    run: str | os.PathLike[str],
    checkpoint: int | Literal["best"] | None = None,
    imports: "Sequence[str]" = (),
) -> "Generator":
    """Reads the generator of a run, for a notebook: load("latest").sample(key=0, n=16).

    Args:
        run: a run directory, or latest.
        checkpoint: the step of a checkpoint, or best; the newest that is whole by default.
        imports: the modules with components of one's own that the run was trained with, which
            `gan train` took as --import.

    Returns:
        The generator; see `gan_cli.generator`, which is imported late since it needs JAX.

    Raises:
        gan_cli.errors.UsageError: if there is no such run or checkpoint, or it needs `imports`.
        gan_cli.errors.DataError: if it is damaged.
    """
    from gan_cli import generator

    return generator.load(run, checkpoint, imports)
