"""A mixture of normal distributions on the line."""

import numpy as np

from gan_cli.bounds import Positive
from gan_cli.component import component
from gan_cli.datasets.base import Modes
from gan_cli.datasets.mixture import Mixture
from gan_cli.errors import UsageError


@component
class Gaussian(Mixture):
    """Points on the line, drawn from a mixture of normal distributions.

    centres: the mean of each mode.
    std: the standard deviation of each mode, or one number for all.
    weights: the relative mass of each mode, or one number for all.
    """

    name = "gaussian"

    centres: tuple[float, ...] = (-1.5, 1.5)
    std: tuple[Positive, ...] = (0.5,)
    weights: tuple[Positive, ...] = (0.7, 0.3)

    def validate(self) -> None:
        if not self.centres:
            raise UsageError("centres=[]: must have at least one number.")
        for field, values in (("std", self.std), ("weights", self.weights)):
            if len(values) not in (1, len(self.centres)):
                raise UsageError(
                    f"{field}={list(values)}: must have one number, or one for each "
                    f"centre, of which there are {len(self.centres)}."
                )

    def modes(self) -> Modes:
        count = len(self.centres)
        weights = np.broadcast_to(np.array(self.weights), count)
        std = np.broadcast_to(np.array(self.std), count)
        return Modes(np.array(self.centres)[:, None], std, weights / weights.sum())
