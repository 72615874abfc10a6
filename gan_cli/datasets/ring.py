"""Equal modes on a circle.

Source: the ring of Lin, Khetan, Fanti and Oh 2018, "PacGAN: The power of two samples in generative
adversarial networks", section 4.1, and of earlier work that it follows.
"""

import numpy as np

from gan_cli.component import component
from gan_cli.datasets.base import Modes
from gan_cli.datasets.mixture import Mixture
from gan_cli.errors import UsageError


@component
class Ring(Mixture):
    """Centres r (cos a_i, sin a_i), a_i = 2 pi i / M for i = 0 ... M - 1: no end point twice.

    count: the number of modes, M.
    radius: of the circle, r.
    std: the standard deviation of each mode along each axis.
    """

    name = "ring"

    count: int = 8
    radius: float = 1.0
    std: float = 0.05

    def validate(self) -> None:
        if self.count < 1:
            raise UsageError(f"count={self.count}: must be at least 1.")
        for field, value in (("radius", self.radius), ("std", self.std)):
            if value <= 0:
                raise UsageError(f"{field}={value}: must be above 0.")

    def modes(self) -> Modes:
        angles = 2 * np.pi * np.arange(self.count) / self.count
        directions = np.stack([np.cos(angles), np.sin(angles)], axis=1)
        equal = np.full(self.count, 1 / self.count)
        return Modes(self.radius * directions, self.std * np.ones(self.count), equal)
