import shlex

import pytest

from gan_cli import several


@pytest.mark.parametrize("text", ["1,5", "{1,5}", "(1, 5)", "[1,5]", "1,5,", ",1,,5"])
def test_several_values_are_seen_however_they_are_written(text):
    assert several.values(text) == ["1", "5"]


@pytest.mark.parametrize("text", ["0-3", "0..3", "0...3", "0 - 3"])
def test_whole_numbers_in_a_row_are_all_told(text):
    assert several.values(text) == ["0", "1", "2", "3"]


@pytest.mark.parametrize(
    "text", ["", "5", "3-0", "1e-3", "-3", "mine", "f(1,2)", "0-99999999", "'a,b'"]
)
def test_one_value_is_not_several(text):
    assert several.values(text) == []


def test_a_sweep_can_be_pasted():
    assert several.sweep("k", ["1", "5"]) == "-m k=1,5"
    assert several.sweep("seed", [*map(str, range(100))]) == "-m 'seed=range(0,100)'"
    assert several.sweep("objective", ["wgan", "hinge"]) == "-m objective=wgan,hinge"
    assert shlex.split(several.sweep("regularizer", ["[r1]", "[r2]"]))[1] == "regularizer=[r1],[r2]"


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("0,1,2,", "0,1,2"),
        ("1,,5", "1,5"),
        (",1", "1"),
        ("[64,64,]", "[64,64]"),
        ("[r1],[r2],", "[r1],[r2]"),
        ("1,5", "1,5"),
    ],
)
def test_needless_commas_go(text, meant):
    assert several.without_needless_commas(text) == meant
