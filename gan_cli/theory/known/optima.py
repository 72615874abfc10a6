"""Known optima of D on two points, found by minimising the very losses that `gan train` minimises.

The data have p = (.5, .5) on two points and the samples q = (.1, .9): all pairs of 10 examples and
10 samples, so that a mean over them is an expectation. D may say what it likes of each point.
"""

from collections.abc import Callable, Iterator, Mapping

import jax
import jax.numpy as jnp
import numpy as np
from scipy.optimize import minimize
from scipy.special import expit

from gan_cli.divergences import Estimate
from gan_cli.objectives.base import Discriminator, Objective, total
from gan_cli.objectives.f_gan import FGan
from gan_cli.objectives.hinge import Hinge
from gan_cli.objectives.least_squares import LeastSquares
from gan_cli.objectives.minimax import Minimax
from gan_cli.objectives.relativistic import Relativistic
from gan_cli.optimizers.sgd import Sgd
from gan_cli.regularizers.base import Regularizer
from gan_cli.regularizers.label_smoothing import LabelSmoothing
from gan_cli.theory.dirac import float64
from gan_cli.theory.known.base import Known
from gan_cli.training.discriminator_alone import Learner, Lesson, discriminator_loss

REAL, FAKE = np.repeat([0, 1], [5, 5]), np.repeat([0, 1], [1, 9])
SMOOTHING = 0.1
FOUND, FLAT = 1e-7, 1e-5
"""How far D's least loss may lie from the known one, and D's outputs, where the loss is flat."""


def optima() -> Iterator[Known]:
    """D at its optimum in several games, and its loss there."""
    with float64():
        found = [*_cross_entropies(), *_least_squares(), *_comparisons()]
    yield from found
    yield Known("f_gan divergence gan: its losses less minimax's", 0.0, _difference(), 0.0)


def _cross_entropies() -> Iterator[Known]:
    """D* of minimax, and with one-sided smoothing, D* = alpha p / (p + q).

    Source: Goodfellow et al. 2014, Proposition 1; Salimans et al. 2016, section 3.4.
    """
    yield from _probabilities("minimax", Minimax(), (5 / 6, 5 / 14), 1.1827959)
    smoothed = {"label_smoothing": LabelSmoothing(weight=SMOOTHING)}
    told = f"one-sided smoothing, alpha {1 - SMOOTHING:g}"
    yield from _probabilities(told, Minimax(), (0.75, 9 / 28), regularizer=smoothed)


def _comparisons() -> Iterator[Known]:
    """The hinge game, and the relativistic one, where D* is known but for a constant.

    Source: Lim and Ye 2017, section 2; Jolicoeur-Martineau 2018, section 4.1.
    """
    _, loss = best(Hinge())
    yield Known("hinge: D's least loss", 1.2, Estimate(loss), FOUND)
    scores, loss = best(Relativistic())
    yield Known("relativistic: D's least loss", 0.5091151, Estimate(loss), FOUND)
    apart = Estimate(float(scores[0] - scores[1]))
    yield Known("relativistic: D*(x) - D*(y) = log 9", 2.1972246, apart, FLAT)


def _probabilities(
    told: str,
    objective: Objective,
    known: tuple[float, float],
    least: float | None = None,
    regularizer: Mapping[str, Regularizer] | None = None,
) -> Iterator[Known]:
    """D* at both points as a probability, and D's loss there."""
    logits, loss = best(objective, regularizer)
    for place, value, found in zip("xy", known, expit(logits), strict=True):
        yield Known(f"{told}: D*({place})", value, Estimate(float(found)), FLAT)
    if least is not None:
        yield Known(f"{told}: D's least loss", least, Estimate(loss), FOUND)


def _least_squares() -> Iterator[Known]:
    """D* = p / (p + q), D's loss, and twice C(G) with the codes of Pearson's chi^2.

    Source: Mao et al. 2017, equations 5 and 9, and section 3.2.
    """
    told = "least squares"
    scores, loss = best(LeastSquares())
    for place, value, found in zip("xy", (5 / 6, 5 / 14), scores.tolist(), strict=True):
        yield Known(f"{told}: D*({place}) = p / (p + q)", value, Estimate(found), FLAT)
    yield Known(f"{told}: D's least loss", 0.2023810, Estimate(loss), FOUND)
    coded = LeastSquares(fake_code=-1.0, real_code=1.0, target=0.0)
    at_best = table(jnp.asarray(best(coded)[0]))
    cost = float(total(coded.unrolled_loss(at_best, *_batches(), jax.random.key(0))))
    yield Known(f"{told}: 2 C(G), codes -1, 1, 0", 0.3809524, Estimate(2 * cost), FOUND)


def best(
    objective: Objective, regularizer: Mapping[str, Regularizer] | None = None
) -> tuple[np.ndarray, float]:
    """The outputs of D at the two points with the least loss, (2,), and that loss.

    The search is the one of Nelder and Mead, since a loss may have kinks.
    """
    loss = jax.jit(loss_of(objective, regularizer or {}))
    options = {"xatol": 1e-9, "fatol": 1e-14, "maxiter": 2000}
    found = minimize(
        lambda outputs: float(loss(outputs)), [0.5, -0.4], method="Nelder-Mead", options=options
    )
    return np.asarray(found.x), float(found.fun)


def loss_of(
    objective: Objective, regularizer: Mapping[str, Regularizer]
) -> Callable[[jax.Array], jax.Array]:
    """D's loss as `gan train` has it, as a function of D's outputs at the two points."""
    learner = Learner(
        graph=None, objective=objective, optimizer=Sgd(learning_rate=0.1), regularizer=regularizer
    )

    def loss(outputs: jax.Array) -> jax.Array:
        lesson = Lesson(*_batches(), jax.random.key(0))
        return total(discriminator_loss(learner, table(outputs), jnp.int32(0), lesson))

    return loss


def table(outputs: jax.Array) -> Discriminator:
    """The D that says each of these of one point."""
    return lambda x, _: outputs[x[:, 0].astype(int)]


def _batches() -> tuple[jax.Array, jax.Array]:
    """All pairs of an example and a sample, (100, 1) each."""
    return jnp.asarray(np.repeat(REAL, 10)[:, None]), jnp.asarray(np.tile(FAKE, 10)[:, None])


def _difference() -> Estimate:
    """The largest difference of a loss of `f_gan` with `divergence=gan` from minimax's."""
    outputs = jnp.asarray(np.random.default_rng(0).normal(scale=5, size=(100, 2)), jnp.float32)

    @jax.jit
    @jax.vmap
    def differences(each: jax.Array) -> jax.Array:
        D, key = table(each), jax.random.key(0)
        games = FGan(divergence="gan"), Minimax()
        of_d = [total(game.discriminator_loss(D, *_batches(), key)) for game in games]
        of_g = [total(game.generator_loss(D, *_batches(), key)) for game in games]
        return jnp.stack([of_d[0] - of_d[1], of_g[0] - of_g[1]])

    return Estimate(float(jnp.abs(differences(outputs)).max()))
