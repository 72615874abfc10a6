"""Composition: what overrides make, and every mistake in one clear sentence."""

import dataclasses
import pickle
from collections import Counter

import pytest
from hydra._internal.config_repository import ConfigRepository
from hydra.core.global_hydra import GlobalHydra
from hydra.plugins.config_source import ConfigResult
from omegaconf import OmegaConf

from gan_cli import config
from gan_cli.composition import compose, origins
from gan_cli.config import Experiment
from gan_cli.errors import UsageError
from gan_cli.tuned import configuration


def choices(group, *more):
    """The names of a group's files, in the order of a message and of a sweep."""
    files = (compose.conf_directory() / group).glob("*.yaml")
    return sorted([*(path.stem for path in files), *more])


def valid(names):
    return f"Valid: {', '.join(names)}."


ROOTS = valid(sorted({field.name for field in dataclasses.fields(Experiment)} | {"experiment"}))
PLAYERS = valid(
    [
        *("optimizer.b1", "optimizer.b2", "optimizer.discriminator", "optimizer.eps"),
        *("optimizer.generator", "optimizer.learning_rate"),
        *(f"optimizer.schedule.{name}" for name in ("end", "kind", "rate", "steps")),
    ]
)
GROUPS = valid(
    sorted(
        path.name
        for path in compose.conf_directory().iterdir()
        if path.is_dir() and path.name != "hydra"
    )
)
OBJECTIVES = valid(choices("objective"))
OPTIMIZERS = valid(choices("optimizer"))
SEVERAL = "several values need -m (one run each); a list is written in brackets, a text in quotes."


@pytest.fixture(scope="module")
def program():
    with compose.hydra() as made:
        yield made


def words(refused):
    assert refused.value.status == 2
    return str(refused.value)


def text_of(program, *overrides):
    with pytest.raises(UsageError) as refused:
        compose.compose(program, overrides)
    return words(refused)


def sweep_text_of(program, *overrides):
    with pytest.raises(UsageError) as refused:
        compose.read(program, overrides, multirun=True)
    return words(refused)


def test_overrides_are_composed_over_the_defaults(program):
    plain = compose.compose(program, [])
    made = compose.compose(
        program,
        ["optimizer.generator.b1=0.9", "objective.clip=0.5", "objective=wgan", "k=3", "k=5"],
    )
    assert (plain.objective.name, plain.k) == ("non_saturating", 1)
    assert (made.objective.name, made.objective.clip, made.k) == ("wgan", 0.5, 5)
    assert (made.optimizer.generator.b1, made.optimizer.discriminator.b1) == (0.9, 0.5)


def test_each_player_can_have_an_optimizer_of_its_own(program):
    both = compose.compose(program, ["optimizer=rmsprop"]).optimizer
    one = compose.compose(program, ["optimizer/discriminator=sgd"]).optimizer
    assert (both.generator.name, both.discriminator.name) == ("rmsprop", "rmsprop")
    assert (one.generator.name, one.discriminator.name) == ("adam", "sgd")


def rates(config):
    return config.optimizer.generator.learning_rate, config.optimizer.discriminator.learning_rate


def test_a_setting_of_both_players_has_one_key(program):
    both = compose.compose(program, ["optimizer.learning_rate=0.5", "optimizer.schedule.end=0.25"])
    assert rates(both) == (0.5, 0.5)
    assert both.optimizer.discriminator.schedule.end == 0.25
    assert both.hydra.overrides.task == [
        "optimizer.learning_rate=0.5",
        "optimizer.schedule.end=0.25",
    ]
    later = ["optimizer.learning_rate=0.5", "optimizer.generator.learning_rate=0.1"]
    assert rates(compose.compose(program, later)) == (0.1, 0.5)
    over = ["experiment=gulrajani2017_ring", "optimizer.learning_rate=0.5"]
    assert rates(compose.compose(program, over)) == (0.5, 0.5)


def test_a_setting_of_both_players_is_swept_as_one_and_auto_is_the_tables(program):
    lines = ["dataset=grid", "optimizer.learning_rate=auto,0.5"]
    made = compose.read(program, lines, multirun=True).members
    assert [member.overrides for member in made] == [
        ["optimizer.learning_rate=auto"],
        ["optimizer.learning_rate=0.5"],
    ]
    assert rates(made[0].config) == rates(compose.compose(program, ["dataset=grid"]))
    assert rates(made[0].config)[0] != rates(made[0].config)[1]
    assert rates(made[1].config) == (0.5, 0.5)


