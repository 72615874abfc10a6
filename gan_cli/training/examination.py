"""One step looked at piece by piece: the first of its tensors that is not finite."""

import dataclasses
from typing import Any

import jax
import jax.numpy as jnp
from flax import nnx

from gan_cli.config import JOINT, Precision
from gan_cli.diagnosis import Tensor
from gan_cli.training import discriminator_alone
from gan_cli.training.descent import Slope
from gan_cli.training.discriminator_alone import discriminator_gradients
from gan_cli.training.game import Game, Meeting
from gan_cli.training.generator_update import generator_gradients, moved_generator
from gan_cli.training.joint_updates import ahead_of, first_look, second_look
from gan_cli.training.networks import Network, assembled
from gan_cli.training.state import Player, TrainState
from gan_cli.training.step import RULES

Named = tuple[Tensor, Any]
"""A tensor and its value."""


@jax.tree_util.register_dataclass
@dataclasses.dataclass
class Looks:
    """Tensors in the order in which a step computes them, and whether each is finite, (N,)."""

    tensors: tuple[Tensor, ...] = dataclasses.field(metadata={"static": True})
    finite: jax.Array

    def broken(self) -> Tensor | None:
        """The first tensor that is not finite."""
        flags = zip(self.tensors, jax.device_get(self.finite).tolist(), strict=True)
        return next((tensor for tensor, finite in flags if not finite), None)


def examine(game: Game, state: TrainState) -> tuple[str, Tensor] | None:
    """The update of a step that a tensor which is not finite comes from first, and the tensor.

    Args:
        game: what is played.
        state: before the step.
    """
    if found := _look_at_state(state).broken():
        return "", found
    players = [state.discriminator]
    for inner in range(game.recipe.k):
        player, looks = _look_at_discriminator(game, state, players[-1], jnp.int32(inner))
        if found := looks.broken():
            return f"D's update {inner + 1}", found
        players.append(player)
    if found := _look_at_generator(game, state, players[-2:]).broken():
        return "G's update", found
    if game.recipe.update not in JOINT:
        return None
    found = _look_at_joint_update(game, state).broken()
    return ("the update of both players", found) if found else None


@jax.jit
def _look_at_state(state: TrainState) -> Looks:
    players = {"generator": state.generator, "discriminator": state.discriminator}
    return _looks([each for name, player in players.items() for each in _parts(name, player)])


@jax.jit
def _look_at_discriminator(
    game: Game, state: TrainState, player: Player, inner: jax.Array
) -> tuple[Player, Looks]:
    """D after its update number `inner` of a step, and all that the update computes."""
    recipe, lesson = game.recipe, game.lesson(state, inner)
    found = discriminator_gradients(game.learner, player, state.step, lesson)
    after, _ = discriminator_alone.update(game.learner, player, state.step, lesson)
    network = player.network(game.networks.discriminator)
    judged = [
        _layers("discriminator", network, recipe.precision, x, f" on {what}", key=lesson.key)
        for what, x in (("data", lesson.real), ("samples", lesson.fake))
    ]
    looks = _looks(
        [
            (Tensor("", "minibatch"), lesson.real),
            *_generator_layers(game, state, game.latents(state.step, inner)),
            *judged[0],
            *judged[1],
            *_slope("discriminator", found),
            *_parts("discriminator", after),
        ]
    )
    return after, looks


@jax.jit
def _look_at_generator(game: Game, state: TrainState, last: list[Player]) -> Looks:
    """All that G's update computes, against the right one of D before and after its last update."""
    recipe, step = game.recipe, state.step
    before, after = last
    meeting: Meeting = (
        game.later_meeting(step, after)
        if recipe.update == "alternating"
        else game.shared_meeting(step, before)
    )
    found = generator_gradients(game, state, meeting)
    fake, network = found.more.fake, meeting.opponent.network(game.networks.discriminator)
    return _looks(
        [
            (Tensor("", "minibatch"), meeting.real().x),
            *_generator_layers(game, state, meeting.latents),
            *_layers("discriminator", network, recipe.precision, fake, " on samples", key=None),
            *_slope("generator", found),
            *_parts("generator", moved_generator(game, state, found)),
        ]
    )


