"""Choices that are written as if they were settings are refused with how they are written."""

import pytest

from gan_cli.composition import compose
from tests.refused import sweep_text_of, text_of


@pytest.mark.parametrize(
    ("override", "right"),
    [
        ("objective.name=wgan", "objective=wgan"),
        ("+objective.name=wgan", "objective=wgan"),
        ("objective={name:wgan}", "objective=wgan"),
        ("objective.name=null", "objective=NAME"),
        ("dataset={name:grid,side:4}", "dataset=grid dataset.side=4"),
        ("optimizer.name=sgd", "optimizer=sgd"),
        ("optimizer.generator=sgd", "optimizer/generator=sgd"),
        ("optimizer.generator.name=sgd", "optimizer/generator=sgd"),
        (
            "optimizer={generator:{name:sgd,learning_rate:1e-1}}",
            "optimizer/generator=sgd optimizer.generator.learning_rate=0.1",
        ),
        (
            "architecture={name:mlp,generator_widths:[8,8]}",
            "architecture=mlp architecture.generator_widths=[8,8]",
        ),
        ("regularizer.r1.name=r2", "regularizer=[r2]"),
        ("metric.x.name=fid", "metric=[fid]"),
    ],
)
def test_a_choice_as_a_setting(program, override, right):
    assert text_of(program, override) == f"{override}: a choice is written {right}"


@pytest.mark.parametrize(
    ("override", "right"),
    [
        ("objective.name=minimax,wgan", "objective=minimax,wgan"),
        ("optimizer.generator=adam,sgd", "optimizer/generator=adam,sgd"),
    ],
)
def test_swept_choices_as_settings(program, override, right):
    assert sweep_text_of(program, override) == f"{override}: a choice is written {right}"


def test_a_member_with_a_choice_as_a_setting(program):
    told = sweep_text_of(program, "objective={name:wgan},{name:hinge}")
    assert told == (
        "member 0 (objective={name:wgan}): objective={name:wgan}: "
        "a choice is written objective=wgan"
    )


@pytest.mark.parametrize(
    ("group", "names"),
    [
        ("objective", "minimax,wgan"),
        ("dataset", "ring,gaussian"),
        ("optimizer", "adam,sgd"),
        ("optimizer/generator", "adam,sgd"),
        ("experiment", "gulrajani2017_ring,lin2018_grid"),
    ],
)
def test_several_choices_where_there_is_one(program, group, names):
    told = (
        f"{group}=[{names}]: only one {group} can be chosen. "
        f"For a run with each: -m {group}={names}"
    )
    assert text_of(program, f"{group}=[{names}]") == told


def test_what_is_written_as_it_should_be(program):
    lines = ["objective=[wgan]", "regularizer=[r1,r2]", "regularizer.r2.weight=3"]
    own = ["optimizer.generator={learning_rate:1}", "hydra.job.name=mine"]
    config = compose.compose(program, [*lines, *own])
    assert config.objective.name == "wgan"
    assert [*config.regularizer] == ["r1", "r2"]
    assert config.optimizer.generator.learning_rate == 1
    assert config.hydra.job.name == "mine"