def test_a_file_sets_both_players_by_one_key_too(tmp_path):
    files = {
        "experiment/mine.yaml": (
            "# @package _global_\noptimizer:\n  learning_rate: 0.5\n  schedule: {end: 0.25}\n"
            "  generator: {learning_rate: 0.1}\n"
        ),
        "experiment/wrong.yaml": "# @package _global_\noptimizer: {learning_rate: -1}\n",
        "optimizer/fast.yaml": "defaults: [generator: sgd, discriminator: sgd]\nmomentum: 0.7\n",
    }
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text)
    with compose.hydra(tmp_path) as program:
        made = compose.compose(program, ["experiment=mine"]).optimizer
        assert (made.generator.learning_rate, made.discriminator.learning_rate) == (0.1, 0.5)
        assert made.generator.schedule.end == made.discriminator.schedule.end == 0.25
        fast = compose.compose(program, ["optimizer=fast"])
        assert fast.optimizer.generator.momentum == fast.optimizer.discriminator.momentum == 0.7
        wrong = compose.compose(program, ["experiment=wrong"])
        file = tmp_path / "experiment" / "wrong.yaml"
        key = "optimizer.generator.learning_rate"
        assert origins.origin(wrong, key) == f"{file}, line 2"


def test_hydra_is_let_go_of():
    with compose.hydra():
        assert GlobalHydra.instance().is_initialized()
    assert not GlobalHydra.instance().is_initialized()


@pytest.mark.parametrize(
    ("overrides", "text"),
    [
        ("kk=3", "kk: no such setting. Did you mean 'k'?"),
        ("k=3 sed=4 zzz=1", "sed: no such setting. Did you mean 'seed'?"),
        ("~kk", "kk: no such setting. Did you mean 'k'?"),
        (
            "checkpoints.evry=3",
            "checkpoints.evry: no such setting. Did you mean 'checkpoints.every'? "
            "Valid: checkpoints.best, checkpoints.every, checkpoints.keep.",
        ),
        (
            "optimizer.generatr.learning_rate=1",
            "optimizer.generatr: no such setting. Did you mean 'optimizer.generator'? " + PLAYERS,
        ),
        (
            "optimizer.generator.lr=1",
            "optimizer.generator.lr: no such setting. Did you mean "
            "'optimizer.generator.learning_rate'? Valid: optimizer.generator.b1, "
            "optimizer.generator.b2, optimizer.generator.eps, optimizer.generator.learning_rate, "
            "optimizer.generator.schedule.",
        ),
        (
            "optimizer.lr=1",
            f"optimizer.lr: no such setting. Did you mean 'optimizer.learning_rate'? {PLAYERS}",
        ),
        ("lr=1", "lr: no such setting. Did you mean 'optimizer.learning_rate'?"),
        (
            "generator.lr=1",
            "generator: no such setting. Did you mean 'optimizer.generator.learning_rate'?",
        ),
        ("nz=8", "nz: no such setting. Did you mean 'architecture.latent'?"),
        (
            "widths=[8]",
            "widths: no such setting. Did you mean 'architecture.generator_widths' or "
            "'architecture.discriminator_widths'?",
        ),
        (
            "path=x",
            "path: no such setting. Did you mean 'dataset.path', a setting of dataset=array and "
            "dataset=images?",
        ),
        (
            "dataset.path=x",
            "dataset.path: no such setting. It is a setting of dataset=array and dataset=images. "
            "Valid: none.",
        ),
        (
            "optimizer/discriminator=sgd optimizer.b1=0",
            "optimizer.b1: optimizer.discriminator has no such setting. Valid: "
            "optimizer.discriminator.learning_rate, optimizer.discriminator.momentum, "
            "optimizer.discriminator.momentum_schedule, optimizer.discriminator.schedule.",
        ),
        (
            "experiment.k=3",
            "experiment.k: an experiment has no settings of its own; k=5 changes one of its.",
        ),
        ("hydra.run=x", "hydra.run=x: hydra.run is a group of settings. Valid: hydra.run.dir."),
        (
            "hydra.launcher=vmap",
            "hydra.launcher=vmap: a choice is written with a slash: hydra/launcher=vmap.",
        ),
        (
            "objective.clip=1 objective=wgan_gp",
            "objective.clip: no such setting. It is a setting of objective=mmd and objective=wgan. "
            "Valid: objective.penalty.",
        ),
        ("gpu=true", "gpu: no such setting. device=gpu trains on a GPU."),
        (
            "optimizer.betas=[0,1]",
            "optimizer.betas: no such setting. Each has a key of its own: optimizer.b1 and "
            f"optimizer.b2. {PLAYERS}",
        ),
        (
            "image_size=64",
            "image_size: no such setting. Did you mean 'dataset.size', a setting of "
            "dataset=fashion_mnist, dataset=images, dataset=mnist and dataset=stacked_mnist?",
        ),
        (
            "momentum=.9",
            "momentum: no such setting. Did you mean 'optimizer.momentum', a setting of "
            "optimizer=sgd?",
        ),
        ("wgan=true", "wgan: no such setting. Did you mean 'objective=wgan'?"),
        (
            "lr_scheduler=cosine",
            "lr_scheduler: no such setting. Did you mean 'optimizer.schedule.kind'?",
        ),
        ("log_dir=x", "log_dir: no such setting. Did you mean 'hydra.run.dir'?"),
        (
            "hidden_dim=8",
            "hidden_dim: no such setting. Did you mean 'architecture.generator_widths' or "
            "'architecture.discriminator_widths'?",
        ),
        ("zzz=1", f"zzz: no such setting. {ROOTS}"),
        ("k.foo=3", "k.foo: no such setting. k is a single value."),
        (
            "hydra.run.dri=3",
            "hydra.run.dri: no such setting. Did you mean 'hydra.run.dir'? Valid: hydra.run.dir.",
        ),
    ],
)
def test_a_key_that_no_configuration_has(program, overrides, text):
    assert text_of(program, *overrides.split()) == text


