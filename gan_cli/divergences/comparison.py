"""All divergences of two known distributions, each by the method that fits them."""

import math

from gan_cli.divergences import densities, pairs, transport, vectors
from gan_cli.divergences.discrete import Discrete
from gan_cli.divergences.distributions import Distribution
from gan_cli.divergences.kernels import Kernel
from gan_cli.divergences.quadrature import Estimate

NAMES = (
    "kl_pq",
    "kl_qp",
    "js",
    "total_variation",
    "squared_hellinger",
    "pearson",
    "neyman",
    "fisher",
    "relativistic",
    "energy",
    "mmd",
    "wasserstein_1",
    "wasserstein_2",
)


def compare(p: Distribution, q: Distribution, kernel: Kernel | None = None) -> dict[str, Estimate]:
    """Compares two distributions by every divergence that this package has.

    Two discrete distributions are compared as vectors over the union of their points, two densities
    by quadrature. A discrete distribution and a density overlap nowhere: KL and chi^2 are infinite,
    JS and the relativistic gap log 2, TV 1, the squared Hellinger distance and Fisher's 2, wherever
    they lie. Only the energy distance, MMD and Wasserstein tell how far apart they are.

    Args:
        p: a distribution.
        q: a distribution of the same dimension.
        kernel: that of MMD, by default gaussian of width 1; in the plane it must be gaussian.

    Returns:
        `kl_pq` = KL(p || q), `kl_qp` = KL(q || p), `js` and `relativistic` in nats,
        `total_variation` in [0, 1], `squared_hellinger` and `fisher` in [0, 2], `pearson` =
        chi^2(p, q) and `neyman` = chi^2(q, p), `energy`, `wasserstein_1` and `wasserstein_2` in
        units of x, and `mmd`, which is MMD^2 by the kernel. KL and chi^2 may be infinite, and chi^2
        is also inf where float64 does not hold it. A value with an error of 0 is exact but for
        rounding.

    Raises:
        ValueError: if one lies on the line and the other in the plane, or the kernel does not fit.

    Source: Goodfellow et al. 2014, section 4.1, for what KL and JS mean for a GAN; Arjovsky et al.
        2017, "Wasserstein GAN", section 2, for a comparison of several.
    """
    found = [
        *_overlap(p, q),
        pairs.energy(p, q),
        pairs.mmd(p, q, kernel),
        transport.wasserstein(p, q, 1),
        transport.wasserstein(p, q, 2),
    ]
    return dict(zip(NAMES, found, strict=True))


def _overlap(p: Distribution, q: Distribution) -> list[Estimate]:
    """The divergences that depend on probabilities alone and not on distances."""
    if isinstance(p, Discrete) and isinstance(q, Discrete):
        a, b = _on_common_points(p, q)
        exact = [
            vectors.kl(a, b),
            vectors.kl(b, a),
            vectors.js(a, b),
            vectors.total_variation(a, b),
            vectors.squared_hellinger(a, b),
            vectors.chi_squared(a, b),
            vectors.chi_squared(b, a),
            vectors.fisher(a, b),
            vectors.relativistic(a, b),
        ]
    elif p.dimension != q.dimension:
        raise densities.different_dimensions(p, q)
    elif isinstance(p, Discrete) or isinstance(q, Discrete):
        log_2 = math.log(2)
        exact = [math.inf, math.inf, log_2, 1.0, 2.0, math.inf, math.inf, 2.0, log_2]
    else:
        return [
            densities.kl(p, q),
            densities.kl(q, p),
            densities.js(p, q),
            densities.total_variation(p, q),
            densities.squared_hellinger(p, q),
            densities.chi_squared(p, q),
            densities.chi_squared(q, p),
            densities.fisher(p, q),
            pairs.relativistic(p, q),
        ]
    return [Estimate(value) for value in exact]


def _on_common_points(p: Discrete, q: Discrete) -> tuple[list[float], list[float]]:
    """Both as probabilities of the union of their points."""
    of_p, of_q = (dict(zip(each.points, each.probabilities, strict=True)) for each in (p, q))
    points = sorted(of_p | of_q)
    return [of_p.get(x, 0.0) for x in points], [of_q.get(x, 0.0) for x in points]
