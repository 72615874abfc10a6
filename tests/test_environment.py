"""Variables that JAX or XLA cannot use end in one sentence, and never in the end of the process."""

import os
import subprocess
import sys

import jax
import pytest

from gan_cli import environment
from gan_cli.errors import UsageError
from gan_cli.training import devices


def refused(monkeypatch: pytest.MonkeyPatch, name: str, value: str) -> str:
    """What is said of a variable before JAX is asked for its devices."""
    monkeypatch.setenv(name, value)
    with pytest.raises(UsageError) as error:
        devices.started()
    return str(error.value)


@pytest.mark.parametrize("value", ["0", "-1", "two", ""])
def test_a_number_of_devices_that_is_none(value: str, monkeypatch: pytest.MonkeyPatch) -> None:
    expected = f"JAX_NUM_CPU_DEVICES={value}: must be a whole number, at least 1."
    assert refused(monkeypatch, "JAX_NUM_CPU_DEVICES", value) == expected


def test_flags_for_which_xla_would_end_the_process(monkeypatch: pytest.MonkeyPatch) -> None:
    told = refused(monkeypatch, "XLA_FLAGS", "--xla_cpu_enable_fast_math=false --nonsense")
    assert told == (
        "XLA_FLAGS=--xla_cpu_enable_fast_math=false --nonsense: XLA cannot read it: "
        "Unknown flag in XLA_FLAGS: --nonsense. Mend it or unset it."
    )
    assert refused(monkeypatch, "XLA_FLAGS", "a_file").endswith("Mend it or unset it.")
    monkeypatch.setenv("XLA_FLAGS", "--xla_cpu_enable_fast_math=false")
    environment.check()


@pytest.mark.parametrize(
    ("raised", "reason"),
    [
        (AssertionError(), "no device of this kind was found"),
        (
            RuntimeError(
                "Unable to initialize backend 'tpu': INTERNAL: Failed to open libtpu.so. "
                "(set JAX_PLATFORMS='' to automatically choose an available backend)"
            ),
            "INTERNAL: Failed to open libtpu.so",
        ),
    ],
)
def test_a_platform_that_is_not_here(
    raised: Exception, reason: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def failing(*_: object) -> None:
        raise raised

    monkeypatch.setattr(jax, "devices", failing)
    assert refused(monkeypatch, "JAX_PLATFORMS", "tpu") == (
        f"JAX_PLATFORMS=tpu: JAX does not start with it: {reason}. "
        "Unset it, or set JAX_PLATFORMS=cpu."
    )
    assert refused(monkeypatch, "JAX_PLATFORMS", "") == (
        f"JAX does not start here: {reason}. 'gan doctor' tells more."
    )


@pytest.mark.parametrize(
    ("variable", "value"), [("JAX_NUM_CPU_DEVICES", "foo"), ("JAX_ENABLE_X64", "maybe")]
)
def test_what_jax_refuses_while_it_is_imported(variable: str, value: str) -> None:
    """The words are those of JAX itself, so it is JAX that is asked."""
    done = subprocess.run(
        [sys.executable, "-m", "gan_cli", "describe", "dataset=ring"],
        env=os.environ | {variable: value},
        capture_output=True,
        text=True,
        check=False,
    )
    told = f"gan: {variable}={value}: JAX knows no such value. Mend it or unset it.\n"
    assert (done.returncode, done.stdout, done.stderr) == (2, "", told)


def test_other_errors_are_none_of_the_environments() -> None:
    assert environment.refusal(ValueError("k")) is None
    assert environment.refusal(TypeError("JAX flag jax_enable_x64")) is None
