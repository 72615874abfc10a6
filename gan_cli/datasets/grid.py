"""Equal modes on a square lattice."""

import numpy as np

from gan_cli.bounds import ModesAlong, Positive
from gan_cli.component import component
from gan_cli.datasets.base import Modes
from gan_cli.datasets.mixture import Mixture


@component
class Grid(Mixture):
    """Points of equal normal modes on a square lattice that is centred at the origin.

    side: the number of modes along a side of the square.
    spacing: the distance between neighbouring centres.
    std: the standard deviation of each mode along each axis.

    Source: Lin, Khetan, Fanti and Oh 2018, "PacGAN: The power of two samples in generative
        adversarial networks", section 4.1, which follows earlier work.
    """

    name = "grid"

    side: ModesAlong = 5
    spacing: Positive = 2.0
    std: Positive = 0.05

    def modes(self) -> Modes:
        along = np.arange(self.side) - (self.side - 1) / 2
        lattice = np.stack(np.meshgrid(along, along, indexing="ij"), axis=-1).reshape(-1, 2)
        count = self.side**2
        return Modes(self.spacing * lattice, self.std * np.ones(count), np.full(count, 1 / count))
