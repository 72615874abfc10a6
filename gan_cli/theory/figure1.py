"""A real training on the line, seen as in Figure 1 of the 2014 paper.

D is first trained alone, towards D* = p_data / (p_data + p_g); then G and D play, until p_g is
p_data and D can tell nothing: it is 1/2.

Source: Goodfellow et al. 2014, Figure 1.
"""

import dataclasses
import functools
from typing import NamedTuple, cast

import jax
import jax.numpy as jnp
import numpy as np
from jax.scipy.special import ndtri

from gan_cli.architectures.base import DataSpec
from gan_cli.architectures.mlp import Mlp
from gan_cli.config import Recipe
from gan_cli.datasets.gaussian import Gaussian
from gan_cli.divergences import Mixture, from_modes, js
from gan_cli.objectives.minimax import Minimax
from gan_cli.optimizers.adam import Adam
from gan_cli.optimizers.base import Optimizers
from gan_cli.optimizers.schedules import Schedule
from gan_cli.theory.optimal_discriminator import smallest_region
from gan_cli.training.batches import Synthetic
from gan_cli.training.chunk import run_chunk
from gan_cli.training.networks import Network, Networks, discriminator, generate
from gan_cli.training.state import TrainState, build, sampler

STEPS = 2000
ALONE = 40  # steps in which G is held and D is updated
MOVED = 10  # steps from there to the third moment
FRAMES = 60  # of the film that follows them

DATA = Gaussian()
NETWORKS = Mlp(
    latent=1, generator_widths=(32, 32), discriminator_widths=(32, 32), activation="tanh"
)
ARROWS = 31
POINTS = 20_000
"""Evenly spaced quantiles of z, which stand for all samples of G."""
WIDTH = 0.05
"""Standard deviation of the normal kernel that p_g is estimated with, in units of x."""
CELL = 0.01
X = np.arange(-420, 421) * CELL
CORE = 0.99
"""What the region holds in which D is compared with what it should be."""


class Film(NamedTuple):
    """A training, frame by frame.

    x: (N,) evenly spaced. data: the density of the data there, (N,).
    z: (A,) at evenly spaced quantiles, so that every arrow z -> G(z) carries the same mass.
    steps: (F,) training steps so far, those in which G was held among them.
    density: (F, N) the estimate of p_g. outputs: (F, N) D(x). images: (F, A) G(z).
    js: (F,) JS between the data and p_g in nats. floor: what is found where p_g is the data.
    off_optimum: (F,) the farthest that D is from p_data / (p_data + p_g) in the smallest region
        that holds 99 % of (p_data + p_g) / 2.
    off_half: (F,) E |D(x) - 1/2| over the data. farthest_off_half: (F,) its greatest value in the
        smallest region that holds 99 % of the data.
    moments: the frames of the start, of D trained, of G moved, and of the end.
    """

    x: np.ndarray
    data: np.ndarray
    z: np.ndarray
    steps: np.ndarray
    density: np.ndarray
    outputs: np.ndarray
    images: np.ndarray
    js: np.ndarray
    floor: float
    off_optimum: np.ndarray
    off_half: np.ndarray
    farthest_off_half: np.ndarray
    moments: tuple[int, int, int, int]


class View(NamedTuple):
    """What is seen of one state: G at the latents that stand for all and at the arrows', and D."""

    points: np.ndarray
    images: np.ndarray
    outputs: np.ndarray


def figure1(seed: int, steps: int = STEPS) -> Film:
    """Trains G and D, and looks at them often.

    Args:
        seed: of the networks and of every minibatch.
        steps: of G and D together, after those of D alone; at least MOVED.
    """
    recipe = recipe_for(seed, ALONE + steps)
    stops, moments = schedule(steps)
    views = watch(recipe, stops)
    truth = cast(Mixture, from_modes(*DATA.modes()))  # on the line
    data = np.exp(truth.log_prob(X))
    density = np.stack([estimate(view.points) for view in views])
    outputs = np.stack([view.outputs for view in views])
    optimum = data / (data + density)
    halves = np.full_like(X, 0.5)
    return Film(
        x=X,
        data=data,
        z=np.asarray(latents(ARROWS)[:, 0]),
        steps=stops,
        density=density,
        outputs=outputs,
        images=np.stack([view.images for view in views]),
        js=np.array([jensen_shannon(data, p) for p in density]),
        floor=jensen_shannon(data, estimate(truth.quantile(levels(POINTS)))),
        off_optimum=np.array(list(map(farthest, outputs, optimum, data + density))),
        off_half=np.abs(outputs - halves) @ data * CELL,
        farthest_off_half=np.array([farthest(D, halves, data) for D in outputs]),
        moments=moments,
    )


