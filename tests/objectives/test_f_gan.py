"""The nine f-GANs: their table against its formulas in float64, and the game of 2014 to the bit."""

import typing

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from scipy.special import wrightomega

from gan_cli.errors import UsageError
from gan_cli.loading import construct
from gan_cli.objectives.f_divergences import LIMIT, ROWS, log_lambert
from gan_cli.objectives.f_gan import Divergence, FGan
from gan_cli.objectives.minimax import Minimax
from gan_cli.objectives.non_saturating import NonSaturating

KEY = jax.random.key(0)
LOG_2 = np.log(2)

# Nowozin et al. 2016: f(u), f'(u), g_f(v), f*(t), and D_f for p = (.5, .5), q = (.1, .9)
FORMULAS = {
    "total_variation": (
        lambda u: abs(u - 1) / 2,
        lambda u: np.sign(u - 1) / 2,
        lambda v: np.tanh(v) / 2,
        lambda t: t,
        0.4,
    ),
    "kl": (
        lambda u: u * np.log(u),
        lambda u: 1 + np.log(u),
        lambda v: v,
        lambda t: np.exp(t - 1),
        0.5108256,
    ),
    "reverse_kl": (
        lambda u: -np.log(u),
        lambda u: -1 / u,
        lambda v: -np.exp(-v),
        lambda t: -1 - np.log(-t),
        0.3680642,
    ),
    "pearson": (
        lambda u: (u - 1) ** 2,
        lambda u: 2 * (u - 1),
        lambda v: v,
        lambda t: t**2 / 4 + t,
        1.7777778,
    ),
    "neyman": (
        lambda u: (1 - u) ** 2 / u,
        lambda u: 1 - 1 / u**2,
        lambda v: 1 - np.exp(-v),
        lambda t: 2 - 2 * np.sqrt(1 - t),
        0.64,
    ),
    "squared_hellinger": (
        lambda u: (np.sqrt(u) - 1) ** 2,
        lambda u: 1 - u**-0.5,
        lambda v: 1 - np.exp(-v),
        lambda t: t / (1 - t),
        0.2111456,
    ),
    "jeffrey": (
        lambda u: (u - 1) * np.log(u),
        lambda u: 1 + np.log(u) - 1 / u,
        lambda v: v,
        lambda t: wrightomega(1 - t) + 1 / wrightomega(1 - t) + t - 2,
        0.8788898,
    ),
    "jensen_shannon": (
        lambda u: u * np.log(u) - (u + 1) * np.log((u + 1) / 2),
        lambda u: np.log(2 * u / (1 + u)),
        lambda v: LOG_2 - np.log1p(np.exp(-v)),
        lambda t: -np.log(2 - np.exp(t)),
        0.2034985,
    ),
    "gan": (
        lambda u: u * np.log(u) - (u + 1) * np.log(u + 1),
        lambda u: np.log(u / (u + 1)),
        lambda v: -np.log1p(np.exp(-v)),
        lambda t: -np.log(1 - np.exp(t)),
        -1.1827959,
    ),
}
INVERSES = {  # the output v with g_f(v) = t
    "total_variation": lambda t: np.arctanh(np.clip(2 * t, -1 + 1e-15, 1 - 1e-15)),
    "reverse_kl": lambda t: -np.log(-t),
    "neyman": lambda t: -np.log(1 - t),
    "squared_hellinger": lambda t: -np.log(1 - t),
    "jensen_shannon": lambda t: t - np.log(2 - np.exp(t)),
    "gan": lambda t: t - np.log(1 - np.exp(t)),
}
P, Q = np.array([0.5, 0.5]), np.array([0.1, 0.9])
every = pytest.mark.parametrize("name", FORMULAS)


def best(name, u):
    """The raw output at which g_f(v) = f'(u)."""
    return INVERSES.get(name, lambda t: t)(FORMULAS[name][1](u))


def test_the_table_and_the_choices_are_the_nine():
    assert list(ROWS) == list(FORMULAS) == list(typing.get_args(Divergence))
    assert (ROWS["jensen_shannon"].measures, ROWS["gan"].measures) == (
        "twice_jensen_shannon",
        "gan",
    )


@every
def test_the_outputs_become_what_the_table_says(name):
    v = np.linspace(-12, 12, 401)
    _, _, activation, conjugate, _ = FORMULAS[name]
    row, outputs = ROWS[name], jnp.asarray(v, jnp.float32)
    np.testing.assert_allclose(row.activation(outputs), activation(v), rtol=2e-6, atol=2e-7)
    inner = np.abs(v) < 8  # beyond, the formula itself loses its digits in float64
    found = np.asarray(row.conjugate(outputs))[inner]
    np.testing.assert_allclose(found, conjugate(activation(v[inner])), rtol=3e-6, atol=3e-7)


@every
def test_the_bound_is_tight_at_the_optimum_and_lower_elsewhere(name):
    f, slope, _, conjugate, expected = FORMULAS[name]
    u = np.array([0.01, 0.3, 1.0, 5.0, 80.0])
    np.testing.assert_allclose(conjugate(slope(u)), u * slope(u) - f(u), rtol=1e-9, atol=1e-12)
    assert Q @ f(P / Q) == pytest.approx(expected, abs=1e-7)

    row = ROWS[name]

    def bound(v):
        v = jnp.asarray(v, jnp.float32)
        return float(jnp.asarray(P) @ row.activation(v) - jnp.asarray(Q) @ row.conjugate(v))

    optimum = best(name, P / Q)
    assert bound(optimum) == pytest.approx(expected, abs=1e-6)
    for change in np.random.default_rng(0).normal(size=(30, 2)):
        assert bound(optimum + change) < expected + 1e-6
        assert bound(change) < expected


