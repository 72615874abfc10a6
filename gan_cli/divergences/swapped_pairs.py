"""What the relativistic game of pairs measures, from the masses of all pairs of entries."""

import numpy as np

from gan_cli.divergences.terms import js_terms

PAIRED = 2000  # entries of which all pairs are compared
ALIKE = 0.01  # how far apart the log-ratios of entries may be that are taken together
SURE = 25.0  # the log-ratio beyond which all are taken together; e^-25 is 1e-11
TINY = 1e-300  # the smallest probability in such a ratio
BLOCK = 2**22  # pairs at once


def gathered_by_ratio(p: np.ndarray, q: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The sums of those entries of p and q whose log-ratios log(p / q) are alike."""
    filled = (p > 0) | (q > 0)
    p, q = p[filled], q[filled]
    ratio = np.log(np.maximum(p, TINY)) - np.log(np.maximum(q, TINY))
    alike = np.floor(np.clip(ratio, -SURE, SURE) / ALIKE)
    _, group = np.unique(alike, return_inverse=True)
    return np.bincount(group, p), np.bincount(group, q)


def between(p: np.ndarray, q: np.ndarray) -> float:
    """The JS divergence of the pairs with masses p_i q_j from those with masses q_i p_j."""
    blocks = np.array_split(np.stack([p, q]), -(-(len(p) ** 2) // BLOCK), axis=1)
    return sum(float(js_terms(np.outer(a, q), np.outer(b, p)).sum()) for a, b in blocks)
