"""One training step, pure: k updates of D, then one of G (Algorithm 1 of the 2014 paper)."""

from typing import Any, NamedTuple

import jax
import jax.numpy as jnp
import optax
from jax import lax

from gan_cli.config import Recipe
from gan_cli.objectives.base import Objective
from gan_cli.optimizers.base import Optimizer
from gan_cli.training.batches import Source
from gan_cli.training.networks import Network, Networks, Parameters, discriminator, generate
from gan_cli.training.random import Purpose, key_for
from gan_cli.training.state import TrainState

Metrics = dict[str, jax.Array]
"""Float32 scalars by tag."""

CHECKED = (
    "loss/discriminator",
    "loss/generator",
    "gradient_norm/discriminator",
    "gradient_norm/generator",
)
"""The scalars of every step that must stay finite."""


SPEED = "speed/steps_per_second"
OUTPUTS = ("discriminator/real", "discriminator/fake", "discriminator/accuracy")


def tags(objective: Objective) -> tuple[str, ...]:
    """The tags of every scalar that a training with this objective logs."""
    return (*CHECKED, *OUTPUTS, f"divergence/{objective.divergence}", SPEED)


class Update(NamedTuple):
    """One update of a network: new parameters, optimizer state, the loss, the gradient's norm."""

    parameters: Parameters
    optimizer: Any
    loss: jax.Array
    norm: jax.Array


def train_step(
    networks: Networks, recipe: Recipe, source: Source, state: TrainState, measured: jax.Array
) -> tuple[TrainState, Metrics]:
    """One step: k updates of D and one of G.

    Args:
        networks: the structure of G and D.
        recipe: what to train and how.
        source: the data.
        state: before the step.
        measured: whether D's outputs are measured too (a scalar bool); else they are reported as 0.

    Returns:
        The state after the step and the step's scalars by tag. Those in CHECKED are not finite if
        one of the k updates' values was not.

    Source: Goodfellow et al. 2014, Algorithm 1; with update=simultaneous, D's last update and G's
    see the same minibatch, the same samples and each other's parameters before the update, as in
    that paper's code.
    """
    simultaneous = recipe.update == "simultaneous"
    step = state.step
    generator = Network(networks.generator, state.generator, state.generator_statistics)

    def D(parameters: Parameters) -> Any:
        network = Network(networks.discriminator, parameters, state.discriminator_statistics)
        return discriminator(network, recipe.precision)

    def latents(inner: jax.Array | int) -> jax.Array:
        key = key_for(recipe.seed, Purpose.LATENTS, step, inner)
        return recipe.architecture.sample_latent(key, recipe.batch_size)

    def update_discriminator(before: Update, inner: jax.Array) -> tuple[Update, None]:
        real = source.discriminator_batch(recipe, step, inner)
        fake, _ = generate(generator, latents(inner), recipe.precision, train=True)
        key = key_for(recipe.seed, Purpose.DISCRIMINATOR_LOSS, step, inner)

        def loss(parameters: Parameters) -> jax.Array:
            return recipe.objective.discriminator_loss(D(parameters), real, fake, key)

        value, gradients = jax.value_and_grad(loss)(before.parameters)
        after = descend(recipe.optimizer.discriminator, step, before, value, gradients)
        return after._replace(parameters=recipe.objective.project(after.parameters)), None

    before = Update(
        state.discriminator, state.discriminator_optimizer, jnp.float32(0), jnp.float32(0)
    )
    alone = recipe.k - 1 if simultaneous else recipe.k
    trained, _ = lax.scan(update_discriminator, before, jnp.arange(alone))
    opponent = D(trained.parameters)
    if simultaneous:
        trained, _ = update_discriminator(trained, jnp.int32(alone))
    z = latents(alone)

    def real() -> jax.Array:
        """G's minibatch of data; where nothing asks for it the compiler leaves it out."""
        if simultaneous:
            return source.discriminator_batch(recipe, step, jnp.int32(alone))
        return source.generator_batch(recipe, step)

    def generator_loss(parameters: Parameters) -> tuple[jax.Array, tuple[jax.Array, Any]]:
        network = generator._replace(parameters=parameters)
        fake, statistics = generate(network, z, recipe.precision, train=True)
        key = key_for(recipe.seed, Purpose.GENERATOR_LOSS, step)
        return recipe.objective.generator_loss(opponent, real(), fake, key), (fake, statistics)

    (value, (fake, statistics)), gradients = jax.value_and_grad(generator_loss, has_aux=True)(
        state.generator
    )
    start = Update(state.generator, state.generator_optimizer, jnp.float32(0), jnp.float32(0))
    improved = descend(recipe.optimizer.generator, step, start, value, gradients)

    after = TrainState(
        step=step + 1,
        generator=improved.parameters,
        generator_statistics=statistics,
        discriminator=trained.parameters,
        discriminator_statistics=state.discriminator_statistics,
        generator_optimizer=improved.optimizer,
        discriminator_optimizer=trained.optimizer,
        average=average(recipe.ema, step, state.average, improved.parameters),
    )

    def measured_outputs() -> Metrics:
        return measure(recipe, opponent, real(), fake)

    outputs = lax.cond(
        measured,
        measured_outputs,
        lambda: jax.tree.map(jnp.zeros_like, jax.eval_shape(measured_outputs)),
    )
    losses = (trained.loss, improved.loss, trained.norm, improved.norm)
    return after, dict(zip(CHECKED, losses, strict=True)) | outputs


def descend(
    optimizer: Optimizer,
    step: jax.Array,
    before: Update,
    loss: jax.Array,
    gradients: Parameters,
) -> Update:
    """One update of one network; loss and norm stay non-finite once they were."""
    updates, state = optimizer.transformation(step).update(
        gradients, before.optimizer, before.parameters
    )
    return Update(
        optax.apply_updates(before.parameters, updates),
        state,
        _unless_broken(before.loss, loss),
        _unless_broken(before.norm, optax.tree.norm(gradients)),
    )


def average(
    decay: float, step: jax.Array, old: Parameters | None, new: Parameters
) -> Parameters | None:
    """The moving average of G's parameters, or None where it is off.

    old + (1 - d) (new - old) with d = min(decay, (1 + step) / (10 + step)), so that the first
    steps, whose parameters are still random, are soon forgotten.
    """
    if old is None:
        return None
    kept = jnp.minimum(decay, (1.0 + step) / (10.0 + step))
    return jax.tree.map(lambda a, w: a + (1.0 - kept) * (w - a), old, new)


def measure(recipe: Recipe, D: Any, real: jax.Array, fake: jax.Array) -> Metrics:
    """What D says of data and of samples, without dropout.

    Returns:
        The mean outputs, the share of both that D tells right, and the objective's divergence.
    """
    objective = recipe.objective
    on_real, on_fake = D(real, None), D(fake, None)
    right = jnp.concatenate([on_real > objective.boundary, on_fake <= objective.boundary])
    outputs = (on_real.mean(), on_fake.mean(), right.mean())
    return dict(zip(OUTPUTS, outputs, strict=True)) | {
        f"divergence/{objective.divergence}": objective.estimate(on_real, on_fake),
    }


def _unless_broken(earlier: jax.Array, value: jax.Array) -> jax.Array:
    return jnp.where(jnp.isfinite(earlier), value, earlier)
