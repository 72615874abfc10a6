"""What a table chooses, on plain dictionaries."""

import copy

import pytest

from gan_cli.errors import UsageError
from gan_cli.tuned.choice import Choice, automatic, choose
from gan_cli.tuned.table import Row

ADAM = {"name": "adam", "learning_rate": "auto", "b1": "auto"}
VALUES = {
    "dataset": {"name": "ring", "std": 0.05, "side": 5},
    "architecture": {"name": "mlp", "latent": "auto"},
    "objective": {"name": "minimax"},
    "optimizer": {"generator": ADAM, "discriminator": ADAM},
    "k": 1,
    "device": "auto",
}
SGD = {"name": "sgd", "learning_rate": "auto"}
USUAL = {
    "architecture.latent": 64,
    "optimizer.generator.learning_rate": 2e-4,
    "optimizer.discriminator.learning_rate": 2e-4,
    "optimizer.generator.b1": 0.5,
    "optimizer.discriminator.b1": 0.5,
    "regularizer": {},
}
R1 = {"regularizer": {"r1": {"weight": 0.1}}}
BOTH = "optimizer.{}.learning_rate"


def rows(*particular):
    """A table of what is usual and of rows of (conditions, settings, what is left out)."""
    usual = Row("conf/tuned.yaml", 1, {}, USUAL, [], list(USUAL))
    return [
        usual,
        *(Row("conf/tuned.yaml", number, *row) for number, row in enumerate(particular, 2)),
    ]


def changed(**groups):
    return copy.deepcopy(VALUES) | groups


def chosen(values, *particular, files=None):
    return choose(automatic(values), values, files or {}, rows(*particular))


def setting(key, values, *particular, **files):
    return chosen(values, *particular, **files).settings[key]


LATENT = "architecture.latent"


def test_what_is_automatic():
    values = VALUES | {"regularizer": {"auto": {}}, "metric": {}}
    assert automatic(values) == [
        "architecture.latent",
        "optimizer.generator.learning_rate",
        "optimizer.generator.b1",
        "optimizer.discriminator.learning_rate",
        "optimizer.discriminator.b1",
        "device",
        "regularizer",
    ]


def test_what_is_usual_is_not_told():
    expected = {key: value for key, value in USUAL.items() if key != "regularizer"}
    assert chosen(VALUES) == Choice(expected, "")


def test_another_auto_is_let_alone():
    assert "device" not in chosen(VALUES).settings


@pytest.mark.parametrize(
    ("conditions", "fits"),
    [
        ({"dataset": ["ring"]}, True),
        ({"dataset": ["grid", "ring"], "k": [1, 5]}, True),
        ({"dataset": ["ring"], "k": [5]}, False),
        ({"dataset": ["ring_pacgan"]}, True),
        ({"dataset": ["ring_wgan_gp"]}, False),
        ({"dataset.side": [5]}, True),
        ({"dataset.side": [10]}, False),
        ({"dataset.count": [8]}, False),
        ({"optimizer": ["adam"]}, True),
        ({"optimizer.generator": ["adam"]}, True),
        ({"optimizer.discriminator": ["sgd"]}, False),
        ({"objective": ["wgan"]}, False),
    ],
    ids=str,
)
def test_when_a_row_fits(conditions, fits):
    found = setting(LATENT, VALUES, (conditions, {LATENT: 8}), files={"dataset": "ring_pacgan"})
    assert found == (8 if fits else 64)


@pytest.mark.parametrize(("latent", "steps"), [("auto", 100), (8, 100), (3, 200)])
def test_a_condition_on_an_open_setting_looks_at_what_the_rows_before_set(latent, steps):
    values = changed(architecture={"name": "mlp", "latent": latent}, steps="auto")
    table = [({}, {LATENT: 8, "steps": 200}), ({LATENT: [8]}, {"steps": 100})]
    assert setting("steps", values, *table) == steps
    assert setting("steps", values, table[1], table[0]) == 200


