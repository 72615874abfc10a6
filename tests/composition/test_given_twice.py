import pytest

from gan_cli.composition.given_twice import changed, once
from gan_cli.errors import UsageError


def refused(*lines, can_sweep=True):
    with pytest.raises(UsageError) as error:
        once(lines, can_sweep=can_sweep)
    return str(error.value)


@pytest.mark.parametrize(
    ("lines", "told"),
    [
        (
            ("objective=minimax", "k=1", "objective=wgan"),
            "objective is given twice, as objective=minimax and objective=wgan. "
            "Give it once. For a run with each: -m objective=minimax,wgan",
        ),
        (
            ("k=1", "k=2", "++k=5"),
            "k is given 3 times, as k=1, k=2 and ++k=5. "
            "Give it once. For a run with each: -m k=1,2,5",
        ),
        (
            ("k=choice(1,5)", "k=2"),
            "k is given twice, as 'k=choice(1,5)' and k=2. "
            "Give it once. For a run with each: -m k=1,5,2",
        ),
        (
            ("seed=range(0,3)", "seed=2"),
            "seed is given twice, as 'seed=range(0,3)' and seed=2. "
            "Give it once. For a run with each: -m seed=0,1,2",
        ),
        (
            ("regularizer=[r1]", "regularizer=[r2]"),
            "regularizer is given twice, as 'regularizer=[r1]' and 'regularizer=[r2]'. "
            "Give it once, such as 'regularizer=[r1,r2]' for all of them. "
            "For a run with each: -m 'regularizer=[r1],[r2]'",
        ),
        (("k=2", "~k"), "k is given twice, as k=2 and '~k'. Give it once."),
        (("k=1", "k=glob(*)"), "k is given twice, as k=1 and 'k=glob(*)'. Give it once."),
        (
            ("hydra.run.dir=a", "hydra.run.dir=b"),
            "hydra.run.dir is given twice, as hydra.run.dir=a and hydra.run.dir=b. Give it once.",
        ),
    ],
)
def test_two_values_of_one_setting_are_refused(lines, told):
    assert refused(*lines) == told


def test_no_sweep_is_suggested_where_there_is_none():
    told = "k is given twice, as k=1 and k=5. Give it once."
    assert refused("k=1", "k=5", can_sweep=False) == told


def test_the_same_twice_counts_once():
    assert once(["k=1", "steps=9", "k=1"], can_sweep=True) == ["k=1", "steps=9"]


@pytest.mark.parametrize(
    "lines",
    [
        ["regularizer=[r1]", "regularizer.r1.weight=3"],
        ["optimizer=sgd", "optimizer.learning_rate=.1"],
        ["steps", "=", "5", "k", "=", "5"],  # which other errors tell of
        ["=5", "=6"],
    ],
)
def test_other_settings_stay(lines):
    assert once(lines, can_sweep=True) == lines


def test_other_values_take_the_place_of_what_was_given():
    assert changed(["steps=9", "k=1"], ["steps=1"]) == ["k=1", "steps=1"]
