"""A real training on the line, shown as in Figure 1 of the 2014 paper.

D is first trained alone, towards D* = p_data / (p_data + p_g). Then G and D train together, until
p_g is p_data and D cannot tell them apart: it is 1/2.

Source: Goodfellow et al. 2014, Figure 1.
"""

import dataclasses
import logging
from typing import NamedTuple, cast

import jax
import jax.numpy as jnp
import numpy as np
from jax.scipy.special import ndtri
from scipy.ndimage import gaussian_filter1d

from gan_cli.architectures.base import DataSpec
from gan_cli.architectures.mlp import Mlp
from gan_cli.config import Recipe
from gan_cli.datasets.gaussian import Gaussian
from gan_cli.divergences import LineMixture, from_modes, js
from gan_cli.objectives.minimax import Minimax
from gan_cli.optimizers.adam import Adam
from gan_cli.optimizers.base import Optimizers
from gan_cli.optimizers.schedules import Schedule
from gan_cli.theory.optimal_discriminator import smallest_region
from gan_cli.training.batches import Synthetic
from gan_cli.training.chunk import Window, run_chunk
from gan_cli.training.game import Game
from gan_cli.training.networks import Networks, discriminator, generate
from gan_cli.training.state import TrainState, begin, sampler

log = logging.getLogger(__name__)

STEPS = 2000
ALONE = 40  # steps at the start in which only D is trained
MOVED = 10  # steps from there to the third moment
FRAMES = 60  # frames of the film after the third moment

DATA = Gaussian()
NETWORKS = Mlp(
    latent=1, generator_widths=(32, 32), discriminator_widths=(32, 32), activation="tanh"
)
ARROWS = 31
POINTS = 20_000
"""How many evenly spaced quantiles of z stand for all samples of G."""
WIDTH = 0.05
"""The standard deviation of the normal kernel that estimates p_g, in units of x."""
CELL = 0.01
X = np.arange(-420, 421) * CELL
CORE = 0.99
"""The share of the mass in the region where D is compared with its target."""


class Film(NamedTuple):
    """A training, frame by frame.

    x: evenly spaced points, (N,).
    data: the density of the data at x, (N,).
    z: latents at evenly spaced quantiles, so each arrow z -> G(z) carries the same mass, (A,).
    steps: the number of training steps before each frame, those of D alone included, (F,).
    density: an estimate of p_g at x, (F, N).
    outputs: D(x), (F, N).
    images: G(z), (F, A).
    js: JS between the data and p_g in nats, (F,).
    floor: the same estimate of JS for samples of the data.
    off_optimum: the largest |D - p_data / (p_data + p_g)| in the smallest region that holds 99 % of
        (p_data + p_g) / 2, (F,).
    off_half: the mean of |D(x) - 1/2| over the data, (F,).
    farthest_off_half: its largest value in the smallest region that holds 99 % of the data, (F,).
    moments: the frames at the start, with D trained, with G moved, and at the end.
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


def figure1(seed: int, steps: int = STEPS) -> Film:
    """Trains G and D, and looks at them often.

    Args:
        seed: the seed for the networks and the minibatches.
        steps: how many steps G and D train together after D's steps alone; at least MOVED.
    """
    recipe = recipe_for(seed, ALONE + steps)
    stops, moments = schedule(steps)
    points, images, outputs = map(np.stack, zip(*watch(recipe, stops), strict=True))
    truth = cast(LineMixture, from_modes(*DATA.modes()))  # on the line
    data = np.exp(truth.log_prob(X))
    density = np.stack(list(map(estimate, points)))
    optimum = data / (data + density)
    halves = np.full_like(X, 0.5)
    return Film(
        x=X,
        data=data,
        z=np.asarray(latents(ARROWS)[:, 0]),
        steps=stops,
        density=density,
        outputs=outputs,
        images=images,
        js=np.array([jensen_shannon(data, p) for p in density]),
        floor=jensen_shannon(data, estimate(truth.quantile(levels(POINTS)))),
        off_optimum=np.array(list(map(farthest, outputs, optimum, data + density))),
        off_half=np.abs(outputs - halves) @ data * CELL,
        farthest_off_half=np.array([farthest(D, halves, data) for D in outputs]),
        moments=moments,
    )


def recipe_for(seed: int, steps: int) -> Recipe:
    """The recipe of the minimax game; both learning rates fall to 0, and D's is twice G's."""
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
    """Returns the steps to look at, close together at first, and the indices of the moments."""
    alone = [0, 1, 2, 4, 8, 16, ALONE]
    moving = range(1, MOVED + 1)
    later = np.unique(np.geomspace(MOVED, steps, FRAMES).round().astype(int))[1:]
    stops = np.array([*alone, *(ALONE + step for step in moving), *(ALONE + later)])
    trained = len(alone) - 1
    return stops, (0, trained, trained + MOVED, len(stops) - 1)


def watch(recipe: Recipe, stops: np.ndarray) -> list[tuple[np.ndarray, np.ndarray, np.ndarray]]:
    """Trains to each of some increasing steps and looks there; G is held for the first ones.

    Returns:
        At each step: POINTS samples of G, the images of the arrows' z, and D on X.
    """
    networks, state = begin(recipe, DataSpec((1,)))
    still = dataclasses.replace(recipe.optimizer.generator, learning_rate=0.0)
    held = dataclasses.replace(
        recipe, optimizer=dataclasses.replace(recipe.optimizer, generator=still)
    )
    source, never = Synthetic(dataset=DATA), int(1 + stops[-1])
    views, before = [], 0
    for stop in stops:
        log.info("trained to step %d of %d", before, stops[-1])
        play = held if stop <= ALONE else recipe
        window = Window(int(stop - before), never, never)
        state, before = run_chunk(Game(networks, play, source), state, window).state, stop
        views.append(jax.device_get(_view(networks, recipe, state)))
    return views


@jax.jit
def _view(
    networks: Networks, recipe: Recipe, state: TrainState
) -> tuple[jax.Array, jax.Array, jax.Array]:
    G = sampler(networks, state)
    D = discriminator(state.discriminator.network(networks.discriminator), recipe.precision)
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
    """The centres of `count` equal parts of [0, 1]."""
    return (np.arange(count) + 0.5) / count


def estimate(points: np.ndarray) -> np.ndarray:
    """Estimates the density of points (M,) on X by a normal kernel; X's ends take those beyond."""
    edges = np.append(X - CELL / 2, X[-1] + CELL / 2)
    masses = np.histogram(np.clip(points, X[0], X[-1]), edges)[0] / len(points)
    smooth = gaussian_filter1d(masses, WIDTH / CELL, mode="constant", truncate=6.0)
    return np.asarray(smooth / CELL)


def jensen_shannon(p: np.ndarray, q: np.ndarray) -> float:
    """JS of two densities on X, in nats."""
    return js(p / p.sum(), q / q.sum())


def farthest(values: np.ndarray, others: np.ndarray, density: np.ndarray) -> float:
    """Returns max |values - others| in the smallest region of X that holds 99 % of a density."""
    core = smallest_region(density, CORE)
    return float(np.abs(values - others)[core].max())