@pytest.mark.parametrize(
    ("override", "text"),
    [
        ("objective=wgn", f"objective=wgn: no such objective. Did you mean 'wgan'? {OBJECTIVES}"),
        ("objective=", f"objective=: no such objective. {OBJECTIVES}"),
        (
            "regularizer=none",
            "regularizer=none: no such regularizer. For none at all: regularizer=[]. "
            + valid(choices("regularizer")),
        ),
        ("dataset=", f"dataset=: no such dataset. {valid(choices('dataset'))}"),
        (
            "dataset=cifar10",
            "dataset=cifar10: no such dataset. Your own copy: dataset=images dataset.path=FOLDER "
            f"or dataset=array dataset.path=FILE. {valid(choices('dataset'))}",
        ),
        ("objective=null", f"objective=null: no such objective. {OBJECTIVES}"),
        ("objective=3", f"objective=3: no such objective. {OBJECTIVES}"),
        ("objective=a/b", f"objective=a/b: no such objective. {OBJECTIVES}"),
        (
            "objective=[wgan,hing]",
            f"objective=[wgan,hing]: no such objective. Did you mean 'hinge'? {OBJECTIVES}",
        ),
        (
            "+objective=wgn",
            f"+objective=wgn: no such objective. Did you mean 'wgan'? {OBJECTIVES}",
        ),
        ("optimizer=adm", f"optimizer=adm: no such optimizer. Did you mean 'adam'? {OPTIMIZERS}"),
        (
            "optimizer/generator=adm",
            "optimizer/generator=adm: no such optimizer/generator. Did you mean 'adam'? "
            + OPTIMIZERS,
        ),
        (
            "hydra/launcher=zzz",
            "hydra/launcher=zzz: no such hydra/launcher. Valid: ",
        ),
        (
            "optimizer/generatr=adam",
            "optimizer/generatr: no such group. Did you mean 'optimizer/generator'? "
            "Valid: optimizer/discriminator, optimizer/generator.",
        ),
        (
            "foo/bar=1",
            f"foo/bar: no such group. {GROUPS}",
        ),
    ],
)
def test_a_choice_or_a_group_that_there_is_not(program, override, text):
    found = text_of(program, override)
    assert found.startswith(text) if text.endswith(": ") else found == text


def test_an_experiment_that_there_is_not(program):
    known = valid(choices("experiment"))
    assert text_of(program, "experiment=zzz") == (
        "experiment=zzz: no such experiment. One of your own needs --config-dir DIR, with "
        f"experiment/zzz.yaml in DIR. {known}"
    )
    near = text_of(program, "experiment=goodfelow2014_mnist")
    assert near == (
        "experiment=goodfelow2014_mnist: no such experiment. "
        f"Did you mean 'goodfellow2014_mnist'? {known}"
    )


