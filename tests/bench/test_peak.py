"""The best matrix products: what a rate counts, and which sizes are tried."""

import time

import pytest

from gan_cli.bench.peak import PATIENCE, Product, products


def test_a_rate_is_of_the_products_that_were_computed() -> None:
    """A round of n products of s x s takes 2 n s^3 / rate seconds, for a whole n."""
    product = Product(256, 0.05)
    begin = time.perf_counter()
    rate = product()
    elapsed = time.perf_counter() - begin
    done = rate * elapsed / (2 * 256**3)
    assert done == pytest.approx(round(done), rel=0.1)
    assert round(done) > 1


def test_a_size_that_takes_too_long_is_left_out() -> None:
    assert list(products(1e-6)) == ["product 1024"]
    some = products(0.02)
    assert [f"product {p.size}" for p in some.values()] == list(some)
    assert all(8 * p.seconds <= PATIENCE * 0.02 for p in list(some.values())[:-1])
