"""The runs that a command asks for, each composed once."""

import pytest
from omegaconf import OmegaConf

from gan_cli.composition import requested
from gan_cli.errors import UsageError
from tests.refused import OBJECTIVES, choices, sweep_text_of, words


@pytest.mark.parametrize(
    ("overrides", "members"),
    [
        ([], None),
        (["hydra.mode=RUN"], None),
        (["hydra.mode=MULTIRUN"], 1),
        (["k=1,2", "hydra.mode=MULTIRUN"], 2),
    ],
    ids=str,
)
def test_the_overrides_may_ask_for_a_sweep_themselves(program, overrides, members):
    command = requested.read(program, overrides, multirun=False)
    assert len(command.members) == (members or 1)
    assert (command.base is None) == (members is None)


@pytest.mark.parametrize(
    ("overrides", "members"),
    [
        ([], [[]]),
        (["k=3"], [[]]),
        (["k=1,2"], [["k=1"], ["k=2"]]),
        (["k=range(1,4)"], [["k=1"], ["k=2"], ["k=3"]]),
        (["k=choice(3,1)"], [["k=3"], ["k=1"]]),
        (["k=1,2", "k=3"], [["k=3"]]),
        (["objective=glob(*)"], [[f"objective={name}"] for name in choices("objective")]),
        (["objective=glob(wgan*,exclude=*_gp)"], [["objective=wgan"]]),
        (["architecture.generator_widths=[8],[4,4]"], [
            ["architecture.generator_widths=[8]"], ["architecture.generator_widths=[4,4]"],
        ]),
        (["objective=wgan,hinge", "seed=0", "k=1,2"], [
            ["objective=wgan", "k=1"], ["objective=wgan", "k=2"],
            ["objective=hinge", "k=1"], ["objective=hinge", "k=2"],
        ]),
    ],
    ids=str,
)  # fmt: skip
def test_a_sweep_is_every_combination_and_the_last_key_changes_fastest(program, overrides, members):
    found = requested.read(program, overrides, multirun=True).members
    assert [member.overrides for member in found] == members


def test_every_member_is_composed(program):
    found = requested.read(
        program, ["objective=wgan,hinge", "seed=4", "k=1,2"], multirun=True
    ).members
    values = [(m.config.objective.name, m.config.k, m.config.seed) for m in found]
    assert values == [("wgan", 1, 4), ("wgan", 2, 4), ("hinge", 1, 4), ("hinge", 2, 4)]


@pytest.mark.parametrize(
    ("overrides", "text"),
    [
        (
            ["objective=wgan,hing", "seed=1"],
            "member 1 (objective=hing): objective=hing: no such objective. "
            f"Did you mean 'hinge'? {OBJECTIVES}",
        ),
        (
            ["objective=wgan,null", "k=1,2"],
            f"member 2 (objective=null k=1): objective=null: no such objective. {OBJECTIVES}",
        ),
        (["kk=1,2"], "member 0 (kk=1): kk: no such setting. Did you mean 'k'?"),
        (["k=1,2", "kk=3"], "kk: no such setting. Did you mean 'k'?"),
        (["objective=glob(zz*)"], f"objective=glob(zz*): matches nothing. {OBJECTIVES}"),
        (["k=glob(*)"], "k=glob(*): matches nothing."),
        (
            ["k=interval(1,3)"],
            "k=interval(1,3): needs a sweeper that searches. "
            "Without one, list the values: k=1,2 or k=range(1,3).",
        ),
        (
            ["hydra.verbose=true,false"],
            "hydra.verbose=true,false: Hydra's own settings cannot be swept. A text with commas "
            "belongs in quotes: \"hydra.verbose='true,false'\"",
        ),
    ],
    ids=str,
)
def test_what_is_wrong_with_a_sweep(program, overrides, text):
    assert sweep_text_of(program, *overrides) == text


@pytest.mark.parametrize(
    ("overrides", "key", "found"),
    [
        (["dataset=ring,ring_pacgan", "dataset.std=.1"], "dataset.std", 0.1),
        (["dataset.size=32", "dataset=mnist,fashion_mnist"], "dataset.size", 32),
        (
            ["experiment=gulrajani2017_ring,gulrajani2017_grid", "dataset.std=.1"],
            "dataset.std",
            0.1,
        ),
        (
            ["optimizer/generator=rmsprop", "optimizer.generator.decay=.5", "seed=1,2"],
            "optimizer.generator.decay",
            0.5,
        ),
    ],
)
def test_a_setting_that_only_the_swept_choices_have(program, overrides, key, found):
    members = requested.read(program, overrides, multirun=True).members
    assert [OmegaConf.select(member.config, key) for member in members] == [found, found]


def test_a_setting_that_one_of_the_swept_choices_lacks(program):
    with pytest.raises(UsageError) as refused:
        requested.read(program, ["objective=wgan,minimax", "objective.clip=.1"], multirun=True)
    assert words(refused) == (
        "member 1 (objective=minimax): objective.clip: no such setting. "
        "It is a setting of objective=mmd and objective=wgan."
    )


def test_a_member_is_named_by_what_it_changes():
    assert requested.name_member(3, ["k=1", "seed=2"]) == "member 3 (k=1 seed=2)"
    assert requested.name_member(0, []) == (
        "member 0 (no override has several values, such as k=1,5)"
    )


def test_a_space_after_a_comma(program):
    text = "objective=minimax, wgan,hinge: write it without spaces: objective=minimax,wgan,hinge"
    assert sweep_text_of(program, "objective=minimax,", "wgan,hinge", "k=5") == text
