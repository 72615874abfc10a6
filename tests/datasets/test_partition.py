import pytest

from gan_cli.datasets.partition import part
from gan_cli.errors import UsageError


def test_train_comes_first_and_the_test_last():
    assert part("train", 10, 2, 3) == slice(0, 5)
    assert part("validation", 10, 2, 3) == slice(5, 7)
    assert part("test", 10, 2, 3) == slice(7, 10)


@pytest.mark.parametrize("name", ["validation", "test"])
def test_a_split_for_which_nothing_was_set_aside_is_empty(name):
    assert len(range(10)[part(name, 10, 0, 0)]) == 0


def test_something_must_be_left_to_train_on():
    with pytest.raises(UsageError) as caught:
        part("test", 10, 4, 6)
    assert str(caught.value) == (
        "dataset.validation=4 and dataset.test=6: there are 10 examples, "
        "so none is left to train on."
    )
