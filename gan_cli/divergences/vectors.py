"""Divergences of probability vectors, and the terms that KL and JS are the sum of, in nats."""

import math

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import rel_entr

from gan_cli.divergences.checks import probabilities, require
from gan_cli.divergences.couplings import linear_program


def kl(p: ArrayLike, q: ArrayLike) -> float:
    """The Kullback-Leibler divergence of p from q, in nats.

    KL(p || q) = sum_i p_i log(p_i / q_i), where 0 log 0 = 0; infinite where q_i = 0 < p_i. It is
    not symmetric: the reverse divergence is kl(q, p).

    Args:
        p, q: probabilities (N,). A sum may differ from one by 1e-6; it is then normalised.

    Raises:
        ValueError: naming p or q and what keeps it from being a probability vector.

    Source: Kullback and Leibler 1951, "On information and sufficiency", section 2.
    """
    return max(0.0, float(rel_entr(*_pair(p, q)).sum()))


def js(p: ArrayLike, q: ArrayLike) -> float:
    """The Jensen-Shannon divergence, in nats: symmetric, at most log 2, its root a metric.

    JS(p, q) = KL(p || m) / 2 + KL(q || m) / 2 with m = (p + q) / 2.

    Args:
        p, q: probabilities (N,), as for `kl`.

    Raises:
        ValueError: naming p or q and what keeps it from being a probability vector.

    Source: Lin 1991, "Divergence measures based on the Shannon entropy", section IV; Goodfellow et
        al. 2014, equation 6.
    """
    return min(max(0.0, float(js_terms(*_pair(p, q)).sum())), math.log(2))


def total_variation(p: ArrayLike, q: ArrayLike) -> float:
    """The total variation distance, in [0, 1]: TV(p, q) = sum_i |p_i - q_i| / 2.

    Args:
        p, q: probabilities (N,), as for `kl`.

    Raises:
        ValueError: naming p or q and what keeps it from being a probability vector.

    Source: Levin, Peres and Wilmer 2009, "Markov Chains and Mixing Times", Proposition 4.2.
    """
    p, q = _pair(p, q)
    return min(1.0, float(np.abs(p - q).sum()) / 2)


def wasserstein(p: ArrayLike, q: ArrayLike, cost: ArrayLike) -> float:
    """The least cost of moving p onto q, in the unit of the cost.

    T(p, q) = min sum_ij coupling_ij cost_ij over all couplings >= 0 with row sums p and column sums
    q. With cost_ij = |x_i - y_j|^r the Wasserstein-r distance is T^(1/r).

    Args:
        p: probabilities (N,), as for `kl`.
        q: probabilities (M,).
        cost: the cost of moving a unit of mass from place i of p to place j of q, (N, M), finite.

    Raises:
        ValueError: naming p, q or the cost and what is wrong with it.

    Source: Kantorovich 1942; Villani 2009, "Optimal Transport: Old and New", definition 6.1.
    """
    return float((transport_plan(p, q, cost) * np.asarray(cost, np.float64)).sum())


def transport_plan(p: ArrayLike, q: ArrayLike, cost: ArrayLike) -> np.ndarray:
    """The coupling (N, M) that `wasserstein` is the cost of, for the same arguments."""
    p, q = probabilities("p", p), probabilities("q", q)
    cost = np.asarray(cost, np.float64)
    require(
        cost.shape == (len(p), len(q)),
        f"The cost must have shape ({len(p)}, {len(q)}), a row for each entry of p and a column "
        f"for each of q, and has shape {cost.shape}.",
    )
    require(np.isfinite(cost).all(), "The cost must be finite, and holds NaN or infinity.")
    return linear_program(p, q, cost)


def kl_terms(log_p: np.ndarray, log_q: np.ndarray) -> np.ndarray:
    """p log(p / q), where 0 log 0 = 0; infinite where q = 0 < p.

    It takes logarithms, as q may be too small for a float64 where its logarithm is not.
    """
    ratio = np.subtract(log_p, log_q, out=np.zeros_like(log_p), where=log_p > -math.inf)
    never = np.full_like(ratio, math.inf)
    return np.asarray(np.multiply(np.exp(log_p), ratio, out=never, where=ratio < math.inf))


def js_terms(p: np.ndarray, q: np.ndarray) -> np.ndarray:
    """(p log(p / m) + q log(q / m)) / 2 with m = (p + q) / 2, which would underflow if computed."""
    return np.asarray((rel_entr(2 * p, p + q) + rel_entr(2 * q, p + q)) / 4)


def _pair(p: ArrayLike, q: ArrayLike) -> tuple[np.ndarray, np.ndarray]:
    p, q = probabilities("p", p), probabilities("q", q)
    lengths = f"p has {len(p)} entries, q has {len(q)}"
    require(len(p) == len(q), f"p and q must be of one length: {lengths}.")
    return p, q
