"""A trained generator for a notebook: arrays in, arrays out."""

import dataclasses
import os
from collections.abc import Sequence
from typing import Literal

import jax
import jax.numpy as jnp
import numpy as np
from jaxtyping import ArrayLike, Float, Key

from gan_cli import arguments, runs, trained
from gan_cli.config import Experiment
from gan_cli.errors import UsageError, sentence
from gan_cli.imports import import_modules
from gan_cli.loading import IMPORT
from gan_cli.soundness import refuse_wrong_jax
from gan_cli.trained import Trained
from gan_cli.training import networks
from gan_cli.training.packing import pack


@dataclasses.dataclass(frozen=True, repr=False)
class Generator:
    """The generator of a run at one of its checkpoints.

    pair: both networks with their parameters, and what was trained on what.
    """

    pair: Trained

    def __repr__(self) -> str:
        recipe = self.experiment
        return (
            f"Generator({recipe.architecture.name} trained on {recipe.dataset.name}, "
            f"step {self.step}, samples of shape {self.shape})"
        )

    @property
    def step(self) -> int:
        """The step of the checkpoint."""
        return self.pair.step

    @property
    def shape(self) -> tuple[int, ...]:
        """The shape of one sample."""
        return self.pair.spec.shape

    @property
    def experiment(self) -> Experiment:
        """The run's configuration as typed components, such as experiment.architecture.latent."""
        return self.pair.experiment

    def latents(self, key: Key[jax.Array, ""] | int, n: int) -> Float[jax.Array, "n latent"]:
        """Draws n latents from the prior.

        Args:
            key: a key of jax.random, or a seed; `gan sample --seed S` draws the latents of seed S.
            n: how many.

        Raises:
            UsageError: for what is no seed, no key or no number of latents.
        """
        count = arguments.whole("n", n, 1)
        return self.experiment.architecture.sample_latent(arguments.key(key), count)

    def sample(self, key: Key[jax.Array, ""] | int, n: int) -> np.ndarray:
        """Draws n samples, (n, *shape), in the data's own scale: images in [-1, 1].

        Args:
            key: a key of jax.random, or a seed, as `gan sample --seed` takes it.
            n: how many.
        """
        return self.generate(self.latents(key, n))

    def generate(self, latents: ArrayLike) -> np.ndarray:
        """The samples of given latents, (n, latent) -> (n, *shape).

        Raises:
            UsageError: if the latents have another shape, or are no real numbers.
        """
        z = jnp.asarray(arguments.numbers("latents", latents), jnp.float32)
        size = self.experiment.architecture.latent
        if z.ndim != 2 or z.shape[1] != size or not len(z):
            raise UsageError(f"latents of shape {z.shape}: must have the shape (n, {size}).")
        return self.pair.generate(z)

    def discriminate(self, samples: ArrayLike) -> np.ndarray:
        """What D says of samples or data, (n, *shape) -> logits or scores.

        Args:
            samples: where D judges packs of m, those that follow one another are one pack.

        Returns:
            (n / m,), or (n / m, outputs) for a D with several outputs.

        Raises:
            UsageError: if the samples have another shape or scale, or m does not divide their
                number.
        """
        given, m = arguments.numbers("samples", samples), self.experiment.architecture.packing
        arguments.check_scale(given, is_image=self.pair.spec.is_image)
        x = jnp.asarray(given, jnp.float32)
        if x.shape[1:] != self.shape or not len(x):
            wanted = ", ".join(map(str, ("n", *self.shape)))
            raise UsageError(f"samples of shape {x.shape}: must have the shape ({wanted}).")
        if len(x) % m:
            raise UsageError(f"{len(x)} samples: D judges packs of {m}, which must divide that.")
        D = networks.discriminator(
            self.pair.state.discriminator.network(self.pair.networks.discriminator),
            self.pair.experiment.precision,
        )
        return np.asarray(D(pack(x, m), None))


def load(
    run: str | os.PathLike[str],
    checkpoint: int | Literal["best"] | None = None,
    imports: Sequence[str] = (),
) -> Generator:
    """Reads the generator of a run; the data is not needed.

    Args:
        run: a run directory, or latest.
        checkpoint: the step of a checkpoint, or best; the newest that is whole by default.
        imports: the modules with components of one's own that the run was trained with, which
            `gan train` took as --import.

    Raises:
        UsageError: if there is no such run or checkpoint, the run cannot be read, or an argument
            is of another kind.
        DataError: if it is damaged.
    """
    if not isinstance(run, str | os.PathLike) or not str(run):
        raise UsageError(f"run={run!r}: must be a run directory, or 'latest'.")
    refuse_wrong_jax()
    import_modules(arguments.names(imports))
    wanted = arguments.checkpoint(checkpoint)
    try:
        return Generator(trained.load(runs.resolve(os.fspath(run)), wanted))
    except OSError as error:
        raise UsageError(sentence(error)) from error
    except UsageError as error:
        here = f'load({os.fspath(run)!r}, imports=["MODULE"])'
        raise UsageError(str(error).replace(IMPORT, here)) from error
