import pytest

from gan_cli.datasets.array import Array
from gan_cli.datasets.digits import Digits
from gan_cli.datasets.partition import keeping, part
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
        "so none is left to train on. dataset.validation=1 dataset.test=1 suit them."
    )
    with pytest.raises(UsageError, match=r"9 examples, so none is left to train on\.$"):
        part("test", 9, 4, 6)


@pytest.mark.parametrize(
    ("count", "own", "said"),
    [
        (150, (0, 0), "dataset.validation=15 dataset.test=15 keeps some, and leaves 120 to train"),
        (150, (40, 0), "dataset.validation=40 dataset.test=15 keeps some, and leaves 95 to train"),
        (60_000, (0, 0), "dataset.validation=1000 dataset.test=1000 keeps some, and leaves 58,000"),
        (9, (0, 0), "Its 9 examples are too few to set some aside."),
    ],
)
def test_what_keeps_examples_to_judge_by(count: int, own: tuple[int, int], said: str) -> None:
    data = Array(path="x.npy", validation=own[0], test=own[1])
    told = keeping(data, count - sum(own))
    assert said in told
    assert ("batch_size=120 or less" in told) == ("leaves 120" in said)


def test_a_data_set_of_ones_own_gives_its_splits_itself() -> None:
    assert keeping(Digits(), 9) == "Its split('validation') and split('test') must give some."
