"""A training that became non-finite, taken again from a finite state to the step that broke it."""

import jax
import jax.numpy as jnp
import optax

from gan_cli.diagnosis import Finding
from gan_cli.players import PLAYERS
from gan_cli.training.chunk import Chunk, Window, copy_state
from gan_cli.training.descent import Scalars
from gan_cli.training.examination import examine
from gan_cli.training.feeds import Feed
from gan_cli.training.program import Single
from gan_cli.training.state import TrainState

HISTORY = 16
"""How many steps are taken one by one at most, with their norms."""
NEVER = 2**31 - 1
"""The number of a step that is not reached, for a chunk that logs nothing."""


def replay(program: Single, feed: Feed, start: TrainState, broken: int) -> Finding | None:
    """Finds the first tensor that is not finite; None where all of them stay finite.

    Half of the steps in question are taken at a time, and the last few one by one.

    Args:
        program: the training.
        feed: gives the source of minibatches for a step.
        start: a finite state.
        broken: the number of the step by whose end something was not finite.
    """
    first, last = int(start.step), broken
    while last - first > HISTORY:
        middle = (first + last) // 2
        chunk = _take(program, feed, copy_state(start), middle)
        if chunk.finite and _is_whole(chunk.state):
            first, start = middle, chunk.state
        else:
            last = middle
    norms: dict[str, list[float]] = {}
    before = start
    for step in range(first, last):
        chunk = _take(program, feed, copy_state(start), step + 1)
        for tag, value in _norms(start, chunk.last).items():
            norms.setdefault(tag, []).append(float(value))
        if not (chunk.finite and _is_whole(chunk.state)):
            source, _ = feed.at(step)
            found = examine(program.game(source), program.layout.everywhere(start))
            if found is None:
                return None
            met = start
            if found[0] == "G's update" and program.recipe.update == "alternating":
                met = start._replace(discriminator=chunk.state.discriminator)  # G meets it updated
            return Finding(step + 1, *found, norms, _both(_largest(before), _largest(met)))
        start = chunk.state
    return None


def _take(program: Single, feed: Feed, state: TrainState, end: int) -> Chunk:
    """The training up to a step, or to the first before it that is not finite, on one device."""
    while True:
        step = int(state.step)
        source, available = feed.at(step)
        chunk = program.run(source, state, Window(min(end - step, available), NEVER, NEVER))
        state = chunk.state
        if step + available >= end or not chunk.finite:
            return program.layout.here(chunk)


@jax.jit
def _is_whole(state: TrainState) -> jax.Array:
    """Whether every number of a state is finite, a scalar bool."""
    return jnp.stack([jnp.isfinite(leaf).all() for leaf in jax.tree.leaves(state)]).all()


@jax.jit
def _largest(state: TrainState) -> Scalars:
    """The absolute value of each player's largest parameter."""
    found = {}
    for player in PLAYERS:
        leaves = jax.tree.leaves(getattr(state, player).parameters)
        found[player] = jnp.stack([jnp.abs(leaf).max(initial=0.0) for leaf in leaves]).max()
    return found


def _both(before: Scalars, after: Scalars) -> dict[str, tuple[float, float]]:
    return {player: (float(before[player]), float(after[player])) for player in before}


@jax.jit
def _norms(before: TrainState, scalars: Scalars) -> Scalars:
    """The norms of both players' parameters before a step and of their gradients in it."""
    found = {}
    for player in PLAYERS:
        found[f"gradient_norm/{player}"] = scalars[f"gradient_norm/{player}"]
        found[f"parameter_norm/{player}"] = optax.tree.norm(getattr(before, player).parameters)
    return found
