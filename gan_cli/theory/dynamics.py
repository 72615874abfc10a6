"""The dynamics of the Dirac-GAN by each method: predicted, differentiated, measured and played.

Every update is computed in float64 by the training step of `gan train`, or by the parts of it where
a method is not among its settings.
"""

import logging
from collections.abc import Callable
from typing import Any, NamedTuple

import jax
import jax.numpy as jnp
import numpy as np

from gan_cli.theory import dirac
from gan_cli.theory.dirac_updates import UPDATES, Update
from gan_cli.theory.linear_dynamics import FLOWS, Settings, eigenvalues_of_step
from gan_cli.training.state import TrainState

log = logging.getLogger(__name__)

METHODS = tuple(UPDATES)
KINKS = {"wgan_gp": "its penalty (|psi| - 1)^2 has a kink at psi = 0"}
"""Objectives whose update has no derivative at the equilibrium, and why."""

IMPOSSIBLE = {
    "cramer": "its D gives a vector for each x, and the Dirac-GAN's D(x) = psi x gives one number",
    "mmd": "its D gives a vector for each x, and the Dirac-GAN's D(x) = psi x gives one number",
    "relativistic_average": "it compares D(x) with the mean of a batch, and here is one point",
}
"""Objectives of `gan train` that cannot play this game, and why."""

RADIUS = 1e-4
"""The distance from the equilibrium of the states that the map is fitted to."""
DIRECTIONS = 15
STEPS = 500
STARTS = ((1.0, 1.0), (-1.6, 0.2), (0.3, -0.6))
"""theta and psi where trajectories begin."""
EXTENT, ARROWS = 2.0, 21
"""How far the portrait reaches along each axis, and its arrows along an axis."""
LANES = 3 * ARROWS
"""The states that are moved at once; all uses have this number, so that one program serves them."""
QUICK = {"xla_backend_optimization_level": 0}
"""Compiling takes longer than what is computed."""
Move = Callable[[TrainState], TrainState]
"""An update of LANES states at once."""


class Dynamics(NamedTuple):
    """What was found of one method.

    method: its name.
    kink: why there is no Jacobian at the equilibrium; empty where there is one.
    flow: the eigenvalues of its flow in closed form, or None where it only is a map.
    automatic: the same by automatic differentiation of the update.
    step: the eigenvalues of one step in closed form.
    measured: as many of the linear map that was fitted to updates, largest modulus first; what
        plain descent carries beside the parameters adds zeros, which are left out.
    bent: the largest distance of an update from the fitted map, by the distance it starts from.
    trajectories: theta and psi before the first step and after each, (starts, STEPS + 1, 2).
    moves: the first update from each point of the grid of the portrait, (ARROWS, ARROWS, 2), by
        psi and theta.
    """

    method: str
    kink: str
    flow: tuple[complex, ...] | None
    automatic: tuple[complex, ...] | None
    step: tuple[complex, ...] | None
    measured: tuple[complex, ...] | None
    bent: float
    trajectories: np.ndarray
    moves: np.ndarray

    @property
    def predicted_modulus(self) -> float | None:
        """The spectral radius of one step in closed form."""
        return max(map(abs, self.step)) if self.step else None

    @property
    def measured_modulus(self) -> float | None:
        """The spectral radius of the fitted map."""
        return max(map(abs, self.measured)) if self.measured else None

    @property
    def distances(self) -> np.ndarray:
        """The distance from the equilibrium along each trajectory, (starts, STEPS + 1)."""
        return np.asarray(np.hypot(self.trajectories[..., 0], self.trajectories[..., 1]))

    @property
    def overflows(self) -> list[int | None]:
        """The first step of each trajectory that float64 does not hold, or None."""
        left = ~np.isfinite(self.distances)
        return [int(row.argmax()) if row.any() else None for row in left]

    @property
    def error(self) -> float | None:
        """The largest difference of any number here from its closed form."""
        if self.step is None or self.measured is None:
            return None
        apart = [abs(max(map(abs, self.step)) - max(map(abs, self.measured)))]
        if self.flow and self.automatic:
            apart.append(distance(self.flow, self.automatic))
        return max(apart)


def dynamics(methods: tuple[str, ...], settings: Settings) -> list[Dynamics]:
    """Examines each of some methods in turn."""
    found = []
    for number, method in enumerate(methods, 1):
        log.info("method %d of %d, %s", number, len(methods), method)
        with dirac.float64():
            found.append(examine(method, settings))
    return found


def examine(method: str, s: Settings) -> Dynamics:
    """All numbers of one method; JAX has to compute in float64."""
    update, start = UPDATES[method](s)
    move: Move = jax.jit(jax.vmap(update), compiler_options=QUICK)
    trajectories, moves = follow(move, start), first_moves(move, start)
    kink = KINKS.get(s.objective, "")
    if kink:
        return Dynamics(method, kink, None, None, None, None, np.nan, trajectories, moves)
    later = jax.tree.map(lambda leaf: leaf[0], move(copies(start)))
    flow = FLOWS[method](s) if method in FLOWS else None
    rate = 1.0 if method == "two_time_scales" else s.step
    matrix, bent = fitted_map(move, later)
    step = eigenvalues_of_step(method, s)
    return Dynamics(
        method,
        kink,
        flow,
        differentiated(update, later, rate) if flow else None,
        step,
        ordered(np.linalg.eigvals(matrix))[: len(step)],
        bent,
        trajectories,
        moves,
    )


