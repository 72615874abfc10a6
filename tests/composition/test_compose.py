"""Composition: what overrides make, and every mistake in one clear sentence."""

import pytest
from hydra.core.global_hydra import GlobalHydra

from gan_cli.composition import compose, origins, requested
from gan_cli.errors import UsageError
from tests.refused import choices, sweep_text_of, text_of, valid, words

SEVERAL = "several values need -m (one run each); a list is written in brackets, a text in quotes."


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
    made = requested.read(program, lines, multirun=True).members
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


def test_a_comma_in_a_number_and_a_list_for_a_word_of_other_programs(program):
    text = "steps=12,000: a number is written without commas: steps=12000"
    assert text_of(program, "steps=12,000") == text
    assert text_of(program, "betas=0,.9") == (
        "betas: no such setting. Each has a key of its own: optimizer.b1 and optimizer.b2."
    )


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
        "regularizer=glob(*)",
        "architecture.generator_widths=128,128",
    ],
)
def test_several_values_for_one_run(program, line):
    assert text_of(program, "seed=1", line) == f"{line}: {SEVERAL}"


@pytest.mark.parametrize(
    ("line", "meant"),
    [
        ("optimizer.learning_rate=0,001", "optimizer.learning_rate=0.001"),
        ("optimizer.generator.b1=-0,5", "optimizer.generator.b1=-0.5"),
        ("ema=0,99", "ema=0.99"),
    ],
)
def test_a_decimal_comma(program, line, meant):
    assert text_of(program, line) == f"{line}: {SEVERAL} With a decimal point: {meant}"


def test_several_of_a_group_of_which_a_run_may_have_several(program):
    assert text_of(program, "regularizer=r1,r2") == (
        "regularizer=r1,r2: one run with all of them is regularizer=[r1,r2], "
        "and a run with each of them is -m regularizer=r1,r2"
    )


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
        ("objective@x=wgan", "objective@x=wgan: a choice is written without @: objective=wgan"),
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


def test_what_was_typed_is_kept_where_the_table_chose_a_penalty(program):
    line = "regularizer.r1.weight=.5"
    made = compose.compose(program, ["dataset=ring", line])
    assert line in made.hydra.overrides.task
    assert made.regularizer.r1.weight == 0.5


@pytest.fixture
def mine(tmp_path):
    """A directory of the user's own configuration files."""
    files = {
        "objective/loose.yaml": "name: wgan\nclip: 0.5\n",
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
        assert text_of(program, "objective=loos") == (
            "objective=loos: no such objective. Did you mean 'loose'? "
            + valid(choices("objective", "loose"))
        )


def test_a_file_may_hold_a_sweep(mine):
    with compose.hydra(mine) as program:
        found = requested.read(
            program, ["experiment=swept", "objective=wgan,loose"], multirun=True
        ).members
        assert [member.overrides for member in found] == [
            ["seed=5", "objective=wgan"],
            ["seed=5", "objective=loose"],
            ["seed=6", "objective=wgan"],
            ["seed=6", "objective=loose"],
        ]
        assert [(m.config.k, m.config.seed) for m in found] == [(4, 5), (4, 5), (4, 6), (4, 6)]
        found = requested.read(program, ["experiment=swept", "seed=9"], multirun=True).members
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
    link = tmp_path / "link"
    link.symlink_to("none")
    with pytest.raises(UsageError) as refused, compose.hydra(link):
        pass
    assert words(refused) == f"--config-dir {link}: it is a link to none, which is not there."


def test_a_directory_of_the_users_own_that_cannot_be_read(tmp_path, monkeypatch):
    monkeypatch.setattr("os.access", lambda path, mode: path != tmp_path)
    with pytest.raises(UsageError) as refused, compose.hydra(tmp_path):
        pass
    assert words(refused) == f"--config-dir {tmp_path}: it cannot be read: Permission denied."


def test_a_file_in_the_place_of_a_directory(tmp_path):
    (tmp_path / "experiment").mkdir()
    own = [tmp_path / "experiment" / "mine.yaml", tmp_path / "mine.yaml"]
    told = []
    for file in own:
        file.touch()
        with pytest.raises(UsageError) as refused, compose.hydra(file):
            pass
        told.append(words(refused))
    assert told == [
        f"--config-dir {own[0]}: it is a file. Write --config-dir {tmp_path} experiment=mine",
        f"--config-dir {own[1]}: it is a file. Write --config-dir DIR experiment=NAME",
    ]
