"""Refused overrides: the one that is wrong is blamed, in one line, with the nearest choice."""

from pathlib import Path

import pytest
from hydra._internal.hydra import Hydra
from hydra.core.override_parser.overrides_parser import OverridesParser
from omegaconf import DictConfig

from gan_cli.composition import compose
from gan_cli.composition.refusals import refusal
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
