"""What a run logs is known before it begins, and a setting names one of it."""

from typing import Any

import pytest

from gan_cli import config, tags
from gan_cli.errors import UsageError
from gan_cli.theory import live
from tests.values import SMALL

DIGITS = {"dataset": {"name": "digits"}}


def checked(**changes: Any) -> tuple[str, ...]:
    experiment = config.load(SMALL | changes)
    tags.check(experiment)
    return tags.of_scalars(experiment)


def test_the_optimized_metric_is_one_that_is_logged() -> None:
    for tag in ("loss/generator", "divergence/jensen_shannon", "speed/steps_per_second"):
        assert tag in checked(optimized_metric=tag)
    with pytest.raises(UsageError) as error:
        checked(optimized_metric="truth/kl")
    assert str(error.value).startswith("optimized_metric=truth/kl: no such scalar. ")
    assert "truth/" not in str(error.value).partition("Valid: ")[2]


def test_the_metrics_of_the_known_density_come_with_theory_every() -> None:
    [tag, *_] = live.tags(config.load(SMALL).recipe)
    with pytest.raises(UsageError, match="no such scalar"):
        checked(optimized_metric=tag)
    assert tag in checked(optimized_metric=tag, theory_every=100, log_every=100)


def test_an_unknown_density_cannot_be_compared_with() -> None:
    with pytest.raises(UsageError) as error:
        checked(**DIGITS, theory_every=100, log_every=100)
    assert str(error.value) == (
        "theory_every: the density of dataset 'digits' is not known. "
        "Choose dataset=gaussian, ring or grid, or theory_every=0."
    )