@pytest.mark.parametrize("line", ["z", "=3", ""])
def test_what_is_not_an_override(program, line):
    text = f"{line!r} is not an override: write key=value, such as k=5 or dataset=mnist."
    assert text_of(program, "k=2", line) == text


@pytest.mark.parametrize(
    ("lines", "meant"),
    [
        (("steps", "20"), "steps=20"),
        (("objective", "wgan"), "objective=wgan"),
        (("objective",), "objective=VALUE"),
        (("lr", "1e-3"), "optimizer.learning_rate=1e-3"),
    ],
)
def test_a_setting_without_an_equals_sign(program, lines, meant):
    text = text_of(program, *lines, "k=2")
    assert text.startswith(f"{' '.join(lines)!r} is not an override: ")
    assert text.endswith(f" Did you mean '{meant}'?")


def test_a_space_after_a_comma(program):
    text = "objective=minimax, wgan,hinge: write it without spaces: objective=minimax,wgan,hinge"
    assert sweep_text_of(program, "objective=minimax,", "wgan,hinge", "k=5") == text


def test_a_comma_in_a_number_and_a_list_for_a_word_of_other_programs(program):
    text = "steps=12,000: a number is written without commas: steps=12000"
    assert text_of(program, "steps=12,000") == text
    assert text_of(program, "betas=0,.9") == (
        "betas: no such setting. Each has a key of its own: optimizer.b1 and optimizer.b2."
    )


@pytest.mark.parametrize("line", ["objective=ring", "architecture=ring"])
def test_a_choice_of_another_group(program, line):
    group = line.partition("=")[0]
    start = f"{line}: no such {group}. Did you mean 'dataset=ring'? Valid: "
    assert text_of(program, line).startswith(start)


@pytest.mark.parametrize("lines", [("steps", "=", "20"), ("steps=", "20"), ("steps", "=20")])
def test_spaces_around_the_equals_sign(program, lines):
    text = f"{' '.join(lines)}: write it without spaces: steps=20"
    assert text_of(program, "k=2", *lines, "seed=1") == text


@pytest.mark.parametrize("line", ["@=3", "--k=3", "-k=3", "a..b=3", "照片=3"])
def test_what_is_not_a_key(program, line):
    key = line.partition("=")[0]
    assert text_of(program, line).startswith(f"{line}: '{key}' cannot be the name of a setting.")


@pytest.mark.parametrize(
    "line",
    [
        "k=1,2",
        "k=range(1,3)",
        "k=choice(1,2)",
        "k=interval(0,1)",
        "objective=wgan,hinge",
        "objective=glob(*)",
        "architecture.generator_widths=128,128",
    ],
)
def test_several_values_for_one_run(program, line):
    assert text_of(program, "seed=1", line) == f"{line}: {SEVERAL}"


@pytest.mark.parametrize(
    ("line", "text"),
    [
        ("+k=3", "+k=3: k is there already. Leave out the +."),
        ("+objective=wgan", "+objective=wgan: objective is there already. Leave out the +."),
        ("~k=7", "~k=7: Could not delete from config. The value of 'k' is 1 and not 7."),
        (
            "~objective=wgan",
            "~objective=wgan: Could not delete 'objective=wgan'. No match in the defaults list.",
        ),
        (
            "steps=${foo}",
            "steps=${foo}: steps refers to 'foo', and there is no such setting.",
        ),
        (
            "k=${lr}",
            "k=${lr}: k refers to 'lr', and there is no such setting. Did you mean "
            "'optimizer.generator.learning_rate'?",
        ),
        (
            "optimizer.learning_rate=${foo}",
            "optimizer.learning_rate=${foo}: optimizer.generator.learning_rate refers to 'foo', "
            "and there is no such setting.",
        ),
        ("steps=???", "steps=???: steps has no value; ??? stands for one that is missing."),
        (
            "hydra.run.dir=${now}",
            "hydra.run.dir=${now}: hydra.run.dir refers to 'now', and there is no such setting. "
            "A function has a colon, as in ${now:...}.",
        ),
        (
            "hydra.mode=FOO",
            "hydra.mode=FOO: hydra.mode is not a choice. Valid: RUN, MULTIRUN.",
        ),
        (
            "optimizer.generator={rate:3}",
            "optimizer.generator={rate:3}: there is no setting 'rate' in it. Did you mean "
            "'optimizer.generator.schedule.rate'?",
        ),
        (
            "objective@x=wgan",
            "objective@x=wgan: Could not override 'objective@x'. Did you mean to override "
            "objective? To append to your default list use +objective@x=wgan.",
        ),
    ],
)
def test_what_hydra_refuses_otherwise(program, line, text):
    assert text_of(program, line) == text


