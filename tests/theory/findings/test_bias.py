"""The words of the three biases, from numbers made up here."""

import numpy as np

from gan_cli.theory.bias import Bias
from gan_cli.theory.findings import bias
from gan_cli.theory.memorised_points import Memorised
from gan_cli.theory.penalised_critics import Penalised
from gan_cli.theory.sampled_losses import sampled

CRITICS = Penalised(np.array([0.5, 1.0]), 10.0, np.array([0.5125, 1.05]), np.array([0.506, 1.025]))
LOOKS = np.arange(1, 41)
LEARNED = Memorised(64, 25 * LOOKS, 0.6 - 0.5 / LOOKS, -0.1 * LOOKS)


def found(theta: float = 0.6) -> Bias:
    return Bias(CRITICS, sampled(0, theta), LEARNED)


def test_the_title_says_what_was_found() -> None:
    said = bias.title(found())
    assert "makes $W_1$ = 1 look like 1.050; a sample of one puts the least $W_1$ at 1," in said
    assert "64 points looks 0.59 nats from a perfect G, which on fresh data D puts at -4.00" in said
    assert "one makes $W_1$ the same everywhere, and the truth is 0.5" in bias.title(found(0.5))


def test_a_flat_loss_has_no_end_to_descend_to() -> None:
    flat, other = (" ".join(bias.lines(found(theta))) for theta in (0.5, 0.6))
    assert "That loss is flat,    and its descent a random walk" in flat
    assert "random walk" not in other
    statements = [each.statement for each in bias.expected(found(0.5))]
    assert not any("descent by W_1" in each for each in statements)
    assert any("descent by W_1" in each.statement for each in bias.expected(found()))


def test_how_near_the_critics_came_is_said() -> None:
    assert "   The critics are within 0.05% of that." in bias.lines(found())
    far = CRITICS._replace(estimates=np.array([0.5, 2.1]))
    said = bias.lines(found()._replace(penalised=far))
    assert any(line.startswith("   The critics are up to 100% from that: they") for line in said)
