"""All divergences of two known distributions, each by the method that fits them."""

import math

from gan_cli.divergences import densities, transport, vectors
from gan_cli.divergences.discrete import Discrete
from gan_cli.divergences.distributions import Distribution
from gan_cli.divergences.quadrature import Estimate


def compare(p: Distribution, q: Distribution) -> dict[str, Estimate]:
    """Compares two distributions by every divergence that this package has.

    Two discrete distributions are compared as vectors over the union of their points, two densities
    by quadrature. Between a discrete distribution and a density KL is infinite, JS is log 2 and TV
    is 1, wherever they lie: only Wasserstein tells how far apart they are.

    Args:
        p: a distribution.
        q: a distribution of the same dimension.

    Returns:
        `kl_pq` = KL(p || q), `kl_qp` = KL(q || p) and `js` in nats, `total_variation` in [0, 1],
        `wasserstein_1` and `wasserstein_2` in units of x. KL may be infinite. A value with an error
        of 0 is exact but for rounding.

    Raises:
        ValueError: if one lies on the line and the other in the plane.

    Source: Goodfellow et al. 2014, section 4.1, for what KL and JS mean for a GAN; Arjovsky et al.
        2017, "Wasserstein GAN", section 2, for a comparison of all of them.
    """
    overlap = zip(("kl_pq", "kl_qp", "js", "total_variation"), _overlap(p, q), strict=True)
    return {
        **dict(overlap),
        "wasserstein_1": transport.wasserstein(p, q, 1),
        "wasserstein_2": transport.wasserstein(p, q, 2),
    }


def _overlap(p: Distribution, q: Distribution) -> list[Estimate]:
    """KL both ways, JS and TV, which depend on probabilities alone and not on distances."""
    if isinstance(p, Discrete) and isinstance(q, Discrete):
        a, b = _on_common_points(p, q)
        exact = [
            vectors.kl(a, b),
            vectors.kl(b, a),
            vectors.js(a, b),
            vectors.total_variation(a, b),
        ]
    elif p.dimension != q.dimension:
        raise densities.different_dimensions(p, q)
    elif isinstance(p, Discrete) or isinstance(q, Discrete):
        exact = [math.inf, math.inf, math.log(2), 1.0]
    else:
        return [
            densities.kl(p, q),
            densities.kl(q, p),
            densities.js(p, q),
            densities.total_variation(p, q),
        ]
    return [Estimate(value) for value in exact]


def _on_common_points(p: Discrete, q: Discrete) -> tuple[list[float], list[float]]:
    """Both as probabilities of the union of their points."""
    of_p, of_q = (dict(zip(each.points, each.probabilities, strict=True)) for each in (p, q))
    points = sorted(of_p | of_q)
    return [of_p.get(x, 0.0) for x in points], [of_q.get(x, 0.0) for x in points]
