"""The contract of an objective: the losses of both players and the divergence that D measures."""

import functools
import operator
from collections.abc import Callable
from typing import ClassVar

import jax
import jax.numpy as jnp
import jaxtyping
from jax import Array
from jaxtyping import Float, PyTree

from gan_cli.component import Component
from gan_cli.errors import UsageError
from gan_cli.objectives.divergence_names import in_words

Batch = Float[Array, "n *shape"]
Outputs = Float[Array, "n *outputs"]
Scalar = Float[Array, ""]
Key = jaxtyping.Key[Array, ""]

Discriminator = Callable[[Batch, Key | None], Outputs]
"""D(x, key) gives logits or scores, (N,) or (N, outputs) where there are several for each example.

`key` draws the dropout masks; with None there is no dropout.
"""

Loss = Scalar | dict[str, Scalar]
"""A scalar, or scalars by name whose sum, in the order of the dict, is the loss."""


class Objective(Component):
    """A game: a loss for D, a loss for G, and a constraint on D's parameters.

    divergence: the name of what D measures at its optimum.
    outputs: how many numbers D gives for an example; a setting where a component has that field.
    takes_slopes: whether D's loss takes its slope at single examples.
    discriminator_parts, generator_parts: the names of a loss's parts, in order; each is logged as
        `loss/<player>/<part>`. Empty where the loss is one scalar.
    """

    group = "objective"
    divergence: str
    outputs: int = 1
    takes_slopes: ClassVar[bool] = False
    discriminator_parts: ClassVar[tuple[str, ...]] = ()
    generator_parts: ClassVar[tuple[str, ...]] = ()

    @property
    def measures(self) -> str:
        """The name by which the estimate is logged, as `divergence/<name>`."""
        return self.divergence

    @property
    def measures_in_words(self) -> str:
        """The same for a person to read: "D measures the ..." in the header of a training."""
        return in_words(self.measures)

    @property
    def remedy(self) -> str:
        """A setting of the objective's own to try where G gets nowhere or flees; often none."""
        return ""

    @property
    def cross_entropy(self) -> bool:
        """Whether D's loss is the binary cross-entropy of its logits, but for a constant."""
        return False

    @property
    def boundary(self) -> Scalar | float:
        """The output above which D calls an example real; 0 for logits."""
        return 0.0

    def discriminator_loss(self, D: Discriminator, real: Batch, fake: Batch, key: Key) -> Loss:
        """The loss that D minimises.

        Args:
            D: the discriminator with its parameters.
            real: a minibatch of data, (N, *shape).
            fake: a minibatch of G's samples, (N, *shape).
            key: the key for dropout and for anything else that the loss draws.

        Returns:
            A scalar, or one for each of `discriminator_parts`.
        """
        raise NotImplementedError

    def generator_loss(self, D: Discriminator, real: Batch, fake: Batch, key: Key) -> Loss:
        """The loss that G minimises through `fake`; arguments as in `discriminator_loss`.

        Returns:
            A scalar, or one for each of `generator_parts`.
        """
        raise NotImplementedError

    def unrolled_loss(self, D: Discriminator, real: Batch, fake: Batch, key: Key) -> Loss:
        """The loss that G minimises where D answers to it, so that D(x) depends on G as well.

        It is `generator_loss` with a term on data whose gradient is 0 where D is given. A D that
        says the same of everything, which is its optimum at p_g = p_data, then gives G no gradient
        there, however few its updates. An objective that overrides `generator_loss` with a loss
        that has no such term should override this one too.

        Args:
            D: the discriminator after updates that depend on G.
            real, fake, key: see `discriminator_loss`.

        Source: Metz et al. 2017, section 2, for the minimax game.
        """
        return self.generator_loss(D, real, fake, key)

    def project(self, parameters: PyTree[Array]) -> PyTree[Array]:
        """Puts D's parameters back into the allowed set after each of D's updates."""
        return parameters

    def accuracy(self, real: Outputs, fake: Outputs) -> Scalar:
        """The share of data and of samples that D tells right, from its outputs on both."""
        return jnp.concatenate([real > self.boundary, fake <= self.boundary]).mean(dtype=float)

    def estimate(self, real: Outputs, fake: Outputs) -> Scalar:
        """Estimates the divergence from D's outputs on data and on samples."""
        raise NotImplementedError


def total(loss: Loss) -> Scalar:
    """The number that is minimised: the scalar itself, or the sum of the parts."""
    if isinstance(loss, dict):
        return functools.reduce(operator.add, loss.values())
    return loss


def parts(loss: Loss, declared: tuple[str, ...]) -> dict[str, Scalar]:
    """The named parts of a loss; none where it is one scalar.

    Raises:
        UsageError: if they are not those that the objective declares.
    """
    found = loss if isinstance(loss, dict) else {}
    if tuple(found) != declared:
        raise UsageError(
            f"a loss returned the parts {tuple(found)}, and its objective declares {declared} "
            "as discriminator_parts or generator_parts. Make the two agree."
        )
    return found


def jensen_shannon(real: Outputs, fake: Outputs) -> Scalar:
    """The Jensen-Shannon divergence in nats that a logit D has found, at most log 2.

    log 2 + (E log D(x) + E log(1 - D(G(z)))) / 2, exact at D = p_data / (p_data + p_g) and a lower
    bound elsewhere.

    Source: Goodfellow et al. 2014, Theorem 1 (C(G) = -log 4 + 2 JS).
    """
    return jnp.log(2.0) - (jax.nn.softplus(-real).mean() + jax.nn.softplus(fake).mean()) / 2


def both(D: Discriminator, real: Batch, fake: Batch, key: Key) -> tuple[Outputs, Outputs]:
    """D's outputs on data and on samples, each with its own dropout masks."""
    real_key, fake_key = jax.random.split(key)
    return D(real, real_key), D(fake, fake_key)