@jax.jit
def _look_at_joint_update(game: Game, state: TrainState) -> Looks:
    """What an update of both players computes beyond both gradients at its start."""
    seen: list[Named] = []
    if game.recipe.update == "extra_gradient":
        there = second_look(game, ahead_of(game, state, first_look(game, state)))
        seen = [
            *_slope("discriminator", there.discriminator),
            *_slope("generator", there.generator),
        ]
    after = RULES[game.recipe.update](game, state)
    parts = _parts("discriminator", after.discriminator), _parts("generator", after.generator)
    return _looks([*seen, *parts[0], *parts[1]])


def _looks(named: list[Named]) -> Looks:
    finite = jnp.stack([_is_finite(value) for _, value in named])
    return Looks(tuple(tensor for tensor, _ in named), finite)


def _is_finite(value: Any) -> jax.Array:
    leaves = [jnp.isfinite(leaf).all() for leaf in jax.tree.leaves(value)]
    return jnp.stack(leaves).all() if leaves else jnp.bool_(True)


def _generator_layers(game: Game, state: TrainState, latents: jax.Array) -> list[Named]:
    network = state.generator.network(game.networks.generator)
    return _layers("generator", network, game.recipe.precision, latents, train=True)


def _layers(
    player: str, network: Network, precision: Precision, x: jax.Array, on: str = "", **more: Any
) -> list[Named]:
    """What every layer of a network returns for an input, in the order of their calls."""
    seen: list[Named] = []
    whole = assembled(network, precision)
    for path, layer in list(nnx.iter_modules(whole)):
        if callable(layer):
            kind = "activation" if path else "output"
            _watch(layer, Tensor(player, kind, f"{'/'.join(map(str, path))}{on}"), seen)
    whole(x.astype(precision), **more)
    return seen


def _watch(layer: Any, tensor: Tensor, seen: list[Named]) -> None:
    """Notes what a layer returns from now on: its class becomes one that does so."""
    kind = type(layer)

    def call(self: Any, *arguments: Any, **more: Any) -> Any:
        returned = kind.__call__(self, *arguments, **more)
        seen.append((tensor, returned))
        return returned

    watched = type(kind)(kind.__name__, (kind,), {"__call__": call})
    object.__setattr__(layer, "__class__", watched)


def _slope(player: str, found: Slope[Any]) -> list[Named]:
    """The parts of a loss, the loss, its gradients and their norm."""
    loss, norm = f"loss/{player}", f"gradient_norm/{player}"
    return [
        *(
            (Tensor(player, "loss part", tag.removeprefix(f"{loss}/")), value)
            for tag, value in found.scalars.items()
            if tag.startswith(f"{loss}/")
        ),
        (Tensor(player, "loss"), found.scalars[loss]),
        *_leaves(player, "gradient", found.gradients),
        (Tensor(player, "gradient norm"), found.scalars[norm]),
    ]


def _parts(player: str, after: Player) -> list[Named]:
    """Everything that an update changes about a player."""
    return [
        *_leaves(player, "optimizer state", after.optimizer),
        *_leaves(player, "parameter", after.parameters),
        *_leaves(player, "statistics", after.statistics),
        *_leaves(player, "average", after.average),
        *_leaves(player, "average", after.average_statistics),
        *_leaves(player, "singular vectors", after.singular_vectors),
    ]


def _leaves(player: str, kind: str, tree: Any) -> list[Named]:
    leaves, _ = jax.tree_util.tree_flatten_with_path(tree)
    return [
        (Tensor(player, kind, jax.tree_util.keystr(path, simple=True, separator="/")), leaf)
        for path, leaf in leaves
    ]
