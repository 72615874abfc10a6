"""What `load` and a trained generator take, and in which words they refuse anything else."""

from collections.abc import Callable
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from gan_cli import arguments
from gan_cli.errors import UsageError
from gan_cli.training.random import Purpose, key_for


@pytest.mark.parametrize("step", [10, np.int64(10), np.uint8(10), jnp.int32(10), "10"])
def test_a_step_is_named_by_any_whole_number(step: Any) -> None:
    found = arguments.checkpoint(step)
    assert (found, type(found)) == (10, int)


def test_the_best_and_the_newest_checkpoint_are_named() -> None:
    assert (arguments.checkpoint("best"), arguments.checkpoint(None)) == ("best", None)


@pytest.mark.parametrize("wrong", ["newest", 10.0, True, "", [10]])
def test_what_is_no_step_is_refused(wrong: Any) -> None:
    with pytest.raises(UsageError) as refused:
        arguments.checkpoint(wrong)
    assert str(refused.value) == (
        f"checkpoint={wrong!r}: must be the step of a checkpoint, 'best', or None for the newest."
    )


def test_a_key_is_taken_as_it_is_and_a_seed_makes_that_of_the_command_line() -> None:
    for key in (jax.random.key(5), jax.random.PRNGKey(5)):
        assert arguments.key(key) is key
    for seed in (3, np.uint32(3), jnp.int32(3)):
        assert arguments.key(seed) == key_for(3, Purpose.SAMPLES)


@pytest.mark.parametrize(
    "given", [[[1.0, 2.0]], np.zeros(3, bool), jnp.ones(2, jnp.bfloat16), np.float64(2)]
)
def test_real_numbers_of_any_kind_are_taken(given: Any) -> None:
    np.testing.assert_array_equal(arguments.numbers("latents", given), np.asarray(given))


def test_modules_are_named_one_alone_or_several() -> None:
    assert arguments.names("mine") == ["mine"]
    assert arguments.names(("a", "b")) == arguments.names(iter("ab")) == ["a", "b"]


@pytest.mark.parametrize(
    ("use", "text"),
    [
        (lambda: arguments.key(jax.random.split(jax.random.key(0))), "key: must be one key, not 2"),
        (lambda: arguments.key(jnp.float32(3)), "key=Array(3., dtype=float32): must be a whole "),
        (lambda: arguments.key(True), "key=True: must be a whole number."),
        (lambda: arguments.numbers("latents", [[1.0, 2.0], [3.0]]), "latents: must be an array of"),
        (lambda: arguments.numbers("latents", [[1j]]), "latents of complex128: must be floating-"),
        (lambda: arguments.numbers("latents", [None]), "latents of object: must be floating-point"),
        (lambda: arguments.numbers("latents", jax.random.key(0)), "latents of key<fry>: must be "),
        (
            lambda: arguments.names(5),
            "imports=5: must be names of modules, such as ['my_networks']",
        ),
        (lambda: arguments.names(None), "imports=None: must be names of modules, such as "),
        (lambda: arguments.names([pytest]), "imports=[<module 'pytest' from "),
    ],
)
def test_what_is_of_another_kind_is_refused_in_a_sentence(
    use: Callable[[], object], text: str
) -> None:
    with pytest.raises(UsageError) as refused:
        use()
    assert str(refused.value).startswith(text)
