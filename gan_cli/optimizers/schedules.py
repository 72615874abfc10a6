"""How a learning rate or a momentum changes with the step."""

from typing import Literal

import jax
import jax.numpy as jnp

from gan_cli.component import component
from gan_cli.errors import UsageError

Kind = Literal["constant", "linear", "cosine", "exponential"]


@component
class Schedule:
    """A value as a function of the training step; its length is its own, never the run's.

    kind: constant; linear or cosine from the initial value to `end` over `steps`; or exponential:
        max(end, initial * rate^(step / steps)).
    steps: the length, in training steps.
    end: the last value of linear and cosine, the floor of exponential.
    rate: exponential only: the factor by which the value changes every `steps`.
    """

    kind: Kind = "constant"
    steps: int = 10_000
    end: float = 0.0
    rate: float = 0.5

    def validate(self) -> None:
        if self.steps < 1:
            raise UsageError(f"steps={self.steps}: must be at least 1.")
        if not 0 < self.rate <= 1:
            raise UsageError(f"rate={self.rate}: must be above 0 and at most 1.")
        if not self.end >= 0:
            raise UsageError(f"end={self.end}: must not be negative.")

    def __call__(self, initial: jax.Array | float, step: jax.Array | int) -> jax.Array:
        """The value at a step.

        Args:
            initial: the value at step 0.
            step: the number of finished training steps.

        Returns:
            A float32 scalar.
        """
        progress = jnp.clip(step / jnp.float32(self.steps), 0.0, 1.0)
        match self.kind:
            case "constant":
                return jnp.asarray(initial, jnp.float32)
            case "linear":
                return initial + (self.end - initial) * progress
            case "cosine":
                return self.end + (initial - self.end) * (1.0 + jnp.cos(jnp.pi * progress)) / 2
            case "exponential":
                decayed = initial * self.rate ** (step / jnp.float32(self.steps))
                return jnp.maximum(decayed, self.end)
