"""The members of a sweep, trained in batches: each leaves the run directory of a run by itself."""

import contextlib
import logging
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from gan_cli import job
from gan_cli.config import Experiment
from gan_cli.interrupts import Wish, wish_to_end
from gan_cli.job import Begun, Start
from gan_cli.logs.terminal import Brief, Shared, Terminal
from gan_cli.problem import Problem, feed, picture_latents
from gan_cli.report import closing
from gan_cli.runs import RunDirectory
from gan_cli.sweep.groups import Batch, peers
from gan_cli.sweep.lanes import Lanes, mesh_over, place, stack
from gan_cli.training.batches import Source, Synthetic
from gan_cli.training.feeds import Fixed

log = logging.getLogger(__name__)


class Member(NamedTuple):
    """One run of a sweep. resume: go on with what the run directory holds."""

    experiment: Experiment
    place: RunDirectory
    resume: bool


def train_batch(members: Sequence[Member], batch: Batch, terminal: Terminal) -> None:
    """Trains the members of a batch; how each ended is in its summary.

    A member that diverges, or that cannot go on, does not hold up the others.

    Raises:
        Interrupted: after every member's state was saved.
    """
    chosen = [members[number] for number in batch.numbers]
    with wish_to_end() as wish:
        if batch.form is None:
            for member in chosen:
                _train_alone(member, terminal)
            return
        try:
            _train_together(chosen, batch, terminal, wish)
        except Exception as error:
            log.warning("%s: %s", " ".join(str(member.place.path) for member in chosen), error)
        finally:
            terminal.end([])
        wish.obey()


def _train_together(
    members: Sequence[Member], batch: Batch, terminal: Terminal, wish: Wish
) -> None:
    """Trains members as one program; those that go on from different steps one step at a time."""
    with contextlib.ExitStack() as stack:
        opened = [each for member in members for each in _open(member, terminal, stack)]
        for step in sorted({int(start.state.step) for _, start in opened}):
            level = [each for each in opened if int(each[1].state.step) == step]
            _train_lanes(level, batch, terminal, wish)
            terminal.end([])
    for begun, _ in opened:
        Brief(terminal).end(closing(begun.summary, begun.place))
        if begun.summary["status"] == "diverged":
            log.warning("%s: %s", begun.place.path, begun.summary["reason"])


def _train_alone(member: Member, terminal: Terminal) -> None:
    try:
        job.run(member.experiment, member.place.path, Brief(terminal), resume=member.resume)
    except Exception as error:
        log.warning("%s: %s", member.place.path, error)


def _open(
    member: Member, terminal: Terminal, stack: contextlib.ExitStack
) -> Iterator[tuple[Begun, Start]]:
    """Holds a member's run for as long as the stack; nothing where it cannot go on."""
    try:
        with contextlib.ExitStack() as own:
            own.enter_context(_own_log(member.place))
            begun = own.enter_context(
                job.begin(member.experiment, member.place, resume=member.resume)
            )
            log.info("a lane of one program, beside others", extra={"run": member.place.path})
            start = job.state_of(begun, resume=member.resume)
            stack.push(own.pop_all())
    except Exception as error:
        log.warning("%s: %s", member.place.path, error)
        return
    for note in start.notes:
        terminal.note(f"{member.place.path}: {note}")
    yield begun, start


@contextlib.contextmanager
def _own_log(place: RunDirectory) -> Iterator[None]:
    """A run's own log, as Hydra opens it for a run by itself; of other runs nothing goes there."""
    handler = logging.FileHandler(place.log, encoding="utf-8")
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s: %(message)s"))
    handler.addFilter(lambda record: getattr(record, "run", place.path) == place.path)
    package = logging.getLogger("gan_cli")
    package.addHandler(handler)
    try:
        yield
    finally:
        package.removeHandler(handler)
        handler.close()


def _train_lanes(
    opened: Sequence[tuple[Begun, Start]], batch: Batch, terminal: Terminal, wish: Wish
) -> None:
    """Trains runs that are at one step as one program."""
    padded = [*opened, *[opened[-1]] * (batch.lanes - len(opened))]
    problems = [begun.problem for begun, _ in padded]
    experiments = [problem.experiment for problem in problems]
    source, shared = _source(problems)
    mesh = mesh_over(peers(problems[0])) if batch.form == "spread" else None
    recipes = place(stack([experiment.recipe for experiment in experiments]), mesh)
    state = place(stack([start.state for _, start in padded]), mesh)
    latents = place(stack([picture_latents(p.experiment, p.spec) for p in problems]), mesh)
    source = place(source, mesh, shared=shared)
    assert batch.form is not None
    program = Lanes(problems[0].networks, recipes, shared, batch.form, mesh)
    runs = [(begun, start.purge_step) for begun, start in opened]
    steps = Fixed(source, experiments[0].steps)
    job.train_all(runs, program, steps, state, latents, Shared(terminal), wish)


def _source(problems: Sequence[Problem]) -> tuple[Source, bool]:
    """The source of all lanes, and whether it is one for all of them."""
    sources = [feed(problem.experiment, problem.device).at(0)[0] for problem in problems[:1]]
    if not isinstance(sources[0], Synthetic):
        return sources[0], True
    return stack([feed(problem.experiment).at(0)[0] for problem in problems]), False
