"""The terms that divergences are the sum of, entry by entry, or the integral of, point by point."""

import math

import numpy as np
from scipy.special import rel_entr


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


def hellinger_terms(p: np.ndarray, q: np.ndarray) -> np.ndarray:
    """(sqrt p - sqrt q)^2."""
    return np.asarray((np.sqrt(p) - np.sqrt(q)) ** 2)


def triangular_terms(p: np.ndarray, q: np.ndarray) -> np.ndarray:
    """(p - q)^2 / (p + q), which is 0 where both are."""
    total = p + q
    return np.asarray(np.divide((p - q) ** 2, total, out=np.zeros_like(total), where=total > 0))
