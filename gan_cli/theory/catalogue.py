"""The numbers of GAN theory that are known to seven digits, beside what is computed here.

The pairs are the ones that the literature uses: two Bernoulli laws p = (.5, .5) and q = (.1, .9),
the normals N(0, 1) and N(1, 1), and for the dynamics of the game the Dirac-GAN. The known numbers
come from closed forms, or where there is none from a quadrature of another program.
"""

import logging
import math
from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np

from gan_cli.divergences import Discrete, Estimate, Normal, compare
from gan_cli.divergences.distributions import OnLine
from gan_cli.divergences.f_divergences import attained, f_divergence
from gan_cli.divergences.f_functions import ROWS
from gan_cli.divergences.gaussian import Gaussian, optimal_map, wasserstein_2_squared
from gan_cli.theory import dirac
from gan_cli.theory.divergences import best_losses
from gan_cli.theory.dynamics import Dynamics, examine
from gan_cli.theory.linear_dynamics import Settings

log = logging.getLogger(__name__)

ROUNDED = 6e-8  # how far a number of seven digits may lie from the exact one
FITTED = 1e-5  # how well the map of an update is fitted
PAIRS: dict[str, tuple[OnLine, OnLine]] = {
    "Bern": (Discrete((0.5, 0.5)), Discrete((0.1, 0.9))),
    "Gauss": (Normal(0.0, 1.0), Normal(1.0, 1.0)),
}
F_DIVERGENCES = {
    "total_variation": (0.4, 0.3829249),
    "kl": (0.5108256, 0.5),
    "reverse_kl": (0.3680642, 0.5),
    "pearson": (1.7777778, 1.7182818),
    "neyman": (0.64, 1.7182818),
    "squared_hellinger": (0.2111456, 0.2350062),
    "jeffrey": (0.8788898, 1.0),
    "jensen_shannon": (0.2034985, 0.2228430),
    "gan": (-1.1827959, -1.1634514),
}
"""Each f-divergence of Bern and of Gauss (Nowozin et al. 2016, Table 1, for the functions f)."""

DISTANCES = {
    "fisher": ("Fisher's distance (Mroueh and Sercu 2017)", 0.8728716, 0.9034473),
    "relativistic": ("relativistic gap (Jolicoeur-Martineau 2018)", 0.1840321, 0.2013455),
    "energy": ("energy distance (Bellemare et al. 2017)", None, 0.5418066),
    "mmd": ("MMD^2 by a gaussian kernel of width 1", None, 0.1772676),
}
LOSSES = {
    "least_squares": ("least squares: D's least loss (Mao et al. 2017)", 0.2023810, 0.1989864),
    "hinge": ("hinge: D's least loss, 2 - 2 TV (Lim and Ye 2017)", 1.2, 1.2341502),
    "relativistic": ("relativistic: D's least loss", 0.5091151, 0.4918017),
}
TURNED = (Gaussian((0, 0), ((1, 0), (0, 1))), Gaussian((1, 2), ((2, 1), (1, 2))))

FLOWS: list[tuple[str, dict[str, float], complex]] = [
    ("simultaneous", {}, 0.5j),
    ("instance_noise", {"sigma": 0.5}, -0.0625 + 0.4960784j),
    ("instance_noise", {"sigma": 1.0}, -0.25 + 0.4330127j),
    ("instance_noise", {"sigma": 2.0}, -0.1339746),
    ("r1", {"gamma": 0.5}, -0.25 + 0.4330127j),
    ("r1", {"gamma": 1.0}, -0.5),
    ("r1_r2", {"gamma": 0.5}, -0.5),
    ("consensus", {"gamma": 1.0}, -0.25 + 0.5j),
    ("consensus", {"gamma": 10.0}, -2.5 + 0.5j),
    ("gradient_norm", {"eta": 0.5}, -0.125 + 0.4841229j),
    ("unrolled", {"unroll": 5}, -0.125 + 0.4841229j),
    ("unrolled", {"unroll": 10}, -0.25 + 0.4330127j),
    ("two_time_scales", {}, 0.1581139j),
]
"""The eigenvalue of the flow with the largest real part, and of a pair the upper one."""