def test_deleting_leaves_the_default_of_the_component(program):
    assert "k" not in compose.compose(program, ["~k"])
    assert "objective" not in compose.compose(program, ["~objective"])
    assert (
        "learning_rate"
        not in compose.compose(program, ["~optimizer.generator.learning_rate"]).optimizer.generator
    )


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
    command = compose.read(program, overrides, multirun=False)
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
    found = compose.read(program, overrides, multirun=True).members
    assert [member.overrides for member in found] == members


def test_every_member_is_composed(program):
    found = compose.read(
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
    members = compose.read(program, overrides, multirun=True).members
    assert [OmegaConf.select(member.config, key) for member in members] == [found, found]


def test_a_setting_that_one_of_the_swept_choices_lacks(program):
    with pytest.raises(UsageError) as refused:
        compose.read(program, ["objective=wgan,minimax", "objective.clip=.1"], multirun=True)
    assert words(refused) == (
        "member 1 (objective=minimax): objective.clip: no such setting. "
        "It is a setting of objective=mmd and objective=wgan. Valid: none."
    )


def test_what_was_typed_is_kept_where_the_table_chose_a_penalty(program):
    line = "regularizer.r1.weight=.5"
    made = compose.compose(program, ["dataset=ring", line])
    assert line in made.hydra.overrides.task
    assert made.regularizer.r1.weight == 0.5


def test_a_member_is_named_by_what_it_changes():
    assert compose.name_member(3, ["k=1", "seed=2"]) == "member 3 (k=1 seed=2)"
    assert compose.name_member(0, []) == "member 0 (no overrides)"


@pytest.fixture
def mine(tmp_path):
    """A directory of the user's own configuration files."""
    files = {
        "objective/loose.yaml": "name: wgan\nclip: 0.5\n",
        "objective/wgan.yaml": "name: wgan\nclip: 0.7\n",
        "experiment/swept.yaml": (
            "# @package _global_\nk: 4\nhydra:\n  sweeper:\n    params:\n      seed: 5,6\n"
        ),
        "experiment/wrong.yaml": "# @package _global_\ndefaults:\n  - override /objective: wgn\n",
        "experiment/broken.yaml": "k: [1\n",
        "experiment/typo.yaml": "# @package _global_\nhydra:\n  sweeper:\n    params: {k: '1,['}\n",
    }
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text)
    return tmp_path


def test_files_of_ones_own_come_beside_the_packages(mine):
    with compose.hydra(mine) as program:
        assert compose.compose(program, ["objective=loose"]).objective.clip == 0.5
        assert compose.compose(program, ["objective=wgan"]).objective.clip == 0.01
        assert text_of(program, "objective=loos") == (
            "objective=loos: no such objective. Did you mean 'loose'? "
            + valid(choices("objective", "loose"))
        )


def test_a_file_may_hold_a_sweep(mine):
    with compose.hydra(mine) as program:
        found = compose.read(
            program, ["experiment=swept", "objective=wgan,loose"], multirun=True
        ).members
        assert [member.overrides for member in found] == [
            ["seed=5", "objective=wgan"],
            ["seed=5", "objective=loose"],
            ["seed=6", "objective=wgan"],
            ["seed=6", "objective=loose"],
        ]
        assert [(m.config.k, m.config.seed) for m in found] == [(4, 5), (4, 5), (4, 6), (4, 6)]
        found = compose.read(program, ["experiment=swept", "seed=9"], multirun=True).members
        assert [member.config.seed for member in found] == [9]


def test_a_mistake_in_a_file_is_told_with_the_override_that_took_it(mine):
    with compose.hydra(mine) as program:
        assert text_of(program, "k=3", "experiment=wrong") == (
            "experiment=wrong: it chooses objective=wgn, and there is no such objective. "
            "Did you mean 'wgan'? " + valid(choices("objective", "loose"))
        )
        text = text_of(program, "k=3", "experiment=broken")
        assert text.startswith("experiment=broken: while parsing a flow sequence")
        assert str(mine / "experiment" / "broken.yaml") in text
        assert sweep_text_of(program, "experiment=typo") == (
            "k=1,[: the value cannot be read. A text belongs in quotes."
        )


