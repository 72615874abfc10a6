"""ARPACK's eigenvalues are those of the dense Jacobian of losses that are written out again."""

import math
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from jax.flatten_util import ravel_pytree

from gan_cli import config
from gan_cli.architectures.base import DataSpec
from gan_cli.regularizers.r1 import R1
from gan_cli.theory import dirac, spectrum
from gan_cli.theory.dirac_updates import recipe as dirac_recipe
from gan_cli.theory.eigenvalues import ARPACK, SIZES, Eigenvalues
from gan_cli.theory.gradient_field import Field, field_of
from gan_cli.theory.linear_dynamics import FLOWS, Settings
from gan_cli.theory.spectrum import Spectrum
from gan_cli.training.state import begin
from tests.compiling import unoptimized
from tests.values import MLP, SMALL

RNG = np.random.default_rng(0)
X = RNG.normal(size=(32, 2))


def field_of_small(**changes: Any) -> Field:
    tanh = {"architecture": MLP | {"activation": "tanh"}}
    loaded = config.load(SMALL | tanh | changes).recipe
    networks, state = begin(loaded, DataSpec((2,)))
    return field_of(networks, loaded, state, X)


def written_out(field: Field) -> np.ndarray:
    """The Jacobian of the minimax game, from two layers and two losses in plain JAX."""
    here, apart = ravel_pytree(
        (field.state.generator.parameters, field.state.discriminator.parameters)
    )
    z = field.game.latents(field.state.step, 0)

    def layers(p: Any, x: jax.Array) -> jax.Array:
        h = jnp.tanh(x @ p["hidden"][0]["kernel"] + p["hidden"][0]["bias"][None])
        return h @ p["output"]["kernel"] + p["output"]["bias"][None]

    def log_sigmoid(t: jax.Array) -> jax.Array:
        return -jnp.log(1 + jnp.exp(-t))

    def of_d(d: Any, g: Any) -> jax.Array:
        fit = log_sigmoid(layers(d, X)).mean() + log_sigmoid(-layers(d, layers(g, z))).mean()
        return -fit

    def of_g(g: Any, d: Any) -> jax.Array:
        return log_sigmoid(-layers(d, layers(g, z))).mean()

    def v(at: jax.Array) -> jax.Array:
        g, d = apart(at)
        return -ravel_pytree((jax.grad(of_g)(g, d), jax.grad(of_d)(d, g)))[0]

    np.testing.assert_allclose(field.value, v(here), atol=1e-12)
    return np.asarray(jax.jit(jax.jacfwd(v))(here))


@pytest.mark.slow
def test_arpack_finds_the_eigenvalues_of_the_dense_jacobian(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(spectrum, "DENSE", 0)
    with dirac.float64(), unoptimized():
        field = field_of_small()
        dense = np.linalg.eigvals(written_out(field))
        found = spectrum.examine(field, RNG, wanted=6)
    assert (sum(found.parameters), found.whole) == (len(dense), False)
    for kind in ARPACK:
        expected = -np.sort(-SIZES[kind](dense))[:6]
        np.testing.assert_allclose(SIZES[kind](found.kinds[kind].values), expected, atol=1e-8)
        assert (found.kinds[kind].residuals < 1e-6 * np.abs(dense).max()).all()
    assert found.largest_real == pytest.approx(dense.real.max(), abs=1e-8)


FIELDS = {
    "simultaneous": {},
    "r1": {"regularizer": {"r1": R1(weight=1.0)}},
    "consensus": {"update": "consensus", "consensus_weight": 1.0},
    "lazy r1": {"regularizer": {"r1": R1(weight=1.0, every=4)}},
    "unrolled": {"unroll": 5},
}
METHODS = [pytest.param(name, marks=[] if name == "r1" else [pytest.mark.long]) for name in FIELDS]


@pytest.mark.parametrize("method", METHODS)
def test_the_dirac_gan_has_the_eigenvalues_of_its_closed_form(method: str) -> None:
    settings = Settings(step=0.1, unroll_rate=0.1)
    with dirac.float64(), unoptimized():
        made = dirac_recipe(settings, **FIELDS[method])
        game, state = dirac.play(made)
        found = spectrum.examine(field_of(game.networks, made, state, np.zeros((4, 1))), RNG)
    expected = FLOWS[method.removeprefix("lazy ")](settings)
    values = found.kinds["modulus"].values
    np.testing.assert_allclose(sorted(values.real), sorted(z.real for z in expected), atol=1e-9)
    np.testing.assert_allclose(sorted(values.imag), sorted(z.imag for z in expected), atol=1e-9)
    assert found.whole
    if method == "simultaneous":
        assert (found.largest_step, found.largest_ratio) == (0.0, math.inf)


@pytest.mark.long
def test_wgan_does_not_see_a_shift_of_d_and_minimax_does() -> None:
    with dirac.float64(), unoptimized():
        of_wgan = spectrum.examine(field_of_small(objective={"name": "wgan"}), RNG)
        of_minimax = spectrum.examine(field_of_small(), RNG)
    assert of_wgan.families == {"D: a shift in output": 1}
    assert of_wgan.field_along < 1e-12
    assert np.abs(of_wgan.left_out.values).max() < 1e-9
    assert (of_minimax.families, len(of_minimax.left_out.values)) == ({}, 0)


def told(*values: complex, residual: float = 0.0) -> Spectrum:
    each = Eigenvalues(np.array(values), np.full(len(values), residual), np.zeros(len(values)))
    empty = each.chosen(np.zeros(len(values), bool))
    kinds = dict.fromkeys(ARPACK, each)
    return Spectrum(kinds, empty, {}, 0.0, 1.0, (1, 1), 0, 20, whole=False)


def test_the_largest_stable_step() -> None:
    """|1 + h lambda| <= 1 up to h = -2 Re / |lambda|^2."""
    assert told(-1 + 2j, -1 - 2j).largest_step == pytest.approx(0.4)
    assert told(-1 + 2j, -1 - 2j).largest_ratio == pytest.approx(2)
    assert told(-1 + 2j, -1 - 2j, -10).largest_step == pytest.approx(0.2)
    assert told(-1 + 2j, 0.1).largest_step is None
    assert told(-1 + 2j, 1e-8, residual=1e-7).largest_step == pytest.approx(0.4)
    assert told(0.5j, -0.5j).largest_step == 0
