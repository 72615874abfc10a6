"""In what way the members of a sweep are trained: side by side, or in groups."""

from collections.abc import Callable, Mapping

import jax

from gan_cli.interrupts import StopRequest
from gan_cli.logs.board import for_standard_output as board
from gan_cli.logs.terminal import for_standard_output
from gan_cli.sweep.groups import divide
from gan_cli.sweep.members import Member, train_group
from gan_cli.sweep.report import announce
from gan_cli.sweep.side_by_side import train_side_by_side

SIDE_BY_SIDE = "side_by_side"


def train_members(
    members: Mapping[int, Member],
    mode: str,
    max_lanes: int,
    cores: int,
    stop: StopRequest,
    before_each: Callable[[], None],
) -> None:
    """Trains members side by side on a CPU, or else in groups that share a program.

    One that divides its minibatches among several devices takes them by itself, in its turn.

    Args:
        members: the members by their number.
        mode: side_by_side, or see `divide`.
        max_lanes: see `divide`.
        cores: how many members train side by side at most; 0 is one on each of JAX's devices.
        stop: whether the user asked to stop.
        before_each: called before members begin; raises SweepMoved if none may begin.

    Raises:
        Interrupted: after the state of every member that had begun was saved.
    """
    where = {(m.prepared.device.platform, m.prepared.layout.size) for m in members.values()}
    if mode == SIDE_BY_SIDE and where <= {("cpu", 1)}:
        devices = jax.local_devices(backend="cpu")[: cores or None]
        train_side_by_side(members, devices, board(), stop, before_each)
        return
    terminal, numbers = for_standard_output(), list(members)
    form = "auto" if mode == SIDE_BY_SIDE else mode
    for group in divide([member.prepared for member in members.values()], form, max_lanes):
        before_each()
        terminal.note(announce(group, numbers))
        train_group([members[numbers[i]] for i in group.numbers], group, terminal, stop)
