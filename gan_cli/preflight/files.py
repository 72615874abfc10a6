"""The files that a run will write, and their bytes."""

from typing import NamedTuple

import jax
import numpy as np

from gan_cli import tags
from gan_cli.plots.grid import image_grid
from gan_cli.preflight import memory
from gan_cli.prepared import Prepared

DENSITY = 0.92
"""A checkpoint's bytes for each byte of a trained state: the storage format compresses a little."""
BYTES_AN_ARRAY = 420
"""What a checkpoint says of each array, and of its files."""
FILES_A_CHECKPOINT = 11
POINTS_PICTURE = 30_000
"""The bytes of a picture of points."""
OTHER_FILES, OTHER_BYTES = 8, 30_000
"""Settings, summary, log, the first records of the event file, and the judgement at the end."""


class Files(NamedTuple):
    """What a run leaves on the disk.

    checkpoint: the bytes of a checkpoint.
    checkpoints: how many more of them there will be.
    newest: how many of those are the newest ones, without the best.
    renewed: how many others will take the place of older ones.
    passing: the bytes of the one that is written before the oldest goes; 0 where all stay.
    pictures: the bytes of all pictures, in their folder and in the event file.
    rows: the bytes of all logged rows, in metrics.jsonl and in the event file.
    number: how many files there are.
    rarest: the bytes of pictures, and of rows, that are left where both are as rare as can be.
    there: how many checkpoints there are already.
    """

    checkpoint: int
    checkpoints: int
    newest: int
    renewed: int
    passing: int
    pictures: int
    rows: int
    number: int
    rarest: tuple[int, int] = (0, 0)
    there: int = 0

    @property
    def bytes(self) -> int:
        saved = self.checkpoint * self.checkpoints
        return saved + self.pictures + self.rows + OTHER_BYTES

    def keeping_one(self) -> "Files":
        """The files with checkpoints.keep=1."""
        newest = 0 if self.there else 1
        several = self.passing or self.there or self.newest + self.renewed > 1
        return self._replace(
            checkpoints=self.checkpoints - self.newest + newest,
            newest=newest,
            passing=self.checkpoint if several else 0,
        )

    def saving_once(self) -> "Files":
        """The files with checkpoints.keep=1 where the state at the end alone is saved."""
        return self.keeping_one()._replace(passing=self.checkpoint if self.there else 0)

    def drawing_rarely(self) -> "Files":
        """The files with the greatest sample_every."""
        return self._replace(pictures=min(self.pictures, self.rarest[0]))

    def logging_rarely(self) -> "Files":
        """The files with the greatest log_every."""
        return self._replace(rows=min(self.rows, self.rarest[1]))


def of_run(prepared: Prepared, begun: int = 0, there: int = 0) -> Files:
    """The files of a run, or those that it will add to what is there.

    Args:
        prepared: the experiment.
        begun: the step that it goes on from.
        there: how many checkpoints it has already.
    """
    experiment = prepared.experiment
    steps, keep, size = experiment.steps, experiment.checkpoints.keep, checkpoint(prepared)
    saved = _times(experiment.checkpoints.every, begun, steps)
    newest = max(0, min(there + saved, keep) - there)
    kept = newest + (experiment.checkpoints.best is not None)
    drawn = _times(experiment.sample_every, begun, steps)
    logged = _times(experiment.log_every, begun, steps)
    picture, row = 2 * _picture(prepared), _row(tags.of_scalars(experiment))
    return Files(
        checkpoint=size,
        checkpoints=kept,
        newest=newest,
        renewed=min(saved, keep) - newest,
        passing=size if there + saved > keep else 0,
        pictures=drawn * picture,
        rows=logged * row,
        number=OTHER_FILES + kept * FILES_A_CHECKPOINT + drawn,
        rarest=(picture, row),
        there=there,
    )


def checkpoint(prepared: Prepared) -> int:
    """The bytes of a checkpoint of a trained state."""
    arrays = len(jax.tree.leaves(prepared.abstract))
    return int(DENSITY * memory.state(prepared)) + BYTES_AN_ARRAY * arrays


def _times(every: int, begun: int, steps: int) -> int:
    """How often something is due after a step, at the last step in any case."""
    return -(-steps // every) - begun // every


def _picture(prepared: Prepared) -> int:
    """The bytes of a picture of samples; of images, those that noise takes, which are the most."""
    if not prepared.spec.is_image:
        return POINTS_PICTURE
    shape = (prepared.experiment.samples, *prepared.spec.shape)
    noise = np.random.default_rng(0).uniform(-1, 1, shape)
    return len(image_grid(noise))


def _row(tags: tuple[str, ...]) -> int:
    """The bytes of a logged step: a line of JSON with up to 20 digits a number, and a record."""
    return sum(len(tag) + 26 for tag in tags) + 40 + sum(len(tag) + 9 for tag in tags) + 32
