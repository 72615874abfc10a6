"""The table of f-divergences: the output activation and the conjugate of each, in stable form.

D_f(P, Q) = E_Q f(p / q) for a convex f with f(1) = 0 (for `gan`, f(1) = -log 4). Its conjugate
f*(t) = sup_u t u - f(u) gives D_f = sup_T E_P T - E_Q f*(T), which T* = f'(p / q) attains. D's raw
output v becomes T = g_f(v) in the domain of f*, and f* is taken of v itself, where f*(g_f(v)) is
simpler and exact in the tails.

Source: Nowozin et al. 2016, "f-GAN", equation 4 and Tables 1, 2 and 6.
"""

from collections.abc import Callable
from typing import NamedTuple

import jax
import jax.numpy as jnp
from jax import Array

LIMIT = 30.0
"""Where exponentials go on as straight lines, in units of D's output; e^30 is 1.1e13."""

NEWTON = 6
"""Newton's steps for the logarithm of Lambert's W; four reach the rounding of float32."""

LOG_2 = 0.6931471805599453


class Row(NamedTuple):
    """One f-divergence, as D plays for it.

    measures: the name of E_P g_f(v) - E_Q f*(g_f(v)) at D's optimum.
    words: the same for the header of a training.
    cost: -g_f(v), what D's loss counts on data.
    conjugate: f*(g_f(v)), as a function of v.
    balance: the output v with g_f(v) = f'(1), where data and samples are equally likely.
    logits: whether v is the logit of D = p / (p + q), and D's loss a cross-entropy but for a
        constant.
    """

    measures: str
    words: str
    cost: Callable[[Array], Array]
    conjugate: Callable[[Array], Array]
    balance: float = 0.0
    logits: bool = False

    def activation(self, v: Array) -> Array:
        """T = g_f(v), in the domain of f*."""
        return -self.cost(v)


def not_above(v: Array) -> Array:
    """v up to LIMIT, and LIMIT + log(1 + v - LIMIT) above, so that e^v goes on as a straight line.

    It takes all values, as v does, so what D can say is the same, and neither e^v nor its gradient
    leaves the range of float32.
    """
    return jnp.minimum(v, LIMIT) + jnp.log1p(jnp.maximum(v - LIMIT, 0.0))


def not_below(v: Array) -> Array:
    """v down to -LIMIT, and its mirror image of `not_above` below."""
    return -not_above(-v)


def log_lambert(y: Array) -> Array:
    """log W(e^y), where W is Lambert's function, without computing e^y: the l with l + e^l = y.

    Newton's method from above, where it never overshoots, since l + e^l is convex: from y itself
    where it is at most 1, and else from log y.

    Source: Corless and Jeffrey 2002, "The Wright omega function" (W(e^y) as a function of y).
    """
    found = jnp.where(y > 1.0, jnp.log(jnp.maximum(y, 1.0)), y)
    for _ in range(NEWTON):
        power = jnp.exp(found)
        found = found - (found + power - y) / (1.0 + power)
    return found


@jax.custom_jvp
def conjugate_of_jeffrey(t: Array) -> Array:
    """w + 1/w + t - 2 with w = W(e^(1 - t)), as e^-l - 1 - l with l = log w.

    Its derivative is 1/w = e^-l, the ratio u = p / q at which f'(u) = t.
    """
    log_w = log_lambert(1.0 - t)
    return jnp.expm1(-log_w) - log_w


@conjugate_of_jeffrey.defjvp
def _slope(primals: tuple[Array], tangents: tuple[Array]) -> tuple[Array, Array]:
    (t,), (change,) = primals, tangents
    return conjugate_of_jeffrey(t), ratio_of_jeffrey(t) * change


@jax.custom_jvp
def ratio_of_jeffrey(t: Array) -> Array:
    """The u with 1 + log u - 1/u = t."""
    return jnp.exp(-log_lambert(1.0 - t))


@ratio_of_jeffrey.defjvp
def _curvature(primals: tuple[Array], tangents: tuple[Array]) -> tuple[Array, Array]:
    """du/dt = 1 / (1/u + 1/u^2) = u / (1 + 1/u)."""
    (t,), (change,) = primals, tangents
    u = ratio_of_jeffrey(t)
    return u, u / (1.0 + jnp.exp(log_lambert(1.0 - t))) * change


def _of_hellinger(v: Array) -> Array:
    return not_below(not_above(v))


ROWS: dict[str, Row] = {
    "total_variation": Row(  # f(u) = |u - 1| / 2
        measures="total_variation",
        words="total variation",
        cost=lambda v: -jnp.tanh(v) / 2,
        conjugate=lambda v: jnp.tanh(v) / 2,
    ),
    "kl": Row(  # f(u) = u log u
        measures="kl",
        words="Kullback-Leibler divergence KL(data, samples)",
        cost=lambda v: -not_above(v),
        conjugate=lambda v: jnp.exp(not_above(v) - 1.0),
        balance=1.0,
    ),
    "reverse_kl": Row(  # f(u) = -log u
        measures="reverse_kl",
        words="reverse Kullback-Leibler divergence KL(samples, data)",
        cost=lambda v: jnp.exp(-not_below(v)),
        conjugate=lambda v: not_below(v) - 1.0,
    ),
    "pearson": Row(  # f(u) = (u - 1)^2
        measures="pearson",
        words="Pearson chi-squared divergence",
        cost=lambda v: -v,
        conjugate=lambda v: jnp.square(v) / 4 + v,
    ),
    "neyman": Row(  # f(u) = (1 - u)^2 / u
        measures="neyman",
        words="Neyman chi-squared divergence",
        cost=lambda v: jnp.expm1(-not_below(v)),
        conjugate=lambda v: -2.0 * jnp.expm1(-not_below(v) / 2),
    ),
    "squared_hellinger": Row(  # f(u) = (sqrt u - 1)^2
        measures="squared_hellinger",
        words="squared Hellinger distance",
        cost=lambda v: jnp.expm1(-_of_hellinger(v)),
        conjugate=lambda v: jnp.expm1(_of_hellinger(v)),
    ),
    "jeffrey": Row(  # f(u) = (u - 1) log u
        measures="jeffrey",
        words="Jeffrey divergence KL(data, samples) + KL(samples, data)",
        cost=lambda v: -not_above(v),
        conjugate=lambda v: conjugate_of_jeffrey(not_above(v)),
    ),
    "jensen_shannon": Row(  # f(u) = u log u - (u + 1) log((u + 1) / 2)
        measures="twice_jensen_shannon",
        words="Jensen-Shannon divergence, twice",
        cost=lambda v: jax.nn.softplus(-v) - LOG_2,
        conjugate=lambda v: jax.nn.softplus(v) - LOG_2,
        logits=True,
    ),
    "gan": Row(  # f(u) = u log u - (u + 1) log(u + 1)
        measures="gan",
        words="value of minimax, 2 JS - log 4",
        cost=lambda v: jax.nn.softplus(-v),
        conjugate=jax.nn.softplus,
        logits=True,
    ),
}
