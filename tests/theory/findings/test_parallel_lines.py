"""What is said of two segments."""

import numpy as np

from gan_cli.theory.findings.parallel_lines import expected, lines, title
from gan_cli.theory.parallel_lines import ParallelLines, Trained


def test_an_estimate_below_zero_is_explained() -> None:
    thetas, updates = np.array([-1.0, 0.0, 1.0]), np.arange(1, 41)
    estimates = np.full((3, 40), 0.5)
    above = Trained(updates, estimates, np.zeros((3, 40)))
    below = above._replace(estimates=estimates * np.array([[1.0], [-1.0], [1.0]]))
    found = ParallelLines(thetas, thetas, thetas, np.abs(thetas), above, below)
    table = lines(found)
    assert [line.count("*") for line in table[5:9]] == [0, 1, 0, 1]
    assert table[8].startswith("* below 0, which no divergence is")
    assert not any("*" in line for line in lines(found._replace(critic=above)))


def taught(js_gradient: float, critic_gradients: list[float]) -> ParallelLines:
    thetas, updates = np.array([-1.0, 0.0, 1.0]), np.arange(1, 41)
    ones = np.ones((1, 40))
    minimax = Trained(updates, 0 * ones.repeat(3, 0), np.full((3, 40), js_gradient))
    critic = Trained(updates, np.abs(thetas)[:, None] * ones, np.array([critic_gradients]).T * ones)
    return ParallelLines(thetas, thetas, thetas, np.abs(thetas), minimax, critic)


def test_the_title_says_what_the_gradients_are() -> None:
    well, badly = taught(0.01, [-1.0, 5.0, 1.01]), taught(1.5, [-1.0, 5.0, -0.9])
    js, w = title(well).split("\n")
    assert js.endswith("and its gradient for G vanishes (at most 0.0100)")
    assert w.endswith("and the critics' pull of G towards 0 is 1.000 to 1.010")
    js, w = title(badly).split("\n")
    assert js.endswith("but its gradient for G has not vanished yet (at most 1.5000)")
    assert w.endswith("but the critics' pull of G towards 0 is not yet 1: it is -0.900 to 1.000")
    assert [each.holds for each in expected(badly)][-2] is False
    assert any("has not vanished yet" in line for line in lines(badly))
    assert any("vanishes as D is trained" in line for line in lines(well))
