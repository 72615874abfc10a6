"""The dynamics near the equilibrium of the Dirac-GAN in closed form.

The loss of D is f(psi theta) + f(0) up to its sign. With f' and f'' at 0, the gradient field is
v = (-f' psi, f' theta) to first order, with the eigenvalues +- i f': it circles.

Of any other game f' is the slope of D's loss in its output on a sample, and -2 f'' the sum of the
second derivatives in its outputs on data and on a sample, at the output that takes both for equally
likely. There an f-divergence has f' = g_f'(v) and -2 f'' = u'(v) g_f'(v), where u(v) is the p / q
for which v is the best output.

Source: Mescheder et al. 2018, "Which training methods for GANs do actually converge?"; the other
sources stand at the formulas.
"""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np


class Settings(NamedTuple):
    """What the numbers of the methods depend on.

    objective: the game.
    step: the learning rate h of both players.
    gamma: the weight of R1, of R2 and of consensus.
    sigma: the standard deviation of instance noise.
    eta: the weight of the penalty on the norm of D's gradient.
    unroll: K, the further updates of D that G's gradient is taken through.
    unroll_rate: the learning rate of those.
    discriminator_step: the learning rate of D on two time scales.
    divergence: what f_gan measures; no other game depends on it.
    """

    objective: str = "minimax"
    step: float = 0.1
    gamma: float = 1.0
    sigma: float = 0.5
    eta: float = 0.5
    unroll: int = 5
    unroll_rate: float = 0.1
    discriminator_step: float = 1.0
    divergence: str = "jensen_shannon"

    @property
    def slopes(self) -> tuple[float, float]:
        """f' and f'' of the game."""
        if self.objective == "f_gan":
            return F_SLOPES[self.divergence]
        return SLOPES[self.objective]

    @property
    def game(self) -> str:
        """The name of the game, with the divergence that it depends on."""
        own = f" with divergence {self.divergence}" if self.objective == "f_gan" else ""
        return f"{self.objective}{own}"


SLOPES = {
    "minimax": (0.5, -0.25),
    "non_saturating": (0.5, -0.25),
    "relativistic": (0.5, -0.25),
    "hinge": (1.0, 0.0),
    "wgan": (1.0, 0.0),
    "least_squares": (0.5, -1.0),
}
"""f' and f'' of a game."""

F_SLOPES = {
    "total_variation": (0.5, 0.0),
    "kl": (1.0, -0.5),
    "reverse_kl": (1.0, -0.5),
    "pearson": (1.0, -0.25),
    "neyman": (1.0, -0.25),
    "squared_hellinger": (1.0, -1.0),
    "jeffrey": (1.0, -0.25),
    "jensen_shannon": (0.5, -0.25),
    "gan": (0.5, -0.25),
}
"""f' and f'' of f_gan, by the divergence that it measures."""

Roots = tuple[complex, complex]


def about(centre: float, slope: float) -> Roots:
    """The roots centre +- sqrt(centre^2 - slope^2)."""
    root = np.emath.sqrt(centre**2 - slope**2)
    return complex(centre + root), complex(centre - root)


def quadratic(linear: complex, constant: complex) -> Roots:
    """The roots of z^2 + linear z + constant."""
    root = np.sqrt(complex(linear**2 - 4 * constant))
    return complex(-linear + root) / 2, complex(-linear - root) / 2


def circling(s: Settings) -> Roots:
    """+- i f' (Mescheder et al. 2018, the Dirac-GAN without regularization)."""
    return about(0.0, s.slopes[0])


def noisy(s: Settings) -> Roots:
    """f'' sigma^2 +- sqrt(f''^2 sigma^4 - f'^2) (Mescheder et al. 2018, instance noise)."""
    slope, curvature = s.slopes
    return about(curvature * s.sigma**2, slope)


def penalised_on_data(s: Settings) -> Roots:
    """-gamma / 2 +- sqrt(gamma^2 / 4 - f'^2) (Mescheder et al. 2018, gradient penalties)."""
    return about(-s.gamma / 2, s.slopes[0])


def penalised_on_both(s: Settings) -> Roots:
    """-gamma +- sqrt(gamma^2 - f'^2), since both penalties are gamma psi^2 / 2."""
    return about(-s.gamma, s.slopes[0])


def in_consensus(s: Settings) -> Roots:
    """-gamma f'^2 +- i f' (from Mescheder et al. 2017, consensus optimization)."""
    slope = s.slopes[0]
    return complex(-s.gamma * slope**2, slope), complex(-s.gamma * slope**2, -slope)


def penalised_in_norm(s: Settings) -> Roots:
    """-eta f'^2 +- sqrt(eta^2 f'^4 - f'^2) (from Nagarajan and Kolter 2017)."""
    slope = s.slopes[0]
    return about(-s.eta * slope**2, slope)


def unrolled(s: Settings) -> Roots:
    """-c +- sqrt(c^2 - f'^2) with c = rate K f'^2, to first order derived from Metz et al. 2017."""
    slope = s.slopes[0]
    return about(-s.unroll_rate * s.unroll * slope**2, slope)


def on_two_time_scales(s: Settings) -> Roots:
    """+- i sqrt(h_g h_d) f', with both learning rates inside (Heusel et al. 2017)."""
    return about(0.0, float(np.sqrt(s.step * s.discriminator_step)) * s.slopes[0])


def alternating_map(s: Settings) -> tuple[complex, ...]:
    """The roots of z^2 - (2 - h^2 f'^2) z + 1: of modulus 1 while h f' <= 2."""
    turn = s.step * s.slopes[0]
    return quadratic(turn**2 - 2, 1)


def optimistic_map(s: Settings) -> tuple[complex, ...]:
    """The roots of z^2 - (1 + 2 l) z + l for l = +- i h f' (Daskalakis et al. 2018)."""
    turn = 1j * s.step * s.slopes[0]
    return (*quadratic(-(1 + 2 * turn), turn), *quadratic(-(1 - 2 * turn), -turn))


def extra_gradient_map(s: Settings) -> tuple[complex, ...]:
    """1 + l + l^2 for l = +- i h f' (Gidel et al. 2019)."""
    turn = 1j * s.step * s.slopes[0]
    return 1 + turn + turn**2, 1 - turn + turn**2


def competitive_map(s: Settings) -> tuple[complex, ...]:
    """1 / (1 - l) for l = +- i h f' (from Schaefer and Anandkumar 2019)."""
    turn = 1j * s.step * s.slopes[0]
    return 1 / (1 - turn), 1 / (1 + turn)


FLOWS: dict[str, Callable[[Settings], Roots]] = {
    "simultaneous": circling,
    "instance_noise": noisy,
    "r1": penalised_on_data,
    "r1_r2": penalised_on_both,
    "consensus": in_consensus,
    "gradient_norm": penalised_in_norm,
    "unrolled": unrolled,
    "two_time_scales": on_two_time_scales,
}
"""The eigenvalues of the flow that a method follows, whose step is 1 + h lambda."""

MAPS: dict[str, Callable[[Settings], tuple[complex, ...]]] = {
    "alternating": alternating_map,
    "optimistic": optimistic_map,
    "extra_gradient": extra_gradient_map,
    "competitive": competitive_map,
}
"""The eigenvalues of one step of the methods that follow the flow of `simultaneous` otherwise."""


def eigenvalues_of_step(method: str, s: Settings) -> tuple[complex, ...]:
    """The eigenvalues of one step of a method."""
    if method in MAPS:
        return MAPS[method](s)
    rate = 1.0 if method == "two_time_scales" else s.step
    return tuple(1 + rate * each for each in FLOWS[method](s))
