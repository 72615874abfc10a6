"""What the processes of a run tell one another: process 0 decides everything, the others follow.

Nobody waits for a process that has ended: who notices it says so and ends too, at once where its
program can, and after some seconds where it waits for a device that will not answer.
"""

import contextlib
import os
import queue
import sys
import threading
import time
from collections.abc import Iterator, Mapping
from typing import Any

from gan_cli.errors import GanError
from gan_cli.hosts.line import Line, Message
from gan_cli.hosts.meeting import Other
from gan_cli.interrupts import StopRequest

GRACE = 20.0
"""How many seconds a process may take to end by itself when another one has ended."""
NOTICED = 3.0
"""Within so many seconds of an error it is known whether another process has ended."""


class Refused(GanError):
    """What another process has refused, with its exit status."""

    def __init__(self, text: str, status: int) -> None:
        super().__init__(text)
        self.status = status


class Leader:
    """Process 0."""

    def __init__(self, others: Mapping[int, Other], stop: StopRequest) -> None:
        """Listens to the others from now on.

        Args:
            others: the connections to them.
            stop: takes the signals that the others get.
        """
        self._others, self._stop = dict(others), stop
        self._ready: queue.Queue[tuple[int, Mapping[str, Any]] | None] = queue.Queue()
        self._lost: GanError | None = None
        self._noticed = threading.Event()
        self._over = threading.Event()
        for number, other in self._others.items():
            threading.Thread(
                target=self._listen, args=(number, other), name=f"process {number}", daemon=True
            ).start()

    def await_ready(self, facts: Mapping[str, Any]) -> None:
        """Waits until all others have made the same experiment ready.

        Args:
            facts: what all have to have alike, by the name of each.

        Raises:
            GanError: naming a process that has refused it or ended, or that has it otherwise.
            Interrupted: when the user ended it.
        """
        waiting = set(self._others)
        while waiting:
            self._stop.obey()
            with contextlib.suppress(queue.Empty):
                told = self._ready.get(timeout=0.2)
                if told is None:
                    assert self._lost is not None
                    raise self._lost
                number, theirs = told
                if apart := [key for key, value in facts.items() if theirs.get(key) != value]:
                    first = apart[0]
                    raise Refused(
                        f"{self._named(number)} has {first}={theirs.get(first)}, and process 0 has "
                        f"{first}={facts[first]}. Start all processes with the same settings and "
                        "data; distributed.processes=1 lets each of them train by itself.",
                        2,
                    )
                waiting.discard(number)

    def order(self, name: str, payload: bytes = b"", **values: Any) -> None:
        """Tells all others what to do next.

        Raises:
            GanError: if one of them is gone.
        """
        for number, other in self._others.items():
            try:
                other.line.send(name, payload, **values)
            except OSError:
                self._lose(self._gone(number))
        if self._lost is not None:
            raise self._lost

    @contextlib.contextmanager
    def blaming(self) -> Iterator[None]:
        """Says of an error that another process has ended, where that is its cause."""
        try:
            yield
        except GanError:
            raise
        except Exception as error:
            if self._noticed.wait(NOTICED) and self._lost is not None:
                raise self._lost from error
            raise

    def dismiss(self, status: int) -> None:
        """Lets the others end with an exit status; from now on nobody is missed."""
        if self._over.is_set():
            return
        self._over.set()
        for other in self._others.values():
            with contextlib.suppress(OSError):
                other.line.send("ended", status=status)

    def _listen(self, number: int, other: Other) -> None:
        while True:
            told = other.line.receive()
            if told is None:
                return self._lose(self._gone(number))
            if told.name == "ready":
                self._ready.put((number, told.values))
            elif told.name == "signal" and not self._stop():
                self._stop.take(int(told.values["number"]))
                os.write(2, self._stop.notice(int(told.values["number"])))
            elif told.name == "refused":
                return self._lose(
                    Refused(
                        f"{self._named(number)} has ended: {told.values['reason']}",
                        int(told.values["status"]),
                    )
                )

    def _named(self, number: int) -> str:
        return f"process {number}, on {self._others[number].host},"

    def _gone(self, number: int) -> GanError:
        return GanError(
            f"{self._named(number)} has ended without a word, so the training cannot go on. "
            "Resume it with all processes."
        )

    def _lose(self, error: GanError) -> None:
        """Notices the end of another process, and ends this one if it cannot end by itself."""
        if self._over.is_set() or self._lost is not None:
            return
        self._lost = error
        self._noticed.set()
        self._ready.put(None)
        threading.Thread(target=self._insist, name="the others' end", daemon=True).start()

    def _insist(self) -> None:
        if not self._over.wait(GRACE):
            lost = self._lost
            assert lost is not None
            self.dismiss(lost.status)
            _end(str(lost), lost.status)


class Follower:
    """Another process than 0, which does what process 0 says, writes nothing, and ends with it."""

    def __init__(self, line: Line, stop: StopRequest) -> None:
        """Listens to process 0 from now on.

        Args:
            line: the connection to it.
            stop: the signals that this process gets are passed on to process 0.
        """
        self._line = line
        self._orders: queue.Queue[Message] = queue.Queue()
        stop.notice = lambda _: b""  # process 0 says it
        stop.passed_on = self._pass_on
        if stop.signal is not None:
            self._pass_on(stop.signal)
        threading.Thread(target=self._listen, name="process 0", daemon=True).start()

    def ready(self, facts: Mapping[str, Any]) -> None:
        """Tells process 0 that the experiment is ready, and what it is known by."""
        self._say("ready", **facts)

    def orders(self) -> Iterator[Message]:
        """What process 0 orders, until it lets this process end.

        Raises:
            SystemExit: with the exit status of process 0.
        """
        while True:
            order = self._orders.get()
            if order.name == "ended":
                raise SystemExit(order.values["status"])
            yield order

    def refuse(self, reason: str, status: int) -> None:
        """Tells process 0 why this process ends."""
        self._say("refused", reason=reason, status=status)

    def _say(self, name: str, **values: Any) -> None:
        with contextlib.suppress(OSError):  # process 0 is gone, which is noticed elsewhere
            self._line.send(name, **values)

    def _pass_on(self, number: int) -> None:
        self._say("signal", number=number)

    def _listen(self) -> None:
        while (order := self._line.receive()) is not None:
            self._orders.put(order)
            if order.name == "ended":
                time.sleep(GRACE)  # which this process needs only where it waits for a device
                _end("", int(order.values["status"]))
        _end("process 0 has ended without a word. Resume the run with all processes.", 1)


def _end(text: str, status: int) -> None:
    """Ends the process, whatever its program waits for."""
    if text:
        print(f"gan: {text}", file=sys.stderr)
    for stream in (sys.stdout, sys.stderr):
        with contextlib.suppress(Exception):
            stream.flush()
    os._exit(status)


Company = Leader | Follower
