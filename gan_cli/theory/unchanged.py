"""The directions in which the parameters of a game can move and no loss of it changes."""

import jax
import jax.numpy as jnp
import numpy as np
from scipy import sparse

from gan_cli.theory import rescaling
from gan_cli.theory.gradient_field import Field
from gan_cli.theory.rescaling import Along, Family, Outputs
from gan_cli.training.networks import Parameters, generate

NONE = 1e-9
"""The change of the field that counts as none, beside that of other changes of the same size."""
PART = 1e-2
"""The field's part along directions that counts as none, beside the part of a random field."""


def unchanged_by(field: Field) -> list[Family]:
    """The rescalings, and shifts of D, that leave the outputs and the field as they are.

    Those of D are left aside where G's gradient is taken through updates of D: a step along D's
    gradient does not stay the same where D's parameters are scaled.
    """
    of_g = rescaling.families(samples_of(field), field.state.generator.parameters)
    of_d: list[Family] = []
    if not field.game.recipe.unroll:
        of_d = rescaling.families(outputs_of(field), field.state.discriminator.parameters)
    n = len(field.here)
    placed = [
        Family(f"{player}: {family.name}", embedded(family.directions, before, n))
        for player, before, found in (("G", 0, of_g), ("D", field.generator, of_d))
        for family in found
    ]
    return [*(family for family in placed if changes_nothing(family, field)), *shifts(field)]


def samples_of(field: Field) -> Outputs:
    """G's samples for the field's latents, by G's parameters."""
    game, player = field.game, field.state.generator
    latents = game.latents(field.state.step, 0)

    def samples(parameters: Parameters) -> jax.Array:
        network = player._replace(parameters=parameters).network(game.networks.generator)
        return generate(network, latents, game.recipe.precision, train=True)[0]

    return samples


def outputs_of(field: Field) -> Outputs:
    """D's outputs on the field's data and samples, by D's parameters."""
    game, player = field.game, field.state.discriminator
    lesson = game.lesson(field.state, jnp.int32(0))
    examples = jnp.concatenate([lesson.real, lesson.fake])

    def outputs(parameters: Parameters) -> jax.Array:
        D = game.learner.D(player._replace(parameters=parameters))
        return D(examples, None)

    return outputs


def shifts(field: Field) -> list[Family]:
    """The vectors of D, such as its last bias, to which anything can be added in this game.

    wgan and the relativistic games compare what D says of two examples, and so does batch norm.
    """
    n, before, rng = len(field.here), field.generator, np.random.default_rng(0)
    drawn = np.concatenate([np.zeros(before), rng.normal(size=n - before)])
    usual = np.linalg.norm(field.turned(drawn)) / np.linalg.norm(drawn)
    found = []
    for layer in rescaling.layers_of(field.state.discriminator.parameters):
        for vector in layer.vectors:
            rows, units = before + vector, np.arange(len(vector))
            directions = sparse.csc_array((np.ones(len(vector)), (rows, units)), (n, len(vector)))
            moved = field.turned(directions @ rng.normal(size=len(vector)))
            family = Family(f"D: a shift in {layer.name}", directions)
            if np.linalg.norm(moved) <= NONE * usual and changes_nothing(family, field):
                found.append(family)
    return found


def embedded(directions: sparse.csc_array, before: int, n: int) -> sparse.csc_array:
    """The directions of one player among the parameters of both."""
    entries = directions.tocoo()
    rows = entries.row + before
    return sparse.csc_array((entries.data, (rows, entries.col)), (n, directions.shape[1]))


def changes_nothing(family: Family, field: Field) -> bool:
    """Whether the losses stay the same along them too, so that the field has no part there.

    A random field would have the part sqrt(units / n).
    """
    part = np.linalg.norm(Along([family], len(field.here))(field.value))
    random = np.sqrt(family.directions.shape[1] / len(field.here))
    return bool(part <= PART * random * np.linalg.norm(field.value))