@every
def test_at_the_optimum_the_slope_of_the_conjugate_is_the_ratio(name):
    u = np.array([0.05, 0.5, 1.0, 3.0, 40.0])
    v = jnp.asarray(best(name, u), jnp.float32)
    row = ROWS[name]
    of_t, of_conjugate = (jax.vmap(jax.grad(g))(v) for g in (row.activation, row.conjugate))
    if name == "total_variation":  # f has a kink: every u on a side has one T*
        np.testing.assert_allclose(of_conjugate, of_t)
    else:
        np.testing.assert_allclose(of_conjugate / of_t, u, rtol=1e-4)
    assert float(best(name, 1.0)) == pytest.approx(row.balance)


@every
def test_losses_and_slopes_are_finite_and_no_bound_is_lost_however_sure_d_is(name):
    row = ROWS[name]
    sizes = np.array([0.0, 1.0, LIMIT, 50.0, 88.0, 100.0, 1e3, 1e4])
    v = jnp.asarray(np.concatenate([-sizes[::-1], sizes]), jnp.float32)
    for g in (row.activation, row.conjugate):
        values, slopes = jax.vmap(jax.value_and_grad(g))(v)
        curvatures = jax.vmap(jax.grad(jax.grad(g)))(v)
        assert np.isfinite([values, slopes, curvatures]).all()
        assert float(jnp.abs(slopes).max()) < 1e18, "its square is a number of float32 too"
    exact = np.asarray(v, np.float64)
    T = np.asarray(row.activation(v), np.float64)
    low, high = {"total_variation": (-0.5, 0.5), "jensen_shannon": (-np.inf, LOG_2)}.get(
        name, (-np.inf, {"kl": np.inf, "pearson": np.inf, "jeffrey": np.inf}.get(name, 1.0))
    )
    assert (low <= T).all()
    assert (high + 1e-6 >= T).all()
    assert (np.diff(T[exact != 0]) >= 0).all(), "a greater output never says less"


@pytest.mark.parametrize("generator", ["saturating", "non_saturating"])
def test_gan_is_the_game_of_2014_to_the_bit(generator):
    other = Minimax() if generator == "saturating" else NonSaturating()
    mine = FGan(divergence="gan", generator=generator)

    def losses(objective, real, fake):
        def D(x, key):
            noise = 0.0 if key is None else jax.random.normal(key, x.shape)
            return x + noise

        args = (D, real, fake, KEY)
        loss = objective.discriminator_loss, objective.generator_loss, objective.unrolled_loss
        slopes = jax.grad(lambda fake: objective.generator_loss(D, real, fake, KEY))(fake)
        return jnp.stack([each(*args) for each in loss]), slopes

    compute = jax.jit(losses)
    for scale in (1.0, 10.0, 100.0, 1e4, 1e30):
        for seed in range(3):
            real, fake = scale * jax.random.normal(jax.random.key(seed), (2, 129))
            for one, two in zip(compute(mine, real, fake), compute(other, real, fake), strict=True):
                assert one.dtype == jnp.float32
                np.testing.assert_array_equal(one, two)


@every
def test_the_two_generators(name):
    """Both want more where D is unsure; the saturating one minimises what D maximises."""
    fake = jnp.linspace(-2, 2, 9)
    D = lambda x, key: x  # noqa: E731
    _, _, activation, conjugate, _ = FORMULAS[name]
    v = np.asarray(fake, np.float64)
    for generator, expected in (
        ("saturating", -conjugate(activation(v)).mean()),
        ("non_saturating", -activation(v).mean()),
    ):
        objective = FGan(divergence=name, generator=generator)
        found = objective.generator_loss(D, fake, fake, KEY)
        np.testing.assert_allclose(found, expected, rtol=1e-5, atol=1e-6)


def test_the_logarithm_of_lambert_needs_no_exponential_of_its_argument():
    y = np.concatenate([np.linspace(-30, 50, 401), np.geomspace(50, 1e8, 50)])
    found = np.asarray(jax.jit(log_lambert)(jnp.asarray(y, jnp.float32)), np.float64)
    expected = np.log(wrightomega(y.astype(np.float32).astype(np.float64)))
    np.testing.assert_allclose(found, expected, rtol=3e-7, atol=3e-7)
    far = jnp.float32(-1e5)
    assert float(log_lambert(far)) == -1e5, "where W(e^y) is e^y"


def test_a_divergence_by_another_name_is_refused_with_the_nearest():
    with pytest.raises(UsageError) as refused:
        construct(FGan, {"divergence": "reversekl"})
    assert str(refused.value) == (
        "divergence=reversekl: not a choice. Did you mean 'reverse_kl'? Valid: gan, "
        "jeffrey, jensen_shannon, kl, neyman, pearson, reverse_kl, squared_hellinger, "
        "total_variation."
    )


def test_what_helps_a_saturating_g_is_named():
    assert FGan().remedy == "objective.generator=non_saturating"
    assert FGan(generator="non_saturating").remedy == Minimax().remedy == ""
