"""Tests of the convolutions against lax."""

from functools import partial

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from jax import lax

from gan_cli.architectures import convolutions

FORMS_AND_SIZES = [
    (convolutions.convolve_by_matmul, (1, 2, 2, 1, 1)),
    (convolutions.convolve_by_matmul, (3, 4, 6, 5, 7)),
    (convolutions.convolve_by_matmul, (2, 14, 14, 3, 1)),
    (convolutions.convolve_by_winograd, (1, 2, 2, 1, 1)),
    (convolutions.convolve_by_winograd, (3, 4, 6, 5, 7)),
    (convolutions.convolve_by_winograd, (2, 14, 14, 32, 3)),
    (convolutions.convolve_by_winograd, (2, 8, 16, 16, 32)),
    (convolutions.convolve_by_lax, (3, 4, 6, 5, 7)),
]
each_form_and_size = pytest.mark.parametrize(("form", "size"), FORMS_AND_SIZES)


def convolve_reference(x, kernel):
    return lax.conv_general_dilated(
        x, kernel, (2, 2), ((1, 1), (1, 1)), dimension_numbers=("NHWC", "HWIO", "NHWC")
    )


def transposed_reference(y, kernel):
    return lax.conv_transpose(
        y,
        kernel,
        (2, 2),
        ((2, 2), (2, 2)),
        dimension_numbers=("NHWC", "HWIO", "NHWC"),
        transpose_kernel=True,
    )


def slope_penalty(convolution, x, kernel):
    """What a gradient penalty asks of a layer: the squared slope by x of something curved."""
    slope = jax.grad(lambda x: jnp.tanh(convolution(x, kernel)).sum())(x)
    return (slope**2).sum()


def curved_sum(convolution, x, kernel):
    return jnp.tanh(convolution(x, kernel)).sum()


def agree(actual, expected):
    """To a hundred-thousandth of the largest value, as float32 sums of many products can."""
    for a, b in zip(jax.tree.leaves(actual), jax.tree.leaves(expected), strict=True):
        assert a.dtype == b.dtype == jnp.float32
        np.testing.assert_allclose(a, b, rtol=1e-5, atol=1e-5 * max(1.0, float(jnp.abs(b).max())))


@each_form_and_size
def test_a_convolution_is_the_one_of_lax_to_the_second_derivative(form, size):
    n, height, width, channels, filters = size
    x_key, kernel_key = jax.random.split(jax.random.key(0))
    x = jax.random.normal(x_key, (n, height, width, channels))
    kernel = jax.random.normal(kernel_key, (4, 4, channels, filters)) / (4 * channels**0.5)
    check_to_the_second_derivative(form, convolve_reference, x, kernel)


@each_form_and_size
def test_a_transposed_convolution_is_the_one_of_lax_to_the_second_derivative(
    monkeypatch, form, size
):
    monkeypatch.setattr(convolutions, "convolve", form)
    n, height, width, channels, filters = size
    y_key, kernel_key = jax.random.split(jax.random.key(1))
    y = jax.random.normal(y_key, (n, height // 2, width // 2, filters))
    kernel = jax.random.normal(kernel_key, (4, 4, channels, filters)) / (4 * filters**0.5)
    check_to_the_second_derivative(
        convolutions.convolve_transposed, transposed_reference, y, kernel
    )


def check_to_the_second_derivative(form, reference, x, kernel):
    def found(convolution):
        curved = jax.grad(partial(curved_sum, convolution), (0, 1))(x, kernel)
        penalty = jax.grad(partial(slope_penalty, convolution), (0, 1))(x, kernel)
        return convolution(x, kernel), curved, penalty

    agree(*jax.jit(lambda: (found(form), found(reference)))())


def lowered(function, platform, *arguments):
    """The program that a platform's compiler is given."""
    return jax.jit(function).trace(*arguments).lower(lowering_platforms=(platform,)).as_text()


@pytest.mark.parametrize("channels", [3, convolutions.MANY_CHANNELS])
def test_on_a_cpu_no_convolution_is_left_in_the_program(channels):
    x, kernel = jnp.ones((2, 8, 8, channels)), jnp.ones((4, 4, channels, 5))
    gradients = jax.grad(partial(slope_penalty, convolutions.convolve), (0, 1))
    program = lowered(gradients, "cpu", x, kernel)
    assert "dot_general" in program
    assert "stablehlo.convolution" not in program


def test_on_other_machines_they_are_convolutions():
    y, kernel = jnp.ones((2, 8, 8, 5)), jnp.ones((4, 4, 3, 5))
    program = lowered(convolutions.convolve_transposed, "cuda", y, kernel)
    assert "stablehlo.convolution" in program
    assert "dot_general" not in program


def test_many_channels_take_nine_products_of_a_quarter_where_few_take_one():
    def products(channels):
        x, kernel = jnp.ones((2, 8, 8, channels)), jnp.ones((4, 4, channels, 5))
        return lowered(convolutions.convolve, "cpu", x, kernel).count("stablehlo.dot_general")

    assert products(convolutions.MANY_CHANNELS - 1) == 1
    assert products(convolutions.MANY_CHANNELS) == 9


def test_half_precision_keeps_the_form_that_adds_no_error():
    x, kernel = jax.random.normal(jax.random.key(0), (2, 8, 8, 64)), jnp.ones((4, 4, 64, 5)) / 32
    low = convolutions.convolve(x.astype(jnp.bfloat16), kernel.astype(jnp.bfloat16))
    assert low.dtype == jnp.bfloat16
    error = np.asarray(low, np.float32) - convolve_reference(x, kernel)
    assert np.sqrt((error**2).mean()) < 0.003


def test_odd_sides_are_refused():
    with pytest.raises(ValueError, match="must be even, and x has the shape \\(1, 7, 8, 3\\)"):
        convolutions.convolve(jnp.ones((1, 7, 8, 3)), jnp.ones((4, 4, 3, 5)))
