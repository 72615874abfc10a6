"""How a learning rate or a momentum changes with the step."""

from typing import Annotated, Literal

import jax
import jax.numpy as jnp
from annotated_types import Interval

from gan_cli.bounds import NonNegative, Size
from gan_cli.component import component

Kind = Literal["constant", "linear", "cosine", "exponential"]


@component
class Schedule:
    """A value as a function of the training step; its length is its own, never the run's.

    kind: the shape: constant; linear or cosine from the initial value to `end` over `steps`; or
        exponential, which is max(min(end, initial), initial * rate^(step / steps)).
    steps: the length in training steps.
    end: the last value of linear and cosine, and the lower bound of exponential, which leaves an
        initial value below it as it is.
    rate: the factor by which exponential multiplies the value every `steps` steps.
    """

    kind: Kind = "constant"
    steps: Size = 10_000
    end: NonNegative = 0.0
    rate: Annotated[float, Interval(gt=0, le=1)] = 0.5

    def __call__(self, initial: jax.Array | float, step: jax.Array | int) -> jax.Array:
        """The value at a step.

        Args:
            initial: the value at step 0.
            step: the number of finished training steps.

        Returns:
            A scalar of JAX's default precision, which is float32 unless it was changed.
        """
        progress = jnp.clip(step / jnp.float32(self.steps), 0.0, 1.0)
        match self.kind:
            case "constant":
                return jnp.asarray(initial, float)
            case "linear":
                return initial + (self.end - initial) * progress
            case "cosine":
                return self.end + (initial - self.end) * (1.0 + jnp.cos(jnp.pi * progress)) / 2
            case "exponential":
                decayed = initial * self.rate ** (step / jnp.float32(self.steps))
                return jnp.maximum(decayed, jnp.minimum(self.end, initial))
