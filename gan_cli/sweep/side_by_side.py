"""Members side by side: each is the ordinary program of a run, on a device and a thread of its own.

A small network cannot keep two cores busy, so two members on two cores do nearly twice the steps of
one. A member's numbers are those of the run by itself, to the bit.
"""

import logging
import queue
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager

import jax

from gan_cli.interrupts import TRAINING, Interrupted, StopRequest
from gan_cli.logs.board import Board
from gan_cli.sweep.home import SweepMoved
from gan_cli.sweep.members import Member, train_alone


def train_side_by_side(
    members: Mapping[int, Member],
    devices: Sequence[jax.Device],
    board: Board,
    stop: StopRequest,
    before_each: Callable[[], None] = lambda: None,
) -> None:
    """Trains members, as many at once as there are devices; how each ended is in its summary.

    A device takes the next member when it has done with one. A member that diverges, or that
    cannot go on, does not hold up the others.

    Args:
        members: the members by their number.
        devices: where to train.
        board: shows the progress.
        stop: whether the user asked to stop.
        before_each: called before a member begins; raises SweepMoved if none may begin.

    Raises:
        Interrupted: after the state of every member that had begun was saved.
    """
    waiting: queue.SimpleQueue[tuple[int, Member]] = queue.SimpleQueue()
    for item in members.items():
        waiting.put(item)
    workers = [
        threading.Thread(
            name=f"{TRAINING} {place}",
            target=_work,
            args=(device, waiting, board, stop, before_each),
            daemon=True,
        )
        for place, device in enumerate(devices[: len(members)])
    ]
    with closing(board), _all_logs_open():
        for worker in workers:
            worker.start()
        for worker in workers:
            worker.join()
    stop.obey()


def _work(
    device: jax.Device,
    waiting: "queue.SimpleQueue[tuple[int, Member]]",
    board: Board,
    stop: StopRequest,
    before_each: Callable[[], None],
) -> None:
    """Trains one member after another on a device, until none is waiting."""
    while not stop():
        try:
            before_each()
        except SweepMoved:  # which the thread that waits for this one finds out, too
            return
        try:
            number, member = waiting.get_nowait()
        except queue.Empty:
            return
        there = member._replace(prepared=member.prepared._replace(device=device))
        try:
            train_alone(there, board.member(number), stop)
        except Interrupted:  # its state is saved, and the thread that waits for this one ends all
            return


@contextmanager
def _all_logs_open() -> Iterator[None]:
    """Keeps the level at which runs log, which the first of them to end would take back."""
    package = logging.getLogger("gan_cli")
    before = package.level
    package.setLevel(logging.INFO)
    try:
        yield
    finally:
        package.setLevel(before)
