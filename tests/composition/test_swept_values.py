"""Swept values that cannot be listed are refused."""

import pytest
from hydra._internal.hydra import Hydra
from hydra.core.override_parser.overrides_parser import OverridesParser

from gan_cli.composition.swept_values import check_finite
from gan_cli.errors import UsageError


def finite(program: Hydra, *lines: str) -> None:
    parser = OverridesParser.create(config_loader=program.config_loader)
    check_finite(program.config_loader, parser.parse_overrides(list(lines)))


def test_swept_values_can_be_listed(program: Hydra) -> None:
    finite(program, "k=1,2", "seed=range(0,3)", "objective=glob(*)", "steps=5")
    with pytest.raises(UsageError) as error:
        finite(program, "k=1,2", "objective=glob(zzz*)")
    assert str(error.value).startswith("objective=glob(zzz*): matches nothing. Valid: cramer, ")
    with pytest.raises(UsageError) as error:
        finite(program, "seed=range(3,3)")
    assert str(error.value) == "seed=range(3,3): matches nothing."
    with pytest.raises(UsageError) as error:
        finite(program, "objective.clip=interval(0,1)")
    assert str(error.value) == (
        "objective.clip=interval(0,1): needs a sweeper that searches. Without one, list the "
        "values: objective.clip=1,2 or objective.clip=range(1,3)."
    )
