"""Lanes that do not fit in the memory are refused, with the number of those that do."""

import re
from collections.abc import Callable

import pytest

from gan_cli.errors import UsageError
from gan_cli.preflight import lanes, memory, room
from gan_cli.prepared import Prepared
from gan_cli.sweep import groups
from gan_cli.sweep.groups import Group, divide

Make = Callable[..., Prepared]


def told(error: UsageError) -> int:
    """The number of lanes that an error says would fit."""
    found = re.search(r"Set hydra\.launcher\.max_lanes=(\d+)\.$", str(error))
    assert found is not None, error
    return int(found[1])


def test_the_most_lanes_that_fit_are_named(make: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of a program that takes 150 bytes a lane, and 100 where there are fewer than 30 of them."""
    members, tried = [make()] * 40, []

    def take(prepared: Prepared, group: Group) -> int:
        tried.append(group.lanes)
        return (150 if group.lanes >= 30 else 100) * group.lanes

    monkeypatch.setattr(groups, "memory", take)
    monkeypatch.setattr(room, "memory", lambda device: 2000)
    with pytest.raises(UsageError, match=r"^40 lanes of one program take about ") as refused:
        lanes.planned(members, divide(members, "vmap", 40))
    assert told(refused.value) == 13
    assert tried == [40, 13]
    tried.clear()
    divided = [Group([0], 1, None), *divide(members, "vmap", 13)]
    assert lanes.planned(members, divided) == [0, 1000, 1000, 1000, 1000]
    assert tried == [10], "one program serves all of them"
    monkeypatch.setattr(room, "memory", lambda device: 99)
    with pytest.raises(UsageError, match="Set a smaller batch_size, or choose smaller networks"):
        lanes.planned(members, divided)


@pytest.mark.slow
def test_they_do_fit_by_the_plan_of_the_compiler(
    make: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    members = [make(dataset={"name": "digits"})] * 40
    one = groups.memory(members[0], Group([0], 1, "vmap"))
    data = memory.stored(members[0])
    free = data + 10 * (one - data)
    monkeypatch.setattr(room, "memory", lambda device: free)
    with pytest.raises(UsageError) as refused:
        lanes.planned(members, divide(members, "vmap", 40))
    fitting = told(refused.value)
    assert 5 <= fitting < 20
    needed = groups.memory(members[0], Group([], fitting, "vmap"))
    assert needed <= free < 2 * needed - data


def test_what_is_sure_not_to_fit_is_refused_uncompiled(
    make: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    members = [make()] * 40
    divided = divide(members, "vmap", 40)
    a_lane = memory.least(members[0]).total
    monkeypatch.setattr(groups, "memory", None)
    monkeypatch.setattr(room, "memory", lambda device: 40 * a_lane)
    lanes.refuse_hopeless(members, divided)
    monkeypatch.setattr(room, "memory", lambda device: 40 * a_lane - 1)
    with pytest.raises(UsageError, match=r"^40 lanes of one program take at least ") as refused:
        lanes.refuse_hopeless(members, divided)
    assert told(refused.value) == 39
    monkeypatch.setattr(room, "memory", lambda device: a_lane - 1)
    with pytest.raises(UsageError, match="Set a smaller batch_size, or choose smaller networks"):
        lanes.refuse_hopeless(members, divided)
    monkeypatch.setattr(room, "memory", lambda device: None)
    lanes.refuse_hopeless(members, divided)


def test_lanes_spread_over_accelerators_have_a_memory_each(
    make: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Accelerator:
        platform = "gpu"

    four = [Accelerator()] * 4
    for module in (lanes, groups):
        monkeypatch.setattr(module, "peers", lambda prepared: four)
    one = make()
    a_lane = memory.least(one).total
    members = [one._replace(device=four[0])] * 40  # type: ignore[arg-type]
    monkeypatch.setattr(room, "memory", lambda device: 10 * a_lane)
    lanes.refuse_hopeless(members, divide(members, "spread", 40))
    monkeypatch.setattr(room, "memory", lambda device: 10 * a_lane - 1)
    with pytest.raises(UsageError, match=r" of memory on each device, and ") as refused:
        lanes.refuse_hopeless(members, divide(members, "spread", 40))
    assert told(refused.value) == 36
