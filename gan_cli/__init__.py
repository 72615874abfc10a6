"""gan: experiments with generative adversarial networks, from one shell line."""

import os
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from gan_cli.generator import Generator

__version__ = "0.2.0"


def load(
    run: str | os.PathLike[str],
    checkpoint: int | Literal["best"] | None = None,
    imports: tuple[str, ...] = (),
) -> "Generator":
    """Reads the generator of a run, for a notebook: load("latest").sample(key=0, n=16).

    See `gan_cli.generator`, which is imported late since it needs JAX.
    """
    from gan_cli import generator

    return generator.load(run, checkpoint, imports)
