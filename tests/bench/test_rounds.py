"""Rounds: who is measured when, and what the rates come to."""

import numpy as np

from gan_cli.bench.rounds import Spread, spread, take_turns


def test_contenders_take_turns() -> None:
    order: list[str] = []

    def contender(name: str, rates: list[float]) -> float:
        order.append(name)
        return rates.pop(0)

    a, b = [3.0, 1.0, 2.0], [10.0, 30.0, 20.0]
    found = take_turns(
        {"a": lambda: contender("a", a), "b": lambda: contender("b", b)},
        3,
        lambda: order.append("-"),
    )
    assert "".join(order) == "-a-b" * 3
    np.testing.assert_array_equal(found["a"], [3.0, 1.0, 2.0])
    np.testing.assert_array_equal(found["b"], [10.0, 30.0, 20.0])


def test_the_spread_of_rates() -> None:
    assert spread(np.array([4.0, 1.0, 2.0, 3.0])) == Spread(2.5, 1.0, 4.0)
    assert spread(np.array([5.0])) == Spread(5.0, 5.0, 5.0)
