"""Every metric sees the faults that it must see, and takes held-out real data for perfect."""

import pytest

from gan_cli.component import REGISTRY
from tests.benchmarks.judging import FIRM, Table, judged, moved

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module", params=[("ring", 400), ("digits", 1000)], ids=str)
def table(request: pytest.FixtureRequest) -> Table:
    name, samples = request.param
    return judged(REGISTRY["dataset"][name](), samples, lambda line: None)


@pytest.mark.timeout(900)
@pytest.mark.parametrize("kind", ["blurred", "half", "copies", "near copies", "noise"])
def test_every_number_moves_as_it_must(table: Table, kind: str) -> None:
    wrong = {tag: row[kind] for tag, row in table.items() if not row[kind].as_it_must}
    assert wrong == {}


@pytest.mark.timeout(900)
def test_held_out_real_data_are_as_good_as_perfect(table: Table) -> None:
    apart = {tag: row["real"] for tag, row in table.items() if row["real"].errors >= FIRM}
    assert apart == {}


def test_what_counts_as_a_move() -> None:
    assert moved(4, "worse")
    assert not moved(3.9, "worse")
    assert moved(-4, "better")
    assert not moved(4, "better")
    assert moved(3.9, "not worse")
    assert not moved(4, "not worse")
