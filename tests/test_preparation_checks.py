"""Parts of an experiment that do not fit one another are refused."""

from pathlib import Path

import numpy as np
import pytest

from gan_cli import config
from gan_cli.errors import UsageError
from gan_cli.preparation_checks import check_shares
from tests.test_prepared import DIGITS, ready
from tests.values import MLP, SMALL


@pytest.mark.parametrize(
    ("packing", "count", "message"),
    [
        (1, 3, "3 devices cannot share its examples evenly. Choose batch_size=6 or 9."),
        (2, 8, "8 devices cannot share its packs of 2 evenly. Choose batch_size=16."),
        (1, 4, None),
        (2, 1, None),
    ],
)
def test_every_device_gets_as_many_examples(packing: int, count: int, message: str | None) -> None:
    experiment = config.load(SMALL | {"architecture": MLP | {"packing": packing}})
    if message is None:
        check_shares(experiment, count)
        return
    with pytest.raises(UsageError) as error:
        check_shares(experiment, count)
    assert str(error.value) == f"batch_size=8: {message}"


def test_a_slope_at_one_example_is_refused_where_d_mixes_them(tmp_path: Path) -> None:
    normalised = {"architecture": SMALL["architecture"] | {"discriminator_batch_norm": True}}
    dcgan = {"architecture": {"name": "dcgan"}, **DIGITS}
    r1 = {"regularizer": {"instance_noise": {"name": "instance_noise"}, "r1": {"name": "r1"}}}
    ready(**normalised)
    ready(**dcgan, **r1)  # one convolution, so there is no batch norm in D
    for more, choice in (
        (r1, "regularizer=r1"),
        ({"objective": {"name": "wgan_gp"}}, "objective=wgan_gp"),
    ):
        ready(**more)
        with pytest.raises(UsageError) as refused:
            ready(**normalised, **more)
        assert str(refused.value) == (
            f"{choice}: it needs the slope of D at a single example, and with batch norm D's "
            "output for an example depends on the whole minibatch. "
            "Set architecture.discriminator_batch_norm=false."
        )
    np.save(tmp_path / "images.npy", np.zeros((64, 16, 16, 1), np.uint8))
    images = {"dataset": {"name": "array", "path": str(tmp_path / "images.npy")}}
    with pytest.raises(
        UsageError, match=r"or choose architecture=mlp, which has none by default\.$"
    ):
        ready(**dcgan | images, **r1)


def test_a_regularizer_that_does_not_fit_the_objective_is_refused() -> None:
    smoothing = {"regularizer": {"label_smoothing": {"name": "label_smoothing"}}}
    ready(**smoothing)
    with pytest.raises(UsageError, match=r"^regularizer=label_smoothing: it changes the labels"):
        ready(**smoothing, objective={"name": "hinge"})
