"""KL, JS, total variation and Wasserstein, on vectors, on known distributions and on samples.

`kl`, `js`, `total_variation` and `wasserstein` here take probability vectors and return a float, as
do those in `samples` for samples. The functions in `densities` and `transport` take known
distributions and return an `Estimate`, a value with its error; `compare` returns them all.
All is computed in NumPy float64 on the host; KL and JS are in nats.
"""

from gan_cli.divergences import densities, samples, transport
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
from gan_cli.divergences.parse import parse
from gan_cli.divergences.plane_mixture import PlaneMixture
from gan_cli.divergences.quadrature import Estimate
from gan_cli.divergences.transport import optimal_coupling
from gan_cli.divergences.vectors import js, kl, total_variation, transport_plan, wasserstein

__all__ = [
    "Coupling",
    "Discrete",
    "Distribution",
    "Estimate",
    "LineMixture",
    "Normal",
    "PlaneMixture",
    "Uniform",
    "compare",
    "densities",
    "from_modes",
    "js",
    "kl",
    "optimal_coupling",
    "parse",
    "samples",
    "total_variation",
    "transport",
    "transport_plan",
    "wasserstein",
]
