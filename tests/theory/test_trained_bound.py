"""What D's network says is log p / q: every game turns it into that game's T*."""

import jax.numpy as jnp
import numpy as np
import pytest

from gan_cli.divergences import f_functions
from gan_cli.objectives.f_divergences import ROWS
from gan_cli.theory.trained_bound import MOST, OUTPUTS

EXACT = [name for name, row in f_functions.ROWS.items() if not row.jumps]


@pytest.mark.parametrize("name", EXACT)
def test_t_and_its_conjugate_are_those_of_the_ratio_as_far_as_float32_holds_them(name: str) -> None:
    table, row = f_functions.ROWS[name], ROWS[name]
    held = 0.97 * MOST * table.farthest / f_functions.FARTHEST
    s = np.linspace(-held, held, 41)
    v = OUTPUTS[name](jnp.asarray(s, jnp.float32))
    np.testing.assert_allclose(row.activation(v), table.slope(s), rtol=1e-4, atol=1e-5)
    np.testing.assert_allclose(row.conjugate(v), table.conjugate_of_slope(s), rtol=1e-4, atol=1e-5)


def test_the_step_of_total_variation_has_the_sign_of_the_ratio() -> None:
    s = jnp.asarray([-2.0, -0.5, 0.5, 2.0])
    said = ROWS["total_variation"].activation(OUTPUTS["total_variation"](s))
    np.testing.assert_allclose(said, [-0.5, -0.5, 0.5, 0.5], atol=1e-4)
