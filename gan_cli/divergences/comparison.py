"""All divergences of two known distributions, each by the method that fits them."""

import math

from gan_cli.divergences import densities, transport, vectors
from gan_cli.divergences.distributions import Discrete, Distribution
from gan_cli.divergences.quadrature import Estimate


def compare(p: Distribution, q: Distribution) -> dict[str, Estimate]:
    """Compares two distributions by every divergence there is here.

    Two discrete distributions are compared as vectors over the union of their points, two densities
    by quadrature. Between a discrete one and a density KL is infinite, JS log 2 and TV 1, wherever
    they lie: only Wasserstein tells how far apart they are.

    Args:
        p: a distribution.
        q: one of the same dimension.

    Returns:
        `kl_pq` = KL(p || q), `kl_qp` = KL(q || p) and `js` in nats, `total_variation` in [0, 1],
        `wasserstein_1` and `wasserstein_2` in units of x. KL may be infinite. An error of 0 means
        exact but for rounding.

    Raises:
        ValueError: if one lies on the line and the other in the plane.

    Source: Goodfellow et al. 2014, section 4.1, for what KL and JS are to a GAN; Arjovsky et al.
        2017, "Wasserstein GAN", section 2, for all of them side by side.
    """
    return {
        **_overlap(p, q),
        "wasserstein_1": transport.wasserstein(p, q, 1),
        "wasserstein_2": transport.wasserstein(p, q, 2),
    }


def _overlap(p: Distribution, q: Distribution) -> dict[str, Estimate]:
    """KL both ways, JS and TV, which depend on probabilities alone and not on distances."""
    if isinstance(p, Discrete) and isinstance(q, Discrete):
        a, b = _on_common_points(p, q)
        values = (
            vectors.kl(a, b),
            vectors.kl(b, a),
            vectors.js(a, b),
            vectors.total_variation(a, b),
        )
        found = tuple(Estimate(value, 0.0) for value in values)
    elif p.dimension != q.dimension:
        raise densities.different_dimensions(p, q)
    elif isinstance(p, Discrete) or isinstance(q, Discrete):
        found = tuple(Estimate(value, 0.0) for value in (math.inf, math.inf, math.log(2), 1.0))
    else:
        found = (
            densities.kl(p, q),
            densities.kl(q, p),
            densities.js(p, q),
            densities.total_variation(p, q),
        )
    return dict(zip(("kl_pq", "kl_qp", "js", "total_variation"), found, strict=True))


def _on_common_points(p: Discrete, q: Discrete) -> tuple[list[float], list[float]]:
    """Both as probabilities of the union of their points."""
    points = sorted({*p.points, *q.points})
    of_p = dict(zip(p.points, p.probabilities, strict=True))
    of_q = dict(zip(q.points, q.probabilities, strict=True))
    return [of_p.get(x, 0.0) for x in points], [of_q.get(x, 0.0) for x in points]
