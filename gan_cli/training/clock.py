"""The time that chunks of steps take, and hence how many steps the next one has."""

import time
from collections.abc import Callable


class Clock:
    """Times chunks, and chooses their length so that each takes about `TARGET` seconds.

    The length changes how often the host hears from the training, never the training's numbers.
    Results of several chunks may arrive at once, so a rate is taken over at least `WINDOW` seconds.
    Half of what `pace` tells is of the last `MEMORY` seconds, or of the last third of a long time.
    A chunk that waited for the compiler, as for the first picture, tells nothing of the speed, and
    neither does the next one, whose steps the device took meanwhile.
    """

    TARGET = 0.4
    WINDOW = 0.1
    MEMORY = 60.0
    WAITED = 0.1
    """The share of a chunk's time from which on waiting for the compiler counts."""

    def __init__(self, compiling: Callable[[], float] = lambda: 0.0) -> None:
        """Starts at once.

        Args:
            compiling: the seconds that were waited for the compiler so far.
        """
        self.length = 1
        self.rate = 0.0
        self._compiling, self._waited = compiling, compiling()
        self._compiled: float | None = None
        self._was_late = False
        self._steps = 0
        self._window = time.perf_counter()
        self._window_steps = 0
        self._now = self._window
        self._recent_steps = self._recent_seconds = 0.0

    def tick(self, steps: int) -> None:
        """Notes that a chunk of `steps` has just finished."""
        before, self._now = self._now, time.perf_counter()
        past, self._waited = self._waited, self._compiling()
        waited = self._waited - past
        is_late = waited > self.WAITED * (self._now - before)
        self._window_steps += steps
        elapsed = max(self._now - self._window, 1e-9)
        longest = 4 * self.length
        if self._compiled is None:
            self._compiled = self._now
            self.rate = self._window_steps / max(elapsed - waited, 1e-9)
            self._window, self._window_steps = self._now, 0
        elif is_late or self._was_late:
            self._was_late = is_late
            self._steps += steps
            self._window, self._window_steps = self._now, 0
            longest = self.length
        else:
            self._steps += steps
            self._remember(steps, self._now - before, self._now - self._compiled)
            if elapsed >= self.WINDOW:
                self.rate = self._window_steps / elapsed
                self._window, self._window_steps = self._now, 0
                longest = min(longest, int(self.rate * self.TARGET))
        self.length = max(1, longest)

    def _remember(self, steps: int, seconds: float, since: float) -> None:
        """Adds a chunk to what is known of the pace, of which older chunks fade."""
        kept = 0.5 ** (seconds / max(self.MEMORY, since / 3))
        self._recent_steps = kept * self._recent_steps + steps
        self._recent_seconds = kept * self._recent_seconds + seconds

    @property
    def pace(self) -> float:
        """Steps a second as a person plans with them, without jumps; 0 where not known yet."""
        if self._recent_seconds < self.WINDOW:
            return 0.0
        return self._recent_steps / self._recent_seconds

    @property
    def overall(self) -> float:
        """Steps a second over all chunks but the first; the first's where there was no other."""
        if self._compiled is None or not self._steps:
            return self.rate
        return self._steps / max(self._now - self._compiled, 1e-9)