def differentiated(update: Update, state: TrainState, rate: float) -> tuple[complex, ...]:
    """The eigenvalues of (J - I) / rate, where J is the Jacobian of an update at the equilibrium.

    For a step of the length h along a field, that is the Jacobian of the field.
    """

    def moved(point: jax.Array) -> jax.Array:
        return dirac.parameters(update(dirac.at(state, *point)))

    jacobian = np.asarray(jax.jit(jax.jacrev(moved), compiler_options=QUICK)(jnp.zeros(2)))
    return ordered(np.linalg.eigvals((jacobian - np.eye(2)) / rate))


def fitted_map(move: Move, state: TrainState) -> tuple[np.ndarray, float]:
    """The linear map that an update is near the equilibrium, by least squares.

    It is fitted to pairs of states on opposite sides, which frees it of even powers, at two radii,
    from which it is extrapolated to the radius 0. A state is theta, psi and whatever else the
    optimizers carry.

    Args:
        move: the update.
        state: at the equilibrium, after its first step.

    Returns:
        The map (n, n), and the largest distance of an update from it, by the radius.
    """
    size = len(in_one_vector(state))
    drawn = np.random.default_rng(0).normal(size=(DIRECTIONS, size))
    sides = drawn / np.linalg.norm(drawn, axis=1, keepdims=True)
    factors = RADIUS * np.array([1, -1, 0.5, -0.5])
    points = (factors[:, None, None] * sides).reshape(-1, size)
    rows = np.resize(points, (LANES, size))
    states = jax.vmap(lambda row: from_vector(state, row))(jnp.asarray(rows))
    after = np.asarray(jax.vmap(in_one_vector)(move(states)))[: len(points)]
    ahead, behind, near_ahead, near_behind = after.reshape(4, DIRECTIONS, size)
    far, near = (ahead - behind) / (2 * RADIUS), (near_ahead - near_behind) / RADIUS
    whole, half = (np.linalg.lstsq(sides, moved, rcond=None)[0].T for moved in (far, near))
    matrix = (4 * half - whole) / 3
    return matrix, float(np.linalg.norm(far - sides @ matrix.T, axis=1).max())


def in_one_vector(state: TrainState) -> jax.Array:
    """The real numbers of a state, (n,)."""
    return jnp.stack([leaf for leaf in jax.tree.leaves(state) if is_real(leaf)])


def from_vector(state: TrainState, vector: jax.Array) -> TrainState:
    """A state whose real numbers are those of a vector, and whose others are the given state's."""
    numbers = iter(vector)
    made: TrainState = jax.tree.map(lambda leaf: next(numbers) if is_real(leaf) else leaf, state)
    return made


def is_real(leaf: jax.Array) -> bool:
    """Whether an array holds real numbers, and no counts or truth values."""
    return bool(jnp.issubdtype(leaf.dtype, jnp.floating))


def copies(state: TrainState) -> TrainState:
    """The same state in every lane."""
    made: TrainState = jax.tree.map(lambda leaf: jnp.stack([leaf] * LANES), state)
    return made


def spread(state: TrainState, points: np.ndarray) -> TrainState:
    """A state for each lane with theta and psi of its own, (N, 2); the points are repeated."""
    theta, psi = jnp.asarray(np.resize(points, (LANES, 2))).T
    return dirac.at(copies(state), theta, psi)


def follow(move: Move, start: TrainState) -> np.ndarray:
    """Takes STEPS updates from each of STARTS, (starts, STEPS + 1, 2)."""
    states = spread(start, np.array(STARTS))
    seen = [states]
    for _ in range(STEPS):
        seen.append(move(seen[-1]))
    points = [
        (state.generator.parameters["theta"], state.discriminator.parameters["psi"])
        for state in seen
    ]
    return np.asarray(points)[..., : len(STARTS)].transpose(2, 0, 1)


def first_moves(move: Move, start: TrainState) -> np.ndarray:
    """Where the first update leads from each point of a grid, (ARROWS, ARROWS, 2)."""
    side = np.linspace(-EXTENT, EXTENT, ARROWS)
    points = np.stack(np.meshgrid(side, side), axis=-1)
    after = [
        np.asarray(dirac.parameters(move(spread(start, rows.reshape(-1, 2))))).T
        for rows in np.split(points, len(points) // 3)
    ]
    return np.asarray(np.concatenate(after).reshape(points.shape) - points)


def ordered(eigenvalues: Any) -> tuple[complex, ...]:
    """Eigenvalues by falling modulus, then by falling imaginary part."""
    return tuple(sorted(map(complex, eigenvalues), key=lambda z: (-round(abs(z), 9), -z.imag)))


def distance(some: tuple[complex, ...], others: tuple[complex, ...]) -> float:
    """The largest distance of two pairs of eigenvalues, in the order that makes it least."""
    straight = max(abs(a - b) for a, b in zip(some, others, strict=True))
    crossed = max(abs(a - b) for a, b in zip(some, others[::-1], strict=True))
    return min(straight, crossed)