def test_a_row_for_both_optimizers_needs_both():
    mixed = changed(optimizer={"generator": ADAM, "discriminator": SGD})
    row = ({"optimizer": ["adam"]}, {LATENT: 8})
    assert setting(LATENT, mixed, row, files={"optimizer": "adam"}) == 64
    assert setting(LATENT, VALUES, row, files={"optimizer": "adam"}) == 8


def test_the_last_row_that_fits_wins():
    general, particular = ({}, {LATENT: 8}), ({"dataset": ["ring"]}, {LATENT: 2})
    assert setting(LATENT, VALUES, general, particular) == 2
    assert setting(LATENT, VALUES, particular, general) == 8


def test_what_the_user_set_is_not_touched():
    values = changed(architecture={"name": "mlp", "latent": 3})
    found = chosen(values, ({}, {LATENT: 8}))
    assert LATENT not in found.settings
    assert found.told == ""


def test_a_setting_that_the_component_does_not_have_is_left_out_and_named():
    values = changed(optimizer={"generator": SGD, "discriminator": ADAM})
    row = ({"dataset": ["ring"]}, {"optimizer.generator.b1": 0.0, LATENT: 8})
    found = chosen(values, row)
    assert "optimizer.generator.b1" not in found.settings
    assert found.told == "latent 8 (conf/tuned.yaml, row 2), left out b1"


def test_a_component_of_ones_own_gets_what_is_usual():
    values = changed(
        dataset={"name": "mine"}, architecture={"name": "own", "latent": "auto", "depth": 3}
    )
    found = chosen(values, ({"dataset": ["ring"]}, {LATENT: 8}))
    assert (found.settings[LATENT], found.told) == (64, "")


def test_rows_of_ones_own_win_and_are_named():
    own = Row("my_conf/tuned.yaml", 1, {}, {LATENT: 4})
    found = choose(
        automatic(VALUES), VALUES, {}, [*rows(({}, {BOTH.format("generator"): 1.0})), own]
    )
    assert found.settings[LATENT] == 4
    assert found.told == (
        "latent 4, generator learning rate 1 (my_conf/tuned.yaml, row 1; conf/tuned.yaml, row 2)"
    )


AUTOMATIC = changed(regularizer={"auto": {}})


def test_the_components_of_an_automatic_group_are_those_of_the_table():
    assert setting("regularizer", AUTOMATIC) == {}
    found = chosen(AUTOMATIC, ({"dataset": ["ring"]}, R1))
    assert found.settings["regularizer"] == {"r1": {"name": "r1", "weight": 0.1}}
    assert found.told == "r1 weight 0.1 (conf/tuned.yaml, row 2)"


def test_a_later_row_takes_them_away():
    found = chosen(AUTOMATIC, ({}, R1), ({"k": [1]}, {"regularizer": {}}))
    assert (found.settings["regularizer"], found.told) == ({}, "")


@pytest.mark.parametrize("own", [{}, {"r1": {"name": "r1", "weight": 2.0}}], ids=str)
def test_a_group_that_the_user_chose_is_not_touched(own):
    found = chosen(changed(regularizer=own), ({}, R1))
    assert "regularizer" not in found.settings
    assert found.told == ""


def test_no_group_at_all_is_not_touched():
    found = chosen(VALUES, ({}, R1))
    assert "regularizer" not in found.settings
    assert found.told == ""


def test_what_the_user_sets_of_a_component_that_the_table_chooses_wins():
    """Such as regularizer.r1.weight=0.5, of which Hydra knows nothing before the choice."""
    row = ({}, {"regularizer": {"r1": {"weight": 0.1, "every": 16}}})
    values = changed(regularizer={"auto": {}, "r1": {"weight": 0.5}})
    found = chosen(values, row)
    assert found.settings["regularizer"] == {"r1": {"name": "r1", "weight": 0.5, "every": 16}}
    assert found.told == "r1 every 16 (conf/tuned.yaml, row 2)"


