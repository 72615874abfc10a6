"""Known eigenvalues and moduli of the Dirac-GAN near its equilibrium, by every method.

The eigenvalues are differentiated automatically, and the moduli of a step are fitted to updates,
both of the very updates that `gan theory dynamics` plays.
"""

import logging
from collections.abc import Iterator, Mapping
from typing import Any

import jax
import numpy as np

from gan_cli.divergences import Estimate
from gan_cli.theory import dirac
from gan_cli.theory.dirac_updates import UPDATES
from gan_cli.theory.dynamics import QUICK, Move, copies, differentiated, fitted_map, ordered
from gan_cli.theory.known.base import Known
from gan_cli.theory.linear_dynamics import Settings, eigenvalues_of_step
from gan_cli.training.state import TrainState

log = logging.getLogger(__name__)

FITTED = 1e-5
"""How far the map that is fitted to an update may lie from it."""

Changes = Mapping[str, Any]
"""The settings of a method that are not the defaults."""

FLOWS: list[tuple[str, Changes, complex, complex]] = [
    ("simultaneous", {}, 0.5j, -0.5j),
    ("simultaneous", {"objective": "non_saturating"}, 0.5j, -0.5j),
    ("simultaneous", {"objective": "relativistic"}, 0.5j, -0.5j),
    ("simultaneous", {"objective": "wgan"}, 1j, -1j),
    ("instance_noise", {"sigma": 0.5}, -0.0625 + 0.4960784j, -0.0625 - 0.4960784j),
    ("instance_noise", {"sigma": 1.0}, -0.25 + 0.4330127j, -0.25 - 0.4330127j),
    ("instance_noise", {"sigma": 2.0}, -0.1339746, -1.8660254),
    ("r1", {"gamma": 0.5}, -0.25 + 0.4330127j, -0.25 - 0.4330127j),
    ("r1", {"gamma": 1.0}, -0.5, -0.5),
    ("r1_r2", {"gamma": 0.5}, -0.5, -0.5),
    ("consensus", {"gamma": 1.0}, -0.25 + 0.5j, -0.25 - 0.5j),
    ("consensus", {"gamma": 10.0}, -2.5 + 0.5j, -2.5 - 0.5j),
    ("gradient_norm", {"eta": 0.5}, -0.125 + 0.4841229j, -0.125 - 0.4841229j),
    ("unrolled", {"unroll": 5}, -0.125 + 0.4841229j, -0.125 - 0.4841229j),
    ("unrolled", {"unroll": 10}, -0.25 + 0.4330127j, -0.25 - 0.4330127j),
    ("two_time_scales", {}, 0.1581139j, -0.1581139j),
]
"""The two eigenvalues of a flow, the one of the larger real part, or of a pair the upper, first."""

MODULI: list[tuple[str, Changes, tuple[float, ...]]] = [
    ("simultaneous", {}, (1.0012492,)),
    ("simultaneous", {"objective": "wgan"}, (1.0049876,)),
    ("alternating", {}, (1.0,)),
    ("alternating", {"step": 3.9}, (1.0,)),
    ("alternating", {"step": 5.0}, (4.0, 0.25)),
    ("r1", {"gamma": 0.1}, (0.9962429,)),
    ("r1", {"gamma": 1.0}, (0.95,)),
    ("r1", {"gamma": 10.0}, (0.9974937, 0.0025063)),
    ("optimistic", {}, (0.9987461, 0.0500628)),
    ("optimistic", {"objective": "wgan"}, (0.9949362, 0.1005090)),
    ("extra_gradient", {}, (0.9987523,)),
    ("extra_gradient", {"objective": "wgan"}, (0.9950377,)),
    ("competitive", {}, (0.9987523,)),
]
"""The largest modulus of one step, and where two are known the least; of .1 if nothing else."""


def dynamics() -> Iterator[Known]:
    """Eigenvalues of the flow by differentiation, and moduli of fitted steps."""
    for method, changes, first, second in FLOWS:
        told = f"{described(method, changes)}: eigenvalue"
        log.info("the dynamics of %s", told)
        found = eigenvalues(method, Settings()._replace(**changes))
        yield Known(f"{told}, real part", first.real, Estimate(found[0].real), FITTED)
        yield Known(f"{told}, imaginary", first.imag, Estimate(found[0].imag), FITTED)
        if not first.imag:
            yield Known(f"{told}, the other", second.real, Estimate(found[1].real), FITTED)
    for method, changes, known in MODULI:
        told = f"{described(method, changes)}: modulus of a step"
        log.info("the dynamics of %s", told)
        moduli = [abs(each) for each in step(method, Settings()._replace(**changes))]
        yield Known(told, known[0], Estimate(moduli[0]), FITTED)
        for least in known[1:]:
            yield Known(f"{told}, the least", least, Estimate(moduli[-1]), FITTED)


def eigenvalues(method: str, s: Settings) -> list[complex]:
    """The eigenvalues of a method's flow by automatic differentiation, in the order of FLOWS."""
    with dirac.float64():
        update, _, later = begun(method, s)
        rate = 1.0 if method == "two_time_scales" else s.step
        found = differentiated(update, later, rate)
    return sorted(found, key=lambda each: (-round(each.real, 6), -each.imag))


def step(method: str, s: Settings) -> tuple[complex, ...]:
    """The eigenvalues of one step, of the map that is fitted to updates, largest modulus first."""
    with dirac.float64():
        _, move, later = begun(method, s)
        matrix, _ = fitted_map(move, later)
    return ordered(np.linalg.eigvals(matrix))[: len(eigenvalues_of_step(method, s))]


def begun(method: str, s: Settings) -> tuple[Any, Move, TrainState]:
    """An update, the same for many states at once, and the state after the first one."""
    update, start = UPDATES[method](s)
    move: Move = jax.jit(jax.vmap(update), compiler_options=QUICK)
    return update, move, jax.tree.map(lambda leaf: leaf[0], move(copies(start)))


def described(method: str, changes: Changes) -> str:
    """A method and its settings, in words."""
    return ", ".join([method.replace("_", " "), *(f"{k} {v}" for k, v in changes.items())])
