"""The time that chunks of steps take, and hence how many steps the next one has."""

import time


class Clock:
    """Times chunks, and chooses their length so that each takes about `TARGET` seconds.

    The length changes how often the host hears from the training, never the training's numbers.
    Results of several chunks may arrive at once, so a rate is taken over at least `WINDOW` seconds.
    """

    TARGET = 0.4
    WINDOW = 0.1

    def __init__(self) -> None:
        self.length = 1
        self.rate = 0.0
        self._compiled: float | None = None
        self._steps = 0
        self._window = time.perf_counter()
        self._window_steps = 0
        self._now = self._window

    def tick(self, steps: int) -> None:
        """Notes that a chunk of `steps` has just finished."""
        self._now = time.perf_counter()
        self._window_steps += steps
        elapsed = max(self._now - self._window, 1e-9)
        longest = 4 * self.length
        if self._compiled is None:
            self._compiled = self._now
            self.rate = self._window_steps / elapsed
            self._window, self._window_steps = self._now, 0
        else:
            self._steps += steps
            if elapsed >= self.WINDOW:
                self.rate = self._window_steps / elapsed
                self._window, self._window_steps = self._now, 0
                longest = min(longest, int(self.rate * self.TARGET))
        self.length = max(1, longest)

    @property
    def overall(self) -> float:
        """Steps a second over all chunks but the first; the first's where there was no other."""
        if self._compiled is None or not self._steps:
            return self.rate
        return self._steps / max(self._now - self._compiled, 1e-9)
