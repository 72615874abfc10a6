"""The time that chunks of steps take, and hence how many steps the next one has."""

import time


class Clock:
    """Times chunks, and chooses their length so that each takes about `TARGET` seconds.

    The length changes how often the host hears from the training, never the training's numbers.
    Results of several chunks may arrive at once, so a rate is taken over at least `WINDOW` seconds.
    Half of what `pace` tells is of the last `MEMORY` seconds, or of the last third of a long time.
    """

    TARGET = 0.4
    WINDOW = 0.1
    MEMORY = 60.0

    def __init__(self) -> None:
        self.length = 1
        self.rate = 0.0
        self._compiled: float | None = None
        self._steps = 0
        self._window = time.perf_counter()
        self._window_steps = 0
        self._now = self._window
        self._recent_steps = self._recent_seconds = 0.0

    def tick(self, steps: int) -> None:
        """Notes that a chunk of `steps` has just finished."""
        before, self._now = self._now, time.perf_counter()
        self._window_steps += steps
        elapsed = max(self._now - self._window, 1e-9)
        longest = 4 * self.length
        if self._compiled is None:
            self._compiled = self._now
            self.rate = self._window_steps / elapsed
            self._window, self._window_steps = self._now, 0
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
