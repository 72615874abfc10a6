"""What is said of two divergences in one sentence."""

import pytest

from gan_cli.divergences import Estimate
from gan_cli.theory.findings.divergences import directions


@pytest.mark.parametrize(
    ("one", "other", "text"),
    [
        (Estimate(0.5, 0.0), Estimate(0.5, 0.0), "= 0.5 nats: for these two it is symmetric"),
        (Estimate(1e-13, 1e-16), Estimate(5e-13, 1e-16), "= 5e-13 nats: it is not symmetric"),
        (
            Estimate(0.5, 1e-12),
            Estimate(0.500001, 1e-12),
            "= 0.5 nats: it is not symmetric, if only just",
        ),
        (
            Estimate(2e-15, 3e-15),
            Estimate(4e-15, 3e-15),
            "= 4e-15 nats: they differ by less than their error",
        ),
    ],
)
def test_symmetric_is_said_only_of_what_is_equal(one: Estimate, other: Estimate, text: str) -> None:
    assert directions({"kl_pq": one, "kl_qp": other}).endswith(text)
