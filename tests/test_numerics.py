"""What is recorded beside a run's configuration, and what a resume says of differences."""

import json
import os
import subprocess
import sys
from importlib import metadata

import jax
import pytest

from gan_cli.numerics import differences, numerics

SAME = {"jax": "0.10.1", "jaxlib": "0.10.1", "x64": False, "XLA_FLAGS": ""}
END = "from those of a run that was not interrupted."


def test_the_facts() -> None:
    found = numerics(jax.devices("cpu")[0])
    assert json.loads(json.dumps(found)) == found
    assert found["jax"] == metadata.version("jax")
    assert found["jaxlib"] == metadata.version("jaxlib")
    assert (found["backend"], found["x64"], found["prng"]) == ("cpu", False, "threefry2x32")
    assert os.uname().machine in str(found["machine"])
    assert numerics() == numerics(jax.devices()[0])


@pytest.mark.parametrize(
    ("variable", "value", "fact", "recorded"),
    [
        ("JAX_ENABLE_X64", "1", "x64", True),
        ("JAX_DEFAULT_PRNG_IMPL", "rbg", "prng", "rbg"),
        ("JAX_THREEFRY_PARTITIONABLE", "0", "threefry_partitionable", False),
        ("JAX_DEFAULT_MATMUL_PRECISION", "highest", "matmul_precision", "highest"),
        ("JAX_DISABLE_MOST_OPTIMIZATIONS", "1", "optimizations", False),
        (
            "XLA_FLAGS",
            "--xla_cpu_enable_fast_math=true  --xla_backend_optimization_level=1",
            "XLA_FLAGS",
            "--xla_backend_optimization_level=1 --xla_cpu_enable_fast_math=true",
        ),
    ],
)
def test_what_the_environment_changes_is_recorded(
    variable: str, value: str, fact: str, recorded: str | bool
) -> None:
    program = "import json; from gan_cli.numerics import numerics; print(json.dumps(numerics()))"
    done = subprocess.run(
        [sys.executable, "-c", program],
        env=os.environ | {variable: value},
        capture_output=True,
        text=True,
    )
    found = json.loads(done.stdout)
    here = numerics()
    assert found[fact] == recorded
    assert here[fact] != recorded
    told = differences(here, found)
    assert told is not None
    assert fact in told


def test_nothing_is_said_where_nothing_differs() -> None:
    assert differences(SAME, dict(SAME)) is None


def test_an_older_run_that_recorded_less_is_no_difference() -> None:
    assert differences({}, SAME) is None
    assert differences({"jax": "0.10.1"}, SAME) is None
    assert differences(SAME, {"jax": "0.10.1"}) is None


def test_another_jax() -> None:
    assert differences(SAME, SAME | {"jax": "0.12.0", "jaxlib": "0.12.0"}) == (
        "This run was started with jax 0.10.1, jaxlib 0.10.1 and is resumed with jax 0.12.0, "
        f"jaxlib 0.12.0: its numbers may differ in the last bits {END}"
    )


def test_other_flags() -> None:
    assert differences(SAME | {"XLA_FLAGS": "--xla_x=1"}, SAME) == (
        "This run was started with XLA_FLAGS --xla_x=1 and is resumed with XLA_FLAGS not set: "
        f"its numbers may differ in the last bits {END}"
    )


def test_what_changes_the_random_numbers_is_said_to_change_the_run() -> None:
    assert differences(SAME, SAME | {"x64": True}) == (
        "This run was started with x64 off and is resumed with x64 on: "
        f"its numbers will differ {END}"
    )
