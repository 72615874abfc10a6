"""The device that was asked for, or a sentence that says which there are."""

import jax
import pytest

from gan_cli.errors import UsageError
from gan_cli.training import devices


def test_a_device_that_is_there_is_chosen() -> None:
    assert devices.choose("auto") == jax.devices()[0]
    assert devices.choose("cpu").platform == "cpu"


def test_a_device_that_is_not_there_is_told() -> None:
    found = ", ".join(sorted({device.platform for device in jax.devices()}))
    with pytest.raises(UsageError) as error:
        devices.choose("tpu")
    assert str(error.value) == (
        f"device=tpu: JAX finds none here, only {found}. "
        "Use device=auto, or install JAX for that device."
    )
