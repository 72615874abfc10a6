"""A small convolutional network that tells the classes of images apart, and its training."""

from typing import Any, NamedTuple

import jax
import jax.numpy as jnp
import numpy as np
import optax
from flax import nnx
from jax import lax
from jaxtyping import Array, Float, Int, Key, Shaped

from gan_cli.architectures.layers import StridedConv, dropout

WIDTH = 128
"""The width of the last hidden layer, whose values are the features of an image."""

CHANNELS = 64
"""The channels of the last convolution; each one before it has half as many."""

SMALLEST = 7
"""Images are halved until their longer side is no longer than this."""

STEPS, CHUNK, BATCH = 3000, 300, 128

NONSENSE = 16
"""How many images without a class are shown beside each batch."""

LEARNING_RATE, DROPOUT = 5e-3, 0.5

MOST = 0.75
"""By how many pixels at most an image is shifted, and its border stretched and slanted."""

HE = nnx.initializers.he_normal()

Parameters = Any
"""A nested dict of float32 arrays."""


class Network(nnx.Module):
    """Images (N, H, W, C) in [-1, 1] -> features (N, 128), and from those logits (N, classes + 1).

    The last logit stands for an image that shows none of the classes.
    """

    def __init__(self, shape: tuple[int, ...], classes: int, rngs: nnx.Rngs) -> None:
        height, width, channels = shape
        halvings = 0
        while max(height, width) > SMALLEST:
            height, width, halvings = -(-height // 2), -(-width // 2), halvings + 1
        widths = [max(CHANNELS >> n, 8) for n in reversed(range(halvings))]
        self.convs = nnx.List(
            StridedConv(a, b, bias=True, kernel_init=HE, rngs=rngs)
            for a, b in zip([channels, *widths], widths, strict=False)
        )
        units = height * width * [channels, *widths][-1]
        self.hidden = nnx.Linear(units, WIDTH, kernel_init=HE, rngs=rngs)
        self.output = nnx.Linear(WIDTH, classes + 1, rngs=rngs)

    def __call__(self, x: Float[Array, "n h w c"]) -> Float[Array, "n features"]:
        h = x
        for conv in self.convs:
            even = ((0, 0), (0, h.shape[1] % 2), (0, h.shape[2] % 2), (0, 0))
            h = jax.nn.relu(conv(jnp.pad(h, even)))
        features: jax.Array = jax.nn.relu(self.hidden(h.reshape(len(h), -1)))
        return features


class Learned(NamedTuple):
    """A network taken apart into its structure, which has no leaves, and its parameters."""

    graph: nnx.GraphDef[Any]
    parameters: Parameters


def new(shape: tuple[int, ...], classes: int) -> Learned:
    """A network with the initial parameters of a fixed seed."""
    graph, state = nnx.split(Network(shape, classes, nnx.Rngs(0)))
    return Learned(graph, nnx.to_pure_dict(state))


@jax.jit
def look(
    learned: Learned, x: Float[Array, "n h w c"]
) -> tuple[Float[Array, "n features"], Float[Array, "n classes"]]:
    """The features of images in [-1, 1], and the probabilities of their classes.

    The probabilities are those of an image that shows one of the classes, and sum to 1.
    """
    network = nnx.merge(*learned)
    features = network(x)
    return features, jax.nn.softmax(network.output(features)[:, :-1])


def fit(
    learned: Learned, examples: np.ndarray, labels: Int[np.ndarray, "n"], levels: int | None
) -> Learned:
    """Trains a network to tell the class of images that are shifted and stretched a little.

    3,000 steps of Adam on the cross-entropy of 128 images, with a learning rate that rises to .005
    and falls again, weight decay, and dropout of half of the features. The seed is fixed. Beside
    them it learns to tell 16 images that show no class, because a network that never saw any gives
    noise the features of some class, and nothing that looks at features would notice it.

    Args:
        learned: a new network.
        examples: stored images, (N, H, W, C).
        labels: their classes, (N,).
        levels: the stored value that stands for +1; None where [-1, 1] is stored.
    """
    stored, classes = jnp.asarray(examples), jnp.asarray(labels)
    scale, offset = (1.0, 0.0) if levels is None else (2 / levels, 1.0)
    parameters, memory = learned.parameters, _optimizer().init(learned.parameters)
    for keys in jax.random.split(jax.random.key(0), STEPS).reshape(-1, CHUNK):
        learned = Learned(learned.graph, parameters)
        parameters, memory = _chunk(learned, memory, keys, stored, classes, scale, offset)
    return Learned(learned.graph, parameters)


def _optimizer() -> optax.GradientTransformation:
    return optax.adamw(optax.cosine_onecycle_schedule(STEPS, LEARNING_RATE), weight_decay=1e-4)


@jax.jit
def _chunk(
    learned: Learned,
    memory: optax.OptState,
    keys: Key[Array, "steps"],
    stored: Shaped[Array, "n h w c"],
    labels: Int[Array, "n"],
    scale: float,
    offset: float,
) -> tuple[Parameters, optax.OptState]:
    """Some steps of the training, one for each key; `scale` and `offset` lead to [-1, 1]."""
    nothing = learned.parameters["output"]["bias"].size - 1

    def step(carry: tuple[Any, Any], key: jax.Array) -> tuple[tuple[Any, Any], None]:
        parameters, memory = carry
        choice, moves, masks, pixels = jax.random.split(key, 4)
        rows = jax.random.randint(choice, (BATCH,), 0, len(stored))
        images = stored[rows].astype(jnp.float32) * scale - offset
        images = _varied(images, moves)
        images = jnp.concatenate([images, _nonsense(images[:NONSENSE], pixels)])
        told = jnp.append(labels[rows], jnp.full(NONSENSE, nothing))
        slope = jax.grad(_loss)(parameters, learned.graph, images, told, masks)
        change, memory = _optimizer().update(slope, memory, parameters)
        return (optax.apply_updates(parameters, change), memory), None

    carry, _ = lax.scan(step, (learned.parameters, memory), keys)
    return carry


def _loss(
    parameters: Parameters,
    graph: nnx.GraphDef[Any],
    x: Float[Array, "n h w c"],
    labels: Int[Array, "n"],
    key: Key[Array, ""],
) -> Float[Array, ""]:
    network = nnx.merge(graph, parameters)
    logits = network.output(dropout(network(x), DROPOUT, key, 0))
    loss: jax.Array = optax.softmax_cross_entropy_with_integer_labels(logits, labels).mean()
    return loss


def _varied(images: Float[Array, "n h w c"], key: Key[Array, ""]) -> Float[Array, "n h w c"]:
    """Images shifted, stretched and slanted at random, with black coming in.

    Each pixel of the result is taken from y + a + b y / Y and x + c + d x / X + e y / Y by linear
    interpolation, where the middle of an image is (0, 0), its last pixel is (Y, X), and a to e lie
    within MOST of zero.
    """
    n, height, width, _ = images.shape
    a, b, c, d, e = jax.random.uniform(key, (5, n, 1, 1), minval=-MOST, maxval=MOST)
    y, x = _places(height)[None, :, None], _places(width)[None, None]
    slope = y / y.max()
    from_y, from_x = y + a + b * slope, x + c + d * x / x.max() + e * slope
    ink = images + 1
    ink = jnp.einsum("nyi,niwc->nywc", _weights(from_y[..., 0], height), ink)
    ink = jnp.einsum("nyxj,nyjc->nyxc", _weights(from_x, width), ink)
    return ink - 1


def _nonsense(images: Float[Array, "n h w c"], key: Key[Array, ""]) -> Float[Array, "n h w c"]:
    """What shows none of the classes: images whose pixels are shuffled, and noise.

    Noise is uniform between two levels drawn for each image, which may be almost the same, so that
    an image of one grey or of black shows no class either.
    """
    order, noise, edges = jax.random.split(key, 3)
    n, height, width, channels = images.shape
    pixels = images.reshape(n, height * width, channels)[: n // 2]
    shuffled = jax.random.permutation(order, pixels, axis=1, independent=False)
    half = (n - n // 2, height, width, channels)
    low, high = jax.random.uniform(edges, (2, n - n // 2, 1, 1, 1), minval=-1.5, maxval=1.5)
    drawn = jax.random.uniform(noise, half, minval=low, maxval=high).clip(-1, 1)
    return jnp.concatenate([shuffled.reshape(n // 2, *half[1:]), drawn])


def _weights(places: Float[Array, "*at"], size: int) -> Float[Array, "*at size"]:
    """How much each of `size` pixels in a row adds to the value at a place between them."""
    return jnp.maximum(0, 1 - jnp.abs(jnp.subtract.outer(places, _places(size))))


def _places(size: int) -> Float[Array, "size"]:
    """Where the pixels of a row lie, counted from its middle."""
    return jnp.arange(size) - (size - 1) / 2