def recipe_for(seed: int, steps: int) -> Recipe:
    """The minimax game, with learning rates that fall to 0; D's is twice G's."""
    decay = Schedule(kind="cosine", steps=steps)
    return Recipe(
        architecture=NETWORKS,
        objective=Minimax(),
        optimizer=Optimizers(
            generator=Adam(learning_rate=0.005, b1=0.0, schedule=decay),
            discriminator=Adam(learning_rate=0.01, b1=0.0, schedule=decay),
        ),
        k=5,
        batch_size=512,
        seed=seed,
        ema=0.0,
    )


def schedule(steps: int) -> tuple[np.ndarray, tuple[int, int, int, int]]:
    """The steps to look at, close together at first, and which of them are the four moments."""
    alone = [0, 1, 2, 4, 8, 16, ALONE]
    moving = range(1, MOVED + 1)
    later = np.unique(np.geomspace(MOVED, steps, FRAMES).round().astype(int))[1:]
    stops = np.array([*alone, *(ALONE + step for step in moving), *(ALONE + later)])
    trained = len(alone) - 1
    return stops, (0, trained, trained + MOVED, len(stops) - 1)


def watch(recipe: Recipe, stops: np.ndarray) -> list[View]:
    """Trains to each of some increasing steps and looks there; G is held for the first ones."""
    networks, state = build(recipe, DataSpec((1,)))
    still = dataclasses.replace(recipe.optimizer.generator, learning_rate=0.0)
    held = dataclasses.replace(
        recipe, optimizer=dataclasses.replace(recipe.optimizer, generator=still)
    )
    source, rarely = Synthetic(dataset=DATA), jnp.int32(1 + stops[-1])
    views, before = [], 0
    for stop in stops:
        play = held if stop <= ALONE else recipe
        ran = run_chunk(networks, play, source, state, jnp.int32(stop - before), rarely, rarely)
        state, before = ran.state, stop
        views.append(View(*map(np.asarray, _view(networks, recipe, state))))
    return views


@functools.partial(jax.jit, static_argnames="networks")
def _view(
    networks: Networks, recipe: Recipe, state: TrainState
) -> tuple[jax.Array, jax.Array, jax.Array]:
    G = sampler(networks, state)
    D = discriminator(
        Network(networks.discriminator, state.discriminator, state.discriminator_statistics),
        recipe.precision,
    )
    x = jnp.asarray(X, jnp.float32)[:, None]
    points, images = (
        generate(G, latents(count), recipe.precision, train=False)[0][:, 0]
        for count in (POINTS, ARROWS)
    )
    return points, images, jax.nn.sigmoid(D(x, None))


def latents(count: int) -> jax.Array:
    """Evenly spaced quantiles of the standard normal distribution, (count, 1)."""
    return ndtri(jnp.asarray(levels(count), jnp.float32))[:, None]


def levels(count: int) -> np.ndarray:
    """The middles of `count` equal parts of [0, 1]."""
    return (np.arange(count) + 0.5) / count


def estimate(points: np.ndarray) -> np.ndarray:
    """The density on X of points (M,), by a normal kernel; those beyond X are put at its ends."""
    edges = np.append(X - CELL / 2, X[-1] + CELL / 2)
    masses = np.histogram(np.clip(points, X[0], X[-1]), edges)[0] / len(points)
    reach = int(6 * WIDTH / CELL)
    kernel = np.exp(-0.5 * (np.arange(-reach, reach + 1) * CELL / WIDTH) ** 2)
    return np.convolve(masses, kernel / kernel.sum(), mode="same") / CELL


def jensen_shannon(p: np.ndarray, q: np.ndarray) -> float:
    """JS of two densities on X, in nats."""
    return js(p / p.sum(), q / q.sum())


def farthest(values: np.ndarray, others: np.ndarray, density: np.ndarray) -> float:
    """max |values - others| over the smallest region of X that holds 99 % of a density."""
    core = smallest_region(density, CORE)
    return float(np.abs(values - others)[core].max())