MODULI: list[tuple[str, dict[str, float | str], float]] = [
    ("simultaneous", {}, 1.0012492),
    ("simultaneous", {"objective": "wgan"}, 1.0049876),
    ("alternating", {}, 1.0),
    ("r1", {"gamma": 0.1}, 0.9962429),
    ("r1", {"gamma": 1.0}, 0.95),
    ("r1", {"gamma": 10.0}, 0.9974937),
    ("optimistic", {}, 0.9987461),
    ("optimistic", {"objective": "wgan"}, 0.9949362),
    ("extra_gradient", {}, 0.9987523),
    ("extra_gradient", {"objective": "wgan"}, 0.9950377),
    ("competitive", {}, 0.9987523),
]
"""The modulus of one step of .1."""


class Known(NamedTuple):
    """One number.

    command: the command whose subject it is.
    statement: what it is.
    expected: the known number.
    found: what is computed here, with its error.
    within: how far the two may lie apart.
    """

    command: str
    statement: str
    expected: float
    found: Estimate
    within: float = ROUNDED


def f_divergences() -> Iterator[Known]:
    """Nine f-divergences by definition and at T*."""
    for number, (pair, (p, q)) in enumerate(PAIRS.items()):
        for name, known in F_DIVERGENCES.items():
            label, value = ROWS[name].label, known[number]
            direct, bound = f_divergence(name, p, q), attained(name, p, q)
            yield Known("f-divergences", f"{pair}: {label}", value, direct)
            yield Known("f-divergences", f"{pair}: {label}, F(T*)", value, bound)


def distances() -> Iterator[Known]:
    """Distances that are no f-divergences, and the least losses of other games."""
    for number, (pair, (p, q)) in enumerate(PAIRS.items(), 1):
        found = compare(p, q)
        losses = best_losses(found)
        for table, values in ((DISTANCES, found), (LOSSES, losses)):
            for name, row in table.items():
                value = row[number]
                if isinstance(value, float):
                    yield Known("divergences", f"{pair}: {row[0]}", value, values[name])
    empirical = compare(Discrete((0.5, 0.5)), Normal(0.0, 1.0))["js"]
    yield Known("divergences", "JS of a sample and a density: log 2", math.log(2), empirical)


def transport() -> Iterator[Known]:
    """The optimal map between two normals in the plane."""
    matrix = np.asarray(optimal_map(*TURNED).matrix)
    told = "N(0, I) to N((1, 2), [[2, 1], [1, 2]])"
    yield Known("optimal-transport", f"{told}: W_2^2", 5.5358984, wasserstein_2_squared(*TURNED))
    for (i, j), value in (((0, 0), 1.3660254), ((0, 1), 0.3660254)):
        entry = Estimate(float(matrix[i, j]), 1e-14)
        yield Known("optimal-transport", f"{told}: A[{i}, {j}] of the map", value, entry)


def dynamics() -> Iterator[Known]:
    """The Dirac-GAN: eigenvalues by differentiation, and moduli of fitted steps."""
    for method, changes, value in FLOWS:
        found = _examined(method, changes)
        highest = max(found.automatic or (), key=lambda each: (round(each.real, 6), each.imag))
        told = f"{_told(method, changes)}: eigenvalue"
        yield Known("dynamics", f"{told}, real part", value.real, Estimate(highest.real), FITTED)
        yield Known("dynamics", f"{told}, imaginary", value.imag, Estimate(highest.imag), FITTED)
    for method, settings, modulus in MODULI:
        measured = _examined(method, settings).measured_modulus
        statement = f"{_told(method, settings)}: modulus of a step"
        yield Known("dynamics", statement, modulus, Estimate(measured or math.nan), FITTED)


PARTS = {
    "f-divergences": f_divergences,
    "divergences": distances,
    "optimal-transport": transport,
    "dynamics": dynamics,
}
"""What computes the numbers of a command's subject."""


def catalogue(parts: Sequence[str] = tuple(PARTS)) -> list[Known]:
    """Computes every number of some parts, keys of PARTS."""
    return [known for part in parts for known in PARTS[part]()]


def _examined(method: str, changes: dict[str, float] | dict[str, float | str]) -> Dynamics:
    log.info("the dynamics of %s", _told(method, changes))
    with dirac.float64():
        return examine(method, Settings()._replace(**changes))


def _told(method: str, changes: dict[str, float] | dict[str, float | str]) -> str:
    return ", ".join([method.replace("_", " "), *(f"{k} {v}" for k, v in changes.items())])
