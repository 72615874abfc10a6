"""Known divergences of two pairs of distributions, and what D's loss is at its optimum for them.

The pairs are the ones that the literature uses: two Bernoulli laws p = (.5, .5) and q = (.1, .9),
and the normals N(0, 1) and N(1, 1). The known numbers come from closed forms, or where there is
none from a quadrature of another program.
"""

from collections.abc import Iterator

import numpy as np

from gan_cli.divergences import Discrete, Estimate, Normal, compare
from gan_cli.divergences.distributions import OnLine
from gan_cli.divergences.f_divergences import attained, f_divergence
from gan_cli.divergences.f_functions import ROWS
from gan_cli.theory.divergences import best_losses
from gan_cli.theory.known.base import Known

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
MATCHED = {
    "minimax": ("minimax: D's least loss, log 4 (Goodfellow et al. 2014)", 1.3862944),
    "least_squares": ("least squares: D's least loss", 0.25),
    "hinge": ("hinge: D's least loss", 2.0),
    "relativistic": ("relativistic: D's least loss, log 2", 0.6931472),
}
"""The losses where the model is the data."""

TRIANGULAR = {"Bern": 0.3809524, "Gauss": 0.4081085}
"""2 C(G) of the least squares with the codes -1, 1 and 0, the integral of (p - q)^2 / (p + q)."""

RATIOS = np.geomspace(1e-3, 1e3, 601)
"""The ratios u = p / q at which the functions f are checked."""


def f_divergences() -> Iterator[Known]:
    """Nine f-divergences by definition and at T*, and the identity behind the second."""
    for number, (pair, (p, q)) in enumerate(PAIRS.items()):
        for name, known in F_DIVERGENCES.items():
            label, value = ROWS[name].label, known[number]
            yield Known(f"{pair}: {label}", value, f_divergence(name, p, q))
            yield Known(f"{pair}: {label}, F(T*)", value, attained(name, p, q))
    statement = "f*(f'(u)) = u f'(u) - f(u): largest error of the nine f"
    yield Known(statement, 0.0, Estimate(identity_error()), 1e-12)


def identity_error() -> float:
    """The largest error of f*(f'(u)) = u f'(u) - f(u), by the size of its terms."""
    worst = 0.0
    for row in ROWS.values():
        t, f = row.slope(np.log(RATIOS)), row.f(RATIOS)
        errors = np.abs(row.conjugate(t) - (RATIOS * t - f))
        worst = max(worst, float((errors / (1 + np.abs(RATIOS * t) + np.abs(f))).max()))
    return worst


def distances() -> Iterator[Known]:
    """Distances that are no f-divergences, and the least losses of other games."""
    for number, (pair, (p, q)) in enumerate(PAIRS.items(), 1):
        found = compare(p, q)
        losses = best_losses(found)
        for table, values in ((DISTANCES, found), (LOSSES, losses)):
            for name, row in table.items():
                value = row[number]
                if isinstance(value, float):
                    yield Known(f"{pair}: {row[0]}", value, values[name])
        fisher, error = found["fisher"]
        twice = Estimate(fisher**2 / 2, fisher * error)
        yield Known(f"{pair}: least squares: 2 C(G), codes -1, 1, 0", TRIANGULAR[pair], twice)
    normal = PAIRS["Gauss"][0]
    same = best_losses(compare(normal, normal))
    for name, (statement, value) in MATCHED.items():
        yield Known(f"P = Q: {statement}", value, same[name])
