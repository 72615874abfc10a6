"""KL, JS, total variation and Wasserstein: of vectors, of known distributions, of samples.

The functions here are those of probability vectors, with what distributions need. The same ones of
known distributions are in `densities` and `transport` (`compare` gives them all), those of samples
in `samples`. All is NumPy float64 on the host; KL and JS are in nats.
"""

from gan_cli.divergences import densities, samples, transport
from gan_cli.divergences.comparison import compare
from gan_cli.divergences.distributions import (
    Discrete,
    Distribution,
    Mixture,
    Normal,
    PlaneMixture,
    Uniform,
    from_modes,
)
from gan_cli.divergences.parse import parse
from gan_cli.divergences.plane import Plan
from gan_cli.divergences.quadrature import Estimate
from gan_cli.divergences.transport import optimal_coupling
from gan_cli.divergences.vectors import Transport, js, kl, total_variation, wasserstein

__all__ = [
    "Discrete",
    "Distribution",
    "Estimate",
    "Mixture",
    "Normal",
    "Plan",
    "PlaneMixture",
    "Transport",
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
    "wasserstein",
]
