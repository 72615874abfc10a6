"""Divergences of probability vectors; KL, JS and the relativistic gap in nats."""

import math

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import rel_entr

from gan_cli.divergences import swapped_pairs
from gan_cli.divergences.checks import probabilities, require
from gan_cli.divergences.couplings import linear_program
from gan_cli.divergences.terms import hellinger_terms, js_terms, triangular_terms


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


def squared_hellinger(p: ArrayLike, q: ArrayLike) -> float:
    """The squared Hellinger distance, in [0, 2]: H^2(p, q) = sum_i (sqrt p_i - sqrt q_i)^2.

    Args:
        p, q: probabilities (N,), as for `kl`.

    Raises:
        ValueError: naming p or q and what keeps it from being a probability vector.

    Source: Nowozin et al. 2016, Table 1; many books halve it.
    """
    return min(2.0, float(hellinger_terms(*_pair(p, q)).sum()))


def chi_squared(p: ArrayLike, q: ArrayLike) -> float:
    """Pearson's chi^2 of p from q: sum_i (p_i - q_i)^2 / q_i; infinite where q_i = 0 < p_i.

    Neyman's chi^2 of p from q, sum_i (p_i - q_i)^2 / p_i, is chi_squared(q, p).

    Args:
        p, q: probabilities (N,), as for `kl`.

    Raises:
        ValueError: naming p or q and what keeps it from being a probability vector.

    Source: Nowozin et al. 2016, Table 1.
    """
    p, q = _pair(p, q)
    if (p[q == 0] > 0).any():
        return math.inf
    filled = q > 0
    return float(((p - q)[filled] ** 2 / q[filled]).sum())


def triangular_discrimination(p: ArrayLike, q: ArrayLike) -> float:
    """The triangular discrimination, in [0, 2]: LC(p, q) = sum_i (p_i - q_i)^2 / (p_i + q_i).

    Args:
        p, q: probabilities (N,), as for `kl`.

    Raises:
        ValueError: naming p or q and what keeps it from being a probability vector.

    Source: Topsoe 2000, "Some inequalities for information divergence and related measures of
        discrimination"; Mao et al. 2017, Theorem 1, for what it is to the least-squares GAN.
    """
    return min(2.0, float(triangular_terms(*_pair(p, q)).sum()))


def fisher(p: ArrayLike, q: ArrayLike) -> float:
    """The distance that Fisher GAN's critic finds, in [0, 2].

    sup_f (E_p f - E_q f) over f with E_p f^2 / 2 + E_q f^2 / 2 = 1, which is
    sqrt(sum_i (p_i - q_i)^2 / ((p_i + q_i) / 2)), the root of twice the triangular discrimination.

    Args:
        p, q: probabilities (N,), as for `kl`.

    Raises:
        ValueError: naming p or q and what keeps it from being a probability vector.

    Source: Mroueh and Sercu 2017, "Fisher GAN", Theorem 1.
    """
    return math.sqrt(2 * triangular_discrimination(p, q))


def relativistic(p: ArrayLike, q: ArrayLike) -> float:
    """What the relativistic game of pairs measures, in nats, at most log 2.

    log 2 + sup_D E log sigmoid(D(x) - D(y)) for x ~ p and y ~ q: the Jensen-Shannon divergence of
    the pairs (x, y) and the swapped pairs (y, x), which is 0 exactly for p = q. The optimum is
    D(x) - D(y) = log(p(x) q(y) / (q(x) p(y))). Of more than 2,000 entries those whose ratios p / q
    differ by less than 1 % are taken together, which lowers the result by less than 2e-5.

    Args:
        p, q: probabilities (N,), as for `kl`.

    Raises:
        ValueError: naming p or q and what keeps it from being a probability vector.

    Source: Jolicoeur-Martineau 2018, section 4.1; Huang et al. 2024, equation 2.
    """
    p, q = _pair(p, q)
    if len(p) > swapped_pairs.PAIRED:
        p, q = swapped_pairs.gathered_by_ratio(p, q)
    return min(max(0.0, swapped_pairs.between(p, q)), math.log(2))


def energy(p: ArrayLike, q: ArrayLike, distances: ArrayLike) -> float:
    """The energy distance, in the unit of the distances: 2 E|X - Y| - E|X - X'| - E|Y - Y'|.

    On the line it is 2 integral (F - G)^2, twice the squared Cramer distance.

    Args:
        p, q: probabilities (N,), as for `kl`.
        distances: the distance of place i from place j, (N, N), finite.

    Raises:
        ValueError: naming p, q or the distances and what is wrong with them.

    Source: Szekely and Rizzo 2013, "Energy statistics: a class of statistics based on distances";
        Bellemare et al. 2017, section 4.
    """
    return max(0.0, -_of_difference(p, q, distances, "The distances"))


def mmd(p: ArrayLike, q: ArrayLike, kernel: ArrayLike) -> float:
    """The squared maximum mean discrepancy: sum_ij (p_i - q_i) k_ij (p_j - q_j).

    Args:
        p, q: probabilities (N,), as for `kl`.
        kernel: the kernel of place i and place j, (N, N), finite; see `Kernel`.

    Raises:
        ValueError: naming p, q or the kernel and what is wrong with it.

    Source: Gretton et al. 2012, "A kernel two-sample test", Lemma 6.
    """
    return max(0.0, _of_difference(p, q, kernel, "The kernel"))


def _of_difference(p: ArrayLike, q: ArrayLike, matrix: ArrayLike, name: str) -> float:
    """sum_ij (p_i - q_i) matrix_ij (p_j - q_j)."""
    p, q = _pair(p, q)
    matrix = np.asarray(matrix, np.float64)
    expected = (len(p), len(p))
    require(matrix.shape == expected, f"{name} must have shape {expected}, not {matrix.shape}.")
    require(np.isfinite(matrix).all(), f"{name} must be finite, without NaN.")
    return float((p - q) @ matrix @ (p - q))


def _pair(p: ArrayLike, q: ArrayLike) -> tuple[np.ndarray, np.ndarray]:
    p, q = probabilities("p", p), probabilities("q", q)
    lengths = f"p has {len(p)} entries, q has {len(q)}"
    require(len(p) == len(q), f"p and q must be of one length: {lengths}.")
    return p, q
