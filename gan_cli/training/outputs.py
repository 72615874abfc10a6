"""What D says of data and of samples, which is measured where a step is logged."""

import jax

from gan_cli.objectives.base import Discriminator, Objective
from gan_cli.training.descent import Scalars


def measure(objective: Objective, D: Discriminator, real: jax.Array, fake: jax.Array) -> Scalars:
    """What D says about data and about samples, without dropout.

    Returns:
        The mean outputs, the share of both that D tells right, and the objective's divergence.
    """
    on_real, on_fake = D(real, None), D(fake, None)
    told = objective.accuracy(on_real, on_fake), objective.estimate(on_real, on_fake)
    values = on_real.mean(), on_fake.mean(), *told
    return dict(zip(measured_tags(objective), values, strict=True))


def measured_tags(objective: Objective) -> tuple[str, ...]:
    """The tags of what is measured where a step is logged."""
    outputs = ("discriminator/real", "discriminator/fake", "discriminator/accuracy")
    return (*outputs, f"divergence/{objective.measures}")
