"""Divergences and distances, on probability vectors, on known distributions and on samples.

KL, JS, total variation, squared Hellinger, chi^2 (Pearson; Neyman's has p and q swapped), Fisher,
the relativistic gap, the energy distance, MMD and Wasserstein. The functions here take probability
vectors and return a float, as do those in `samples` for samples. The functions in `densities`,
`pairs` and `transport` take known distributions and return an `Estimate`, a value with its error;
`compare` returns them all. All is computed in NumPy float64 on the host; KL and JS are in nats.
"""

from gan_cli.divergences import densities, pairs, samples, transport
from gan_cli.divergences.comparison import compare
from gan_cli.divergences.couplings import Coupling
from gan_cli.divergences.discrete import Discrete
from gan_cli.divergences.distributions import (
    Distribution,
    LineMixture,
    Normal,
    Uniform,
    from_modes,
)
from gan_cli.divergences.kernels import Kernel
from gan_cli.divergences.parse import parse
from gan_cli.divergences.plane_mixture import PlaneMixture
from gan_cli.divergences.quadrature import Estimate
from gan_cli.divergences.transport import optimal_coupling
from gan_cli.divergences.vectors import (
    chi_squared,
    energy,
    fisher,
    js,
    kl,
    mmd,
    relativistic,
    squared_hellinger,
    total_variation,
    transport_plan,
    triangular_discrimination,
    wasserstein,
)

__all__ = [
    "Coupling",
    "Discrete",
    "Distribution",
    "Estimate",
    "Kernel",
    "LineMixture",
    "Normal",
    "PlaneMixture",
    "Uniform",
    "chi_squared",
    "compare",
    "densities",
    "energy",
    "fisher",
    "from_modes",
    "js",
    "kl",
    "mmd",
    "optimal_coupling",
    "pairs",
    "parse",
    "relativistic",
    "samples",
    "squared_hellinger",
    "total_variation",
    "transport",
    "transport_plan",
    "triangular_discrimination",
    "wasserstein",
]
