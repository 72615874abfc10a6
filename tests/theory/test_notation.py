"""Mathematics as it is typed becomes HTML; names of settings do not."""

import pytest

from gan_cli.theory.notation import typeset


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("W_2^2: at most W_1", "W<sub>2</sub><sup>2</sup>: at most W<sub>1</sub>"),
        ("p_g is p_data", "p<sub>g</sub> is p<sub>data</sub>"),
        ("chi^2 of E_Q f", "&chi;<sup>2</sup> of E<sub>Q</sub> f"),
        ("E|G(x) - T(x)|^2", "E|G(x) - T(x)|<sup>2</sup>"),
        ("D* and F(T*), f*(t)", "D<sup>*</sup> and F(T<sup>*</sup>), f<sup>*</sup>(t)"),
        ("sqrt(KL / 2) of theta*", "\u221a(KL / 2) of &theta;<sup>*</sup>"),
        ("W_1^2 / (2 lambda) +- 1", "W<sub>1</sub><sup>2</sup> / (2 &lambda;) \u00b1 1"),
        ("a < b & c <= d", "a &lt; b &amp; c \u2264 d"),
        ("objective=f_gan by r1_r2", "objective=f_gan by r1_r2"),
        ("P_0 and P_theta, p_thetas", "P<sub>0</sub> and P<sub>&theta;</sub>, p_thetas"),
        (
            "set `gaussian` or `p_g`: W_1",
            "set <code>gaussian</code> or <code>p_g</code>: W<sub>1</sub>",
        ),
        ("two_time_scales, 2e-5 * x_y_z", "two_time_scales, 2e-5 * x_y_z"),
    ],
)
def test_what_is_typed_becomes_html(typed: str, expected: str) -> None:
    assert typeset(typed) == expected
