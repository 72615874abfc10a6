"""The values of a small experiment, which the tests of several folders derive theirs from."""

from typing import Any

MLP: dict[str, Any] = {
    "name": "mlp",
    "latent": 3,
    "generator_widths": [8],
    "discriminator_widths": [8],
}


def adam(rate: float) -> dict[str, Any]:
    """Adam with one learning rate for both players."""
    player = {"name": "adam", "learning_rate": rate}
    return {"generator": player, "discriminator": player}


SMALL: dict[str, Any] = {
    "dataset": {"name": "ring"},
    "architecture": MLP,
    "objective": {"name": "minimax"},
    "optimizer": adam(0.01),
    "batch_size": 8,
}
"""Two small networks on the ring, in the form that `config.load` takes."""

NORMALIZED = SMALL | {"architecture": MLP | {"generator_batch_norm": True}}
"""The same with batch normalization, whose running means are one more part of the state."""

UNPAIRED = ["f_gan", "hinge", "least_squares", "minimax", "non_saturating", "wgan", "wgan_gp"]
"""The objectives whose generator looks at no data: it learns through D alone."""
