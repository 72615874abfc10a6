"""The floating-point operations of a step, counted over its jaxpr.

A compiler's own count takes the body of a loop once; here a scan counts as often as it runs.
"""

import math
from collections.abc import Callable, Iterable
from typing import Any, NamedTuple

import jax
import jax.numpy as jnp
from jax.extend.core import ClosedJaxpr, Jaxpr, JaxprEqn, Literal, Var

from gan_cli.training.game import Game
from gan_cli.training.rehearsal import rehearse
from gan_cli.training.state import TrainState

BODIES = ("jaxpr", "call_jaxpr", "fun_jaxpr")
"""Where a primitive that calls a function keeps it: jit, remat, custom_jvp, custom_vjp."""

SHAPED = ("broadcast_in_dim", "concatenate", "pad", "reshape", "rev", "squeeze", "transpose")
PICKED = ("dynamic_slice", "dynamic_update_slice", "gather", "scatter", "select_n", "slice", "sort")
PARTED = ("iota", "split", "top_k", "unstack")
CONVERTED = ("bitcast_convert_type", "convert_element_type", "reduce_precision")
KEPT = ("copy", "device_put", "optimization_barrier", "stop_gradient")
MOVES = frozenset((*SHAPED, *PICKED, *PARTED, *CONVERTED, *KEPT))
"""Primitives that move, choose or convert numbers, and compute none."""


class Flops(NamedTuple):
    """Floating-point operations: those of matrix products and convolutions, and all others."""

    products: int
    other: int

    @property
    def total(self) -> int:
        return self.products + self.other

    def times(self, n: int) -> "Flops":
        return Flops(n * self.products, n * self.other)


def of_step(game: Game, state: TrainState) -> Flops:
    """The operations of a step that logs nothing, as most do.

    Args:
        game: what is played.
        state: the state, or its shapes.
    """
    return count(rehearse(game, state))


def count(jaxpr: ClosedJaxpr) -> Flops:
    """The floating-point operations that a program's results need.

    A product of (M, K) and (K, N) is 2 M N K, a convolution 2 for each output and each weight that
    it sees, padding included. Any other operation with a floating-point result is 1 for each of its
    elements, exp and tanh too; a reduction is 1 for each element that it takes in. Integers, bits,
    comparisons, and moving, choosing or converting numbers count nothing, nor does what no result
    depends on.

    A scan counts its body as often as it runs, and so does a fori_loop of fixed length, which is
    one. How often a while_loop runs is not known: it counts once. (In a step there is one, the walk
    that finds a minibatch's rows, all in integers.) Of a cond, the most expensive branch counts,
    unless the branches are for different platforms: then this platform's counts.
    """
    return _of(jaxpr.jaxpr)


def _of(jaxpr: Any) -> Flops:
    inner: Jaxpr = getattr(jaxpr, "jaxpr", jaxpr)  # closed or not
    return _total(_of_equation(equation) for equation in _needed(inner))


def _needed(jaxpr: Jaxpr) -> list[JaxprEqn]:
    """The equations that the results depend on, last first."""
    wanted = {v for v in jaxpr.outvars if isinstance(v, Var)}
    kept = []
    for equation in reversed(jaxpr.eqns):
        if equation.effects or not wanted.isdisjoint(equation.outvars):
            kept.append(equation)
            wanted.update(v for v in equation.invars if not isinstance(v, Literal))
    return kept


def _of_equation(equation: JaxprEqn) -> Flops:
    name, params = equation.primitive.name, equation.params
    if name in RULES:
        return RULES[name](equation)
    if name in MOVES:
        return Flops(0, 0)
    if name.startswith(("reduce", "cum")):
        return Flops(0, _floats(equation.invars))
    body = next((params[key] for key in BODIES if key in params), None)
    return _of(body) if body is not None else Flops(0, _floats(equation.outvars))


def _dot_general(equation: JaxprEqn) -> Flops:
    (contracted, _), _ = equation.params["dimension_numbers"]
    shape = _shape(equation.invars[0])
    terms = math.prod(shape[axis] for axis in contracted)
    return Flops(2 * _floats(equation.outvars) * terms, 0)


def _convolution(equation: JaxprEqn) -> Flops:
    kernel = _shape(equation.invars[1])
    outputs = kernel[equation.params["dimension_numbers"].rhs_spec[0]]
    return Flops(2 * _floats(equation.outvars) * (math.prod(kernel) // outputs), 0)


def _scan(equation: JaxprEqn) -> Flops:
    return _of(equation.params["jaxpr"]).times(equation.params["length"])


def _while(equation: JaxprEqn) -> Flops:
    return _total(_of(equation.params[part]) for part in ("cond_jaxpr", "body_jaxpr"))


def _cond(equation: JaxprEqn) -> Flops:
    branches = equation.params["branches"]
    if platforms := equation.params.get("branches_platforms"):  # None is any other platform
        here = jax.default_backend()
        return _of(branches[next(i for i, p in enumerate(platforms) if p is None or here in p)])
    return max((_of(branch) for branch in branches), key=lambda flops: flops.total)


def _scatter_add(equation: JaxprEqn) -> Flops:
    return Flops(0, _floats(equation.invars[2:]))


RULES: dict[str, Callable[[JaxprEqn], Flops]] = {
    "dot_general": _dot_general,
    "conv_general_dilated": _convolution,
    "scan": _scan,
    "while": _while,
    "cond": _cond,
    "scatter-add": _scatter_add,
}


def _shape(variable: Any) -> tuple[int, ...]:
    shape: tuple[int, ...] = variable.aval.shape
    return shape


def _floats(variables: Iterable[Any]) -> int:
    """How many floating-point numbers the variables hold."""
    avals = [variable.aval for variable in variables]
    return sum(math.prod(a.shape) for a in avals if jnp.issubdtype(a.dtype, jnp.inexact))


def _total(parts: Iterable[Flops]) -> Flops:
    products = other = 0
    for part in parts:
        products, other = products + part.products, other + part.other
    return Flops(products, other)
