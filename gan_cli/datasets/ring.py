"""Equal modes on a circle."""

import numpy as np

from gan_cli.bounds import ModeCount, Positive
from gan_cli.component import component
from gan_cli.datasets.base import Modes
from gan_cli.datasets.mixture import Mixture


@component
class Ring(Mixture):
    """Points of equal normal modes that are evenly spaced on a circle.

    The centres are r (cos a_i, sin a_i) with a_i = 2 pi i / M for i = 0 ... M - 1.

    count: the number M of modes.
    radius: the radius r of the circle.
    std: the standard deviation of each mode along each axis.

    Source: Lin, Khetan, Fanti and Oh 2018, "PacGAN: The power of two samples in generative
        adversarial networks", section 4.1, which follows earlier work.
    """

    name = "ring"

    count: ModeCount = 8
    radius: Positive = 1.0
    std: Positive = 0.05

    def modes(self) -> Modes:
        angles = 2 * np.pi * np.arange(self.count) / self.count
        directions = np.stack([np.cos(angles), np.sin(angles)], axis=1)
        equal = np.full(self.count, 1 / self.count)
        return Modes(self.radius * directions, self.std * np.ones(self.count), equal)
