"""Divergences of probability vectors."""

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from gan_cli.divergences.checks import probabilities
from gan_cli.divergences.couplings import by_simplex


class Transport(NamedTuple):
    """A transport of least cost.

    cost: sum_ij coupling_ij cost_ij, in the unit of the cost.
    coupling: (N, M), with marginals p and q.
    """

    cost: float
    coupling: np.ndarray


def kl(p: ArrayLike, q: ArrayLike) -> float:
    """The Kullback-Leibler divergence of p from q, in nats.

    KL(p || q) = sum_i p_i log(p_i / q_i), where 0 log 0 = 0; infinite where q_i = 0 < p_i. It is
    not symmetric: the reverse divergence is kl(q, p).

    Args:
        p: probabilities (N,). Their sum may be off one by 1e-6; they are then normalised.
        q: probabilities (N,).

    Raises:
        ValueError: naming p or q and what keeps it from being a probability vector.

    Source: Kullback and Leibler 1951, "On information and sufficiency", section 2.
    """
    p, q = _pair(p, q)
    some = p > 0
    return max(0.0, -float(p[some] @ _log_ratio(q[some], p[some])))


def js(p: ArrayLike, q: ArrayLike) -> float:
    """The Jensen-Shannon divergence, in nats: symmetric, at most log 2, its root a metric.

    JS(p, q) = KL(p || m) / 2 + KL(q || m) / 2 with m = (p + q) / 2.

    Args:
        p: probabilities (N,). Their sum may be off one by 1e-6; they are then normalised.
        q: probabilities (N,).

    Raises:
        ValueError: naming p or q and what keeps it from being a probability vector.

    Source: Lin 1991, "Divergence measures based on the Shannon entropy", section IV; Goodfellow et
        al. 2014, equation 6.
    """
    p, q = _pair(p, q)
    value = (_kl_to_mixture(p, q) + _kl_to_mixture(q, p)) / 2
    return min(max(0.0, value), math.log(2))


def total_variation(p: ArrayLike, q: ArrayLike) -> float:
    """The total variation distance, in [0, 1]: TV(p, q) = sum_i |p_i - q_i| / 2.

    Args:
        p: probabilities (N,). Their sum may be off one by 1e-6; they are then normalised.
        q: probabilities (N,).

    Raises:
        ValueError: naming p or q and what keeps it from being a probability vector.

    Source: Levin, Peres and Wilmer 2009, "Markov Chains and Mixing Times", Proposition 4.2.
    """
    p, q = _pair(p, q)
    return min(1.0, float(np.abs(p - q).sum()) / 2)


def wasserstein(p: ArrayLike, q: ArrayLike, cost: ArrayLike) -> Transport:
    """The least cost of moving p onto q, and how it is moved.

    T(p, q) = min sum_ij coupling_ij cost_ij over all couplings >= 0 with row sums p and column sums
    q. With cost_ij = |x_i - y_j|^r the Wasserstein-r distance is T^(1/r).

    Args:
        p: probabilities (N,). Their sum may be off one by 1e-6; they are then normalised.
        q: probabilities (M,).
        cost: of moving a unit of mass from place i of p to place j of q, (N, M), finite.

    Raises:
        ValueError: naming p, q or the cost and what is wrong with it.

    Source: Kantorovich 1942; Villani 2009, "Optimal Transport: Old and New", definition 6.1.
    """
    p, q = probabilities("p", p), probabilities("q", q)
    cost = np.asarray(cost, np.float64)
    if cost.shape != (len(p), len(q)):
        raise ValueError(
            f"The cost must have shape ({len(p)}, {len(q)}), a row for each entry of p and a "
            f"column for each of q, and has shape {cost.shape}."
        )
    if not np.isfinite(cost).all():
        raise ValueError("The cost must be finite, and holds NaN or infinity.")
    coupling = by_simplex(p, q, cost)
    return Transport(float((coupling * cost).sum()), coupling)


def _pair(p: ArrayLike, q: ArrayLike) -> tuple[np.ndarray, np.ndarray]:
    p, q = probabilities("p", p), probabilities("q", q)
    if len(p) != len(q):
        raise ValueError(f"p and q must be of one length: p has {len(p)} entries, q has {len(q)}.")
    return p, q


def _kl_to_mixture(p: np.ndarray, q: np.ndarray) -> float:
    """KL(p || m), m = (p + q) / 2, with p / m = 2 / (1 + q / p)."""
    some = p > 0
    return float(p[some] @ (math.log(2) - np.logaddexp(0, _log_ratio(q[some], p[some]))))


def _log_ratio(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """log(a / b) for a >= 0 and b > 0; the quotient itself could overflow."""
    with np.errstate(divide="ignore"):
        return np.asarray(np.log(a) - np.log(b))