def test_a_directory_that_there_is_not(tmp_path):
    with pytest.raises(UsageError) as refused, compose.hydra(tmp_path / "none"):
        pass
    assert words(refused) == f"--config-dir {tmp_path / 'none'}: no such directory."


@pytest.fixture
def table(tmp_path):
    """A table of the user's own that chooses by data set, objective and k."""
    (tmp_path / "tuned.yaml").write_text(
        "- set: {batch_size: 64}\n"
        "- for: {dataset: ring_pacgan}\n"
        "  set:\n"
        "    architecture.latent: 8\n"
        "    optimizer.generator.learning_rate: 1.0e-3\n"
        "    optimizer.generator.b1: 0.0\n"
        "- for: {dataset: ring_pacgan, objective: wgan, k: 5}\n"
        "  set: {optimizer.generator.learning_rate: 1.0e-4}\n"
    )
    return tmp_path


def rate(config):
    return config.optimizer.generator.learning_rate


def test_what_suits_the_choice_replaces_auto(table):
    with compose.hydra(table) as program:
        made = compose.compose(program, ["dataset=ring_pacgan", "architecture=maxout"])
        assert (made.architecture.latent, rate(made), made.batch_size) == (8, 0.001, 64)
        assert configuration.told(made) == (
            "batch size 64, latent 8, generator learning rate 0.001, generator b1 0 "
            f"({table}/tuned.yaml, rows 1 and 2)"
        )
        assert (
            rate(compose.compose(program, ["dataset=ring_pacgan", "objective=wgan", "k=5"]))
            == 0.0001
        )
        assert compose.compose(program, ["dataset=ring"]).batch_size == 64


def test_every_override_wins(table):
    lines = ["dataset=ring_pacgan", "architecture.latent=2", "batch_size=32"]
    with compose.hydra(table) as program:
        made = compose.compose(program, [*lines, "optimizer=sgd"])
        assert (made.architecture.latent, made.batch_size) == (2, 32)
        assert "b1" not in made.optimizer.generator
        assert configuration.told(made) == (
            f"generator learning rate 0.001 ({table}/tuned.yaml, row 2), left out b1"
        )
        kept = compose.compose(program, [*lines, "experiment=mnist_dcgan", "dataset=ring_pacgan"])
        assert (rate(kept), kept.steps) == (0.0002, 4000)


def test_a_reference_to_what_is_chosen(table):
    line = "optimizer.discriminator.learning_rate=${optimizer.generator.learning_rate}"
    with compose.hydra(table) as program:
        made = compose.compose(program, ["dataset=ring_pacgan", line, "k=${oc.decode:'5'}"])
        assert made.optimizer.discriminator.learning_rate == rate(made) == 0.001
        made = compose.compose(
            program, ["dataset=ring_pacgan", "objective=wgan", "k=${oc.decode:'5'}"]
        )
        assert rate(made) == 0.0001


def test_each_member_gets_what_suits_it(table):
    lines = ["dataset=ring_pacgan", "objective=minimax,wgan", "k=5"]
    swept = "optimizer.generator.learning_rate=auto,0.5"
    with compose.hydra(table) as program:
        command = compose.read(program, [*lines, swept], multirun=True)
        assert [rate(member.config) for member in command.members] == [0.001, 0.5, 0.0001, 0.5]
        assert command.base is not None
        assert rate(command.base) == "auto"


def test_another_process_chooses_the_same(table):
    with compose.hydra(table) as program:
        command = compose.read(program, ["dataset=ring_pacgan", "seed=1,2"], multirun=True)
        there = pickle.loads(pickle.dumps(program.config_loader))
        assert there.members == {}
        again = there.load_sweep_config(command.base, ["dataset=ring_pacgan", "seed=2"])
        assert compose.plain(again) == compose.plain(command.members[1].config)
        assert configuration.told(again) == configuration.told(command.members[1].config)


