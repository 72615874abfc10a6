"""Equal modes on a square lattice.

Source: the grid of Lin, Khetan, Fanti and Oh 2018, "PacGAN: The power of two samples in generative
adversarial networks", section 4.1, and of earlier work that it follows.
"""

import numpy as np

from gan_cli.component import component
from gan_cli.datasets.base import Modes
from gan_cli.datasets.mixture import Mixture
from gan_cli.errors import UsageError


@component
class Grid(Mixture):
    """S x S centres, evenly spaced in both directions, with the origin in their middle.

    side: the number of modes along a side, S.
    spacing: the distance between neighbouring centres.
    std: the standard deviation of each mode along each axis.
    """

    name = "grid"

    side: int = 5
    spacing: float = 2.0
    std: float = 0.05

    def validate(self) -> None:
        if self.side < 1:
            raise UsageError(f"side={self.side}: must be at least 1.")
        for field, value in (("spacing", self.spacing), ("std", self.std)):
            if value <= 0:
                raise UsageError(f"{field}={value}: must be above 0.")

    def modes(self) -> Modes:
        along = np.arange(self.side) - (self.side - 1) / 2
        lattice = np.stack(np.meshgrid(along, along, indexing="ij"), axis=-1).reshape(-1, 2)
        count = self.side**2
        return Modes(self.spacing * lattice, self.std * np.ones(count), np.full(count, 1 / count))
