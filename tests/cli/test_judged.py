"""What `gan evaluate` says of samples that a data set cannot judge as it is named."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from gan_cli.cli import judged
from gan_cli.datasets.mnist import Mnist
from gan_cli.errors import UsageError


def test_what_lacks_for_samples_of_another_program_is_told(
    gan: Callable[..., Any], empty: Path
) -> None:
    (empty / "pics").mkdir()
    for i in range(20):
        Image.new("L", (8, 8), i).save(empty / "pics" / f"{i}.png")
    noise = np.random.default_rng(0).uniform(-1, 1, (200, 16, 16, 1))
    np.savez("s.npz", samples=noise.astype(np.float32))
    words = ("evaluate", "s.npz", "--dataset", "images", "dataset.path=pics", "--metric", "mmd")
    assert gan(*words) == (
        2,
        "",
        "gan: dataset=images keeps no examples by which samples are judged. dataset.validation=2 "
        "dataset.test=2 on this command line set some of them aside.\n",
    )
    kept = ("dataset.validation=2", "dataset.test=2")
    status, _, err = gan(*words, *kept)
    assert (status, err) == (
        2,
        "gan: The samples are images of 16 x 16 pixels, and those of dataset=images of 32 x 32. "
        "Write dataset.size=16\n",
    )
    status, out, err = gan(*words, *kept, "dataset.size=16")
    assert (status, "judged by dataset=images" in out) == (0, True), err


def test_a_size_is_named_that_the_data_set_can_have() -> None:
    judged._check_size(np.zeros((2, 16, 16, 1)), Mnist())
    with pytest.raises(UsageError, match=r"Write dataset\.size=32$"):
        judged._check_size(np.zeros((2, 32, 32, 1)), Mnist())
