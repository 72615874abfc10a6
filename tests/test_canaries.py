"""Compiled programs compute what NumPy computes in 64 bits, and the comparison can fail."""

import subprocess
import sys

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from gan_cli import canaries
from gan_cli.canaries import CANARIES, Compared, problem, run

CRASHING = "sum of seven axes"


@pytest.mark.parametrize("name", [name for name in CANARIES if name != CRASHING])
def test_a_compiled_program_is_right(name: str) -> None:
    assert run(name) is None


def test_a_sum_of_seven_axes_is_right_and_does_not_end_the_process() -> None:
    program = f"from gan_cli.canaries import run; print(run({CRASHING!r}))"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert (done.returncode, done.stdout) == (0, "None\n"), done.stderr


def test_the_one_that_may_end_the_process_comes_last() -> None:
    assert list(CANARIES)[-1] == CRASHING


@pytest.mark.parametrize(
    ("computed", "told"),
    [
        ([1.0, 2.0, 3.1], "is wrong in 1 of 3 numbers, the first at [2]: 3.1 where 3 is right"),
        ([1.0, np.nan, 3.0], "is wrong in 1 of 3 numbers, the first at [1]: nan where 2 is right"),
        ([np.inf, 2.0, 0.0], "is wrong in 2 of 3 numbers, the first at [0]: inf where 1 is right"),
        ([1.0, 2.0], "has the shape (2,) where (3,) is right"),
        ([1.0, 2.0, 3.00001], None),
    ],
)
def test_what_is_wrong_is_told(computed: list[float], told: str | None) -> None:
    assert problem(Compared(jnp.array(computed), np.array([1.0, 2.0, 3.0]))) == told


def test_a_wrong_scalar_among_several_results_is_told() -> None:
    compared = Compared((jnp.ones(3), jnp.float32(2)), (np.ones(3), np.float64(1)))
    assert problem(compared) == "is wrong in 1 of 1 numbers, the first: 2 where 1 is right"


jit = jax.jit


def last_left_out(function):  # type: ignore[no-untyped-def]
    """A compiler whose programs leave the last numbers of every result at zero."""

    def cut(x: jax.Array) -> np.ndarray:
        return np.where(np.arange(x.shape[-1]) < x.shape[-1] - 1, x, 0)

    compiled = jit(function)
    return lambda *arrays: jax.tree.map(cut, compiled(*arrays))


@pytest.mark.parametrize("name", ["sum in rows", "Winograd's convolution", "losses of lanes"])
def test_a_wrong_compiler_is_found(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(canaries.jax, "jit", last_left_out)
    told = run(name)
    assert told is not None
    assert told.startswith("is wrong in ")


@pytest.mark.parametrize(
    ("name", "place", "function"),
    [
        ("batch norm", "layers.stateless_batch_norm", lambda *_: lambda x: x),
        ("density of a mixture", "Ring.log_prob", lambda _, x: jnp.zeros(len(x))),
        ("permutation", "permute", lambda _, n, positions: jnp.asarray(positions, jnp.int32)),
    ],
)
def test_a_wrong_function_is_found(
    name: str, place: str, function: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(f"gan_cli.canaries.{place}", function)
    told = run(name)
    assert told is not None
    assert told.startswith("is wrong in ")


def test_a_program_that_raises_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken() -> Compared:
        raise RuntimeError("no such instruction\nand more")

    monkeypatch.setitem(CANARIES, "counts", broken)
    assert run("counts") == "failed with RuntimeError: no such instruction"
