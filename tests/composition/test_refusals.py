"""Refused overrides: the one that is wrong is blamed, in one line, with the nearest choice."""

from pathlib import Path

import pytest
from hydra._internal.hydra import Hydra
from hydra.core.override_parser.overrides_parser import OverridesParser
from omegaconf import DictConfig

from gan_cli.composition import compose
from gan_cli.composition.parsing import parse
from gan_cli.composition.refusals import check_finite, refusal, unparsable
from gan_cli.errors import UsageError


def refused(program: Hydra, *lines: str, error: Exception | None = None) -> tuple[str, int]:
    """What `refusal` says, and how many configurations it composed for it."""
    composed: list[list[str]] = []

    def attempt(some: list[str]) -> DictConfig:
        composed.append(list(some))
        return program.compose_config("config", list(some), compose.RunMode.RUN)

    parsed = OverridesParser.create(config_loader=program.config_loader).parse_overrides(
        list(lines)
    )
    found = refusal(program.config_loader, parsed, attempt, error or ValueError("unknown"))
    assert isinstance(found, UsageError)
    assert "\n" not in str(found)
    return str(found), len(composed)


def test_the_first_override_that_does_not_compose_is_blamed(program: Hydra) -> None:
    said, composed = refused(program, "k=5", "kk=1", "objective.nothing=2")
    assert said == "kk: no such setting. Did you mean 'k'?"
    assert composed == 3, "nothing after the wrong one is composed"


def test_a_choice_is_applied_before_values_as_hydra_does(program: Hydra) -> None:
    said, _ = refused(program, "objective.clip=0.1", "objective=wgann")
    assert said.startswith("objective=wgann: no such objective. Did you mean 'wgan'? Valid: ")
    said, _ = refused(program, "objective.clip=0.1", "objective.target=1", "objective=wgan")
    assert said == (
        "objective.target: no such setting. It is a setting of objective=least_squares. "
        "Valid: objective.clip."
    )


def test_where_each_override_composes_the_error_itself_is_told(program: Hydra) -> None:
    text = "Too many\n    full_key: k\n    object_type=dict."
    said, _ = refused(program, "k=5", error=ValueError(text))
    assert said == "Too many."
    said, _ = refused(program, error=AssertionError())
    assert said == "AssertionError."


@pytest.mark.parametrize(
    ("line", "text"),
    [
        ("k.x=1", "k.x: no such setting. k is a single value."),
        (
            "objective.nothing=1",
            "objective.nothing: no such setting. What is chosen as objective has none.",
        ),
        (
            "optimizer@optimizer=sgd",
            "optimizer@optimizer=sgd: a choice is written without @: optimizer=sgd",
        ),
        (
            "optimizer@optimizer.generator=sgd",
            "optimizer@optimizer.generator=sgd: a choice is written without @: "
            "optimizer/generator=sgd",
        ),
        (
            "~regularizer.r1",
            "~regularizer.r1: regularizer.r1 was not chosen by name. "
            "regularizer=[NAME,...] chooses others, regularizer=[] none.",
        ),
        ("+k=3", "+k=3: k is there already. Leave out the +."),
        ("+objective=wgan", "+objective=wgan: objective is there already. Leave out the +."),
        (
            "optimizer/both=adam",
            "optimizer/both: no such group. Did you mean 'optimizer/generator'? "
            "Valid: optimizer/discriminator, optimizer/generator.",
        ),
        (
            "checkpoints.evry=1",
            "checkpoints.evry: no such setting. Did you mean 'checkpoints.every'? "
            "Valid: checkpoints.best, checkpoints.every, checkpoints.keep.",
        ),
    ],
)
def test_why_one_override_does_not_compose(line: str, text: str, program: Hydra) -> None:
    assert refused(program, line)[0] == text


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


@pytest.mark.parametrize(
    ("text", "end"),
    [
        ("# @package _global_\ndefaults:\n  - override /objective: wgn\n", "wgan, wgan_gp."),
    ],
)
def test_a_mistake_in_a_file_is_told_in_one_line(text: str, end: str, tmp_path: Path) -> None:
    (tmp_path / "experiment").mkdir()
    (tmp_path / "experiment" / "mine.yaml").write_text(text)
    with compose.hydra(tmp_path) as own, pytest.raises(UsageError) as error:
        compose.compose(own, ["experiment=mine"])
    assert str(error.value).startswith("experiment=mine: ")
    assert str(error.value).endswith(end)
    assert "\n" not in str(error.value)
