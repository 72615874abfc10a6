"""When a training logs, draws, saves, examines and judges, and where its chunks end for that."""

from typing import NamedTuple

from gan_cli.training.chunk import CAPACITY


class Calendar(NamedTuple):
    """How far to train, and how often to log, draw, save, examine and judge, in steps."""

    steps: int
    log_every: int
    sample_every: int
    checkpoint_every: int
    theory_every: int = 0
    evaluate_every: int = 0

    def due(self, every: int, step: int) -> bool:
        return every > 0 and (step % every == 0 or step == self.steps)

    @property
    def keeps(self) -> tuple[int, ...]:
        """The intervals of what needs a copy of the state."""
        return self.checkpoint_every, self.theory_every, self.evaluate_every

    def keeps_at(self, step: int) -> bool:
        """Whether the state after a step is to be saved, examined or judged."""
        return any(self.due(every, step) for every in self.keeps)

    def room(self, step: int) -> int:
        """How many steps can run before a sample, a checkpoint, the end or a full log."""
        full = (step // self.log_every + CAPACITY) * self.log_every
        stops = [
            -(-(step + 1) // every) * every for every in (self.sample_every, *self.keeps) if every
        ]
        return min(self.steps, full, *stops) - step
