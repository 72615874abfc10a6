"""Texts that are no overrides: what was meant is told."""

import pytest
from hydra._internal.hydra import Hydra

from gan_cli.composition import compose
from gan_cli.composition.parsing import parse
from gan_cli.composition.unreadable import unparsable
from gan_cli.errors import UsageError


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("zzz", ""),
        ("wgan", " Did you mean 'objective=wgan'?"),
        ("MNIST", " Did you mean 'dataset=mnist'?"),
        ("r1", " Did you mean 'regularizer=[r1]'?"),
        ("lr:1e-3", " Did you mean 'optimizer.learning_rate=1e-3'?"),
        ("steps 100", " Did you mean 'steps=100'?"),
        ("points.npy", " Your own data: dataset=array dataset.path='points.npy'"),
    ],
)
def test_a_text_that_is_no_override(text: str, hint: str, program: Hydra) -> None:
    usual = compose.compose(program, [])
    assert str(unparsable(text, program.config_loader, usual)) == (
        f"'{text}' is not an override: write key=value, such as k=5 or dataset=mnist.{hint}"
    )


@pytest.mark.parametrize(
    ("line", "meant"), [("seed=0,1,2,", "seed=0,1,2"), ("k=1,,5", "k=1,5"), ("k=,1", "k=1")]
)
def test_a_comma_without_a_value(line: str, meant: str, program: Hydra) -> None:
    usual = compose.compose(program, [])
    told = "a comma stands between two values, and one here has none beside it."
    assert str(unparsable(line, program.config_loader, usual)) == f"{line}: {told} Write {meant}"


@pytest.mark.parametrize(
    ("lines", "told"),
    [
        (["k=1", "5", "seed=3"], "k=1 5: for a run with each: -m k=1,5"),
        (["seed=3", "k=1", "2", "5"], "k=1 2 5: for a run with each: -m k=1,2,5"),
        (
            ["objective=wgan", "hinge"],
            "objective=wgan hinge: for a run with each: -m objective=wgan,hinge",
        ),
        (["k=1", "hinge"], "'hinge' is not an override: write key=value, such as k=5 or dataset="),
        (["5", "k=1"], "'5' is not an override: write key=value, such as k=5 or dataset=mnist."),
    ],
)
def test_values_that_stand_apart(lines: list[str], told: str, program: Hydra) -> None:
    with pytest.raises(UsageError) as refused:
        parse(program, lines)
    assert str(refused.value).startswith(told)


def test_a_key_that_cannot_be_one(program: Hydra) -> None:
    usual = compose.compose(program, [])
    assert str(unparsable("a..b=3", program.config_loader, usual)) == (
        "a..b=3: 'a..b' cannot be the name of a setting."
    )
    assert str(unparsable("--k=3", program.config_loader, usual)) == (
        "--k=3: '--k' cannot be the name of a setting. Did you mean 'k=3'?"
    )