@pytest.mark.parametrize(
    ("line", "name"),
    [
        ("", "mlp"),
        ("dataset=mnist", "dcgan"),
        ("architecture=auto dataset=mnist", "dcgan"),
        ("dataset=mnist architecture.filters=64", "dcgan"),
        ("dataset=mnist objective=wgan_gp architecture.filters=8", "dcgan"),
        ("dataset=mnist architecture=mlp architecture.generator_widths=[8]", "mlp"),
        ("objective=wgan_gp architecture=dcgan", "dcgan"),
        ("experiment=gulrajani2017_ring dataset=mnist", "mlp"),
    ],
)
def test_the_architecture_suits_where_nobody_chose_one(program, line, name):
    made = compose.compose(program, line.split())
    assert made.architecture.name == made.hydra.runtime.choices.architecture == name
    assert made.hydra.overrides.task == line.split()


@pytest.fixture
def networks(tmp_path):
    """A table and an experiment of the user's own, by which networks are chosen."""
    (tmp_path / "tuned.yaml").write_text(
        "- for: {dataset: digits, k: 5}\n  set: {architecture: maxout}\n"
    )
    (tmp_path / "experiment").mkdir()
    head = "# @package _global_\ndefaults:\n  - override /dataset: mnist\n"
    chosen = "  - override /architecture: mlp\narchitecture: {generator_widths: [8]}\n"
    (tmp_path / "experiment" / "open.yaml").write_text(f"{head}architecture: {{filters: 8}}\n")
    (tmp_path / "experiment" / "chosen.yaml").write_text(head + chosen)
    return tmp_path


def test_an_architecture_that_only_the_whole_configuration_tells(networks):
    """Its settings are those of another one than the names in the overrides make likely."""
    five = "k=${oc.decode:'5'}"
    with compose.hydra(networks) as program:
        made = compose.compose(program, [five, "architecture.pieces=3"])
        assert (made.architecture.name, made.architecture.pieces) == ("maxout", 3)
        assert configuration.told(made) == (f"architecture maxout ({networks}/tuned.yaml, row 1)")
        assert compose.compose(program, ["k=5", "dataset=mnist"]).architecture.name == "dcgan"
        for name, expected in {"open": "dcgan", "chosen": "mlp"}.items():
            made = compose.compose(program, [f"experiment={name}"])
            assert made.architecture.name == expected
            config.load(compose.plain(made))


def test_each_member_gets_the_architecture_that_suits_it(program):
    swept, own = "dataset=mnist,fashion_mnist", "architecture.filters=8"
    command = compose.read(program, [own, swept], multirun=True)
    assert [each.config.architecture.filters for each in command.members] == [8, 8]
    assert command.base is not None
    assert command.base.hydra.overrides.task == [own, swept]
    command = compose.read(program, ["dataset=ring,mnist"], multirun=True)
    assert [each.config.architecture.name for each in command.members] == ["mlp", "dcgan"]
    assert sweep_text_of(program, own, "dataset=mnist,ring").startswith(
        "member 1 (dataset=ring): architecture.filters: no such setting. "
    )


def test_an_architecture_that_there_is_not_in_a_table(tmp_path):
    (tmp_path / "tuned.yaml").write_text("- set: {architecture: dcgann}\n")
    with pytest.raises(UsageError) as refused, compose.hydra(tmp_path):
        pass
    known = [name for name in choices("architecture") if name != "auto"]
    assert words(refused) == (
        f"{tmp_path}/tuned.yaml, row 1: architecture=dcgann: no such architecture. "
        f"Did you mean 'dcgan'? {valid(known)}"
    )


def test_a_mistake_in_a_table_of_ones_own(tmp_path):
    (tmp_path / "tuned.yaml").write_text("- sett: {}\n")
    with pytest.raises(UsageError) as refused, compose.hydra(tmp_path):
        pass
    assert words(refused) == (
        f"{tmp_path}/tuned.yaml, row 1: a row has no part 'sett'. "
        "Did you mean 'set'? Valid: for, leave_out, set."
    )


def test_a_sweep_reads_each_file_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """However many members there are."""
    read: Counter[str] = Counter()
    load = ConfigRepository.load_config

    def counted(files: ConfigRepository, config_path: str) -> ConfigResult | None:
        read[config_path] += 1
        return load(files, config_path)

    monkeypatch.setattr(ConfigRepository, "load_config", counted)
    with compose.hydra() as program:
        found = compose.read(program, ["dataset=ring", "seed=range(3)"], multirun=True)
    assert [member.config.seed for member in found.members] == [0, 1, 2]
    assert set(read.values()) == {1}