def test_a_component_of_the_users_stays_beside_those_of_the_table():
    r2 = {"name": "r2", "weight": 3.0}
    values = changed(regularizer={"auto": {}, "r2": r2})
    assert setting("regularizer", values, ({}, R1)) == {
        "r2": r2,
        "r1": {"name": "r1", "weight": 0.1},
    }


def test_what_does_not_fit_is_left_out_and_named():
    """A component of a group, and a single setting, which is as usual then."""
    two = {"regularizer": {"r1": {"weight": 0.1}, "r2": {}}, LATENT: 8}
    refused = ({"architecture": ["mlp"]}, {}, ["regularizer.r1", LATENT])
    found = chosen(AUTOMATIC, ({}, two), refused)
    assert found.settings["regularizer"] == {"r2": {"name": "r2"}}
    assert found.settings[LATENT] == 64
    assert found.told == "r2 (conf/tuned.yaml, row 2), left out latent and r1"
    elsewhere = ({"architecture": ["dcgan"]}, {}, ["regularizer.r1", LATENT])
    assert "left out" not in chosen(AUTOMATIC, ({}, two), elsewhere).told


def test_nothing_is_left_out_of_what_the_user_set():
    refused = ({}, {}, ["regularizer.r1", LATENT])
    values = changed(architecture={"name": "mlp", "latent": 3}, regularizer={})
    assert chosen(values, ({}, R1 | {LATENT: 8}), refused).told == ""


def test_an_automatic_group_that_no_row_knows():
    with pytest.raises(UsageError) as refused:
        choose(automatic(AUTOMATIC), AUTOMATIC, {}, [])
    assert str(refused.value) == ("regularizer=[auto]: no row of conf/tuned.yaml chooses for it.")


def test_what_was_chosen_leaves_nothing_to_choose():
    found = chosen(AUTOMATIC, ({}, R1))
    values = changed(regularizer=found.settings["regularizer"])
    assert "regularizer" not in automatic(values)


def test_nothing_that_goes_in_is_changed():
    before, table = copy.deepcopy(AUTOMATIC), rows(({}, R1))
    known = copy.deepcopy(table)
    choose(automatic(AUTOMATIC), AUTOMATIC, {}, table)
    assert (before, known) == (AUTOMATIC, table)


def test_a_component_of_which_the_user_sets_all_is_told_by_its_name_alone():
    row = ({}, {"regularizer": {"r1": {"weight": 0.1}, "r2": {"weight": 0.2}}})
    values = changed(regularizer={"auto": {}, "r1": {"weight": 0.5}})
    assert chosen(values, row).told == "r1, r2 weight 0.2 (conf/tuned.yaml, row 2)"


def test_what_the_table_says_of_a_component_that_the_user_chose_is_told():
    values = changed(regularizer={"r1": {"name": "r1", "weight": "auto"}})
    found = chosen(values, ({}, R1))
    weight = R1["regularizer"]["r1"]["weight"]
    assert found.settings["regularizer.r1.weight"] == weight
    assert found.told == f"r1 weight {weight:g} (conf/tuned.yaml, row 2)"


def test_a_single_value_in_the_place_of_a_component():
    with pytest.raises(UsageError) as refused:
        chosen(changed(regularizer={"auto": {}, "r1": 0.5}), ({}, R1))
    assert str(refused.value) == (
        "regularizer.r1=0.5: must be a group of settings, such as regularizer.r1.weight=1."
    )


def test_a_setting_of_a_chosen_penalty_goes_back_to_the_table():
    """As regularizer.r1.weight=auto does, also where the user chose r1 alone."""
    row = ({}, {"regularizer": {"r1": {"weight": 0.1}, "r2": {"weight": 0.2}}})
    both = changed(regularizer={"auto": {}, "r1": {"weight": "auto"}})
    assert chosen(both, row).settings["regularizer"]["r1"] == {"name": "r1", "weight": 0.1}
    one = changed(regularizer={"r1": {"name": "r1", "weight": "auto"}})
    found = chosen(one, row).settings
    assert (found["regularizer.r1.weight"], "regularizer" in found) == (0.1, False)
