"""The members of a sweep, trained in groups: each leaves the run directory of a run by itself."""

import contextlib
import logging
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from hydra.core.hydra_config import HydraConfig
from omegaconf import DictConfig, open_dict
from omegaconf.errors import OmegaConfBaseException

from gan_cli import config, runs, saved_config
from gan_cli.composition import compose
from gan_cli.composition.translations import translated
from gan_cli.config import Experiment
from gan_cli.errors import DataError, UsageError, sentence
from gan_cli.interrupts import StopRequest
from gan_cli.job import job
from gan_cli.job.closing import closing
from gan_cli.job.open_run import OpenRun, open_run
from gan_cli.job.sample_pictures import picture_latents
from gan_cli.job.starting import Start, starting_state
from gan_cli.logs.files import run_log
from gan_cli.logs.terminal import Brief, Terminal
from gan_cli.prepared import Prepared
from gan_cli.runs import RunDirectory
from gan_cli.sweep.groups import Group, peers
from gan_cli.sweep.lanes import Form, Lanes, is_shared, mesh_over, place, stack
from gan_cli.training.batches import Source
from gan_cli.training.feeds import SameSource

log = logging.getLogger(__name__)


class Member(NamedTuple):
    """One run of a sweep, and the files of its .hydra/ by name."""

    prepared: Prepared
    place: RunDirectory
    settings: Mapping[str, str]


def member_directory(composed: DictConfig) -> Path:
    """The directory of a sweep's member.

    Args:
        composed: the member's configuration, Hydra's part with the member's number included.
    """
    HydraConfig.instance().set_config(composed)  # what ${hydra:...} means
    return relative(Path(composed.hydra.sweep.dir) / str(composed.hydra.sweep.subdir))


def directory_of(composed: DictConfig, sweep: Path, number: int) -> Path:
    """The directory of a member that is not running yet.

    Args:
        composed: the member's configuration.
        sweep: the sweep's directory.
        number: the member's number.

    Raises:
        UsageError: if hydra.sweep.subdir holds a reference that stands for nothing.
    """
    complete = composed.copy()
    with open_dict(complete):
        complete.hydra.sweep.dir = str(sweep)
        complete.hydra.job.id = complete.hydra.job.num = number
    try:
        return member_directory(complete)
    except OmegaConfBaseException as error:
        message = str(error).splitlines()[0]
        raise UsageError(translated(message, "hydra.sweep.subdir") or message) from error


def relative(directory: Path) -> Path:
    """A path as the user would write it: from the directory they stand in, where it is below."""
    path, here = directory.absolute(), Path.cwd()
    return path.relative_to(here) if here in path.parents else path


def is_over(run: RunDirectory) -> bool:
    """Whether a member needs no more training; one that diverged would do so again.

    Of one with a damaged summary that is not known: it is begun, and says so itself.
    """
    try:
        return run.read_summary()["status"] in ("completed", "diverged")
    except DataError:
        return False


def new_experiment(composed: DictConfig, hydra: DictConfig, *, goes_on: bool) -> Experiment:
    """The experiment of a member that has not begun, with the data where the sweep was started.

    Args:
        composed: the member's configuration, with or without Hydra's part.
        hydra: a configuration with Hydra's part.
        goes_on: whether the sweep was started by an earlier command. It may be anybody's then, and
            nothing is downloaded to a data folder that it names.

    Raises:
        UsageError: if the configuration does not load.
    """
    start = Path(str(hydra.hydra.runtime.cwd))
    values = saved_config.with_whole_paths(compose.plain(composed), start)
    if goes_on:
        saved_config.only_read(values)
    return config.load(values)


@contextlib.contextmanager
def hold(run: RunDirectory, settings: Mapping[str, str]) -> Iterator[bool]:
    """Holds a member's lock and writes its settings if it is new; tells whether it had begun."""
    run.path.mkdir(parents=True, exist_ok=True)
    with run.lock():
        begun = runs.is_run(run.path)
        if not begun:
            run.write_settings(settings)
        yield begun


def train_group(
    members: Sequence[Member], group: Group, terminal: Terminal, stop: StopRequest
) -> None:
    """Trains the members of a group; how each ended is in its summary.

    A member that diverges, or that cannot go on, does not hold up the others.

    Raises:
        Interrupted: after every member's state was saved.
    """
    if group.form is None:
        for member in members:
            train_alone(member, Brief(terminal), stop)
        return
    try:
        _train_together(members, group, terminal, stop)
    except Exception as error:
        log.warning(
            "%s: %s", " ".join(str(member.place.path) for member in members), sentence(error)
        )
    finally:
        terminal.end([])
    stop.obey()


def _train_together(
    members: Sequence[Member], group: Group, terminal: Terminal, stop: StopRequest
) -> None:
    """Trains members as one program.

    Members that are resumed at different steps are trained in groups, one for each starting step.
    """
    with contextlib.ExitStack() as stack:
        opened = [each for member in members for each in _open(member, group.form, terminal, stack)]
        for step in sorted({int(start.state.step) for _, start in opened}):
            level = [each for each in opened if int(each[1].state.step) == step]
            _train_lanes(level, group, terminal, stop)
            terminal.end([])
    for run, _ in opened:
        Brief(terminal).end(closing(run.summary, run.place))
        job.judge_at_end(run, Brief(terminal))
        if run.summary["status"] == "diverged":
            log.warning("%s: %s", run.place.path, run.summary["reason"])


def train_alone(
    member: Member, terminal: Terminal, stop: StopRequest, *, is_logged: bool = False
) -> None:
    """Trains a member by itself; how it ended is in its summary.

    Args:
        member: the member. One that another process has trained meanwhile is left as it is.
        terminal: what the user sees.
        stop: whether the user asked to stop.
        is_logged: whether somebody else writes the member's log, as Hydra does.

    Raises:
        Interrupted: after its state was saved.
    """
    run = member.place
    try:
        with hold(run, member.settings) as begun:
            if begun and is_over(run):
                return
            with contextlib.nullcontext() if is_logged else run_log(run.log, run.path):
                job.train_run(member.prepared, run, terminal, stop, resume=begun)
    except Exception as error:
        log.warning("%s: %s", run.path, sentence(error))


def _open(
    member: Member, form: Form | None, terminal: Terminal, stack: contextlib.ExitStack
) -> Iterator[tuple[OpenRun, Start]]:
    """Holds a member's run for as long as the stack; yields nothing where it does not go on."""
    run = member.place
    try:
        with contextlib.ExitStack() as own:
            begun = own.enter_context(hold(run, member.settings))
            if begun and is_over(run):  # another process has trained it meanwhile
                return
            own.enter_context(run_log(run.log, run.path))
            opened = own.enter_context(open_run(member.prepared, run, resume=begun))
            numerics = opened.summary["numerics"] | {"lanes": form}
            opened.summary = opened.summary | {"numerics": numerics}
            log.info("a lane of one program, beside others", extra={"run": run.path})
            start = starting_state(opened, resume=begun)
            stack.push(own.pop_all())
    except Exception as error:
        log.warning("%s: %s", run.path, sentence(error))
        return
    for note in start.notes:
        terminal.note(f"{run.path}: {note}")
    yield opened, start


def _train_lanes(
    opened: Sequence[tuple[OpenRun, Start]], group: Group, terminal: Terminal, stop: StopRequest
) -> None:
    """Trains runs that are at one step as one program.

    Surplus lanes of the program duplicate the last member; their results are discarded.
    """
    padded = [*opened, *[opened[-1]] * (group.lanes - len(opened))]
    prepared = [run.prepared for run, _ in padded]
    played = [run.prepared.of_stream(int(start.state.stream)) for run, start in padded]
    first = prepared[0]
    source = _source(prepared)
    mesh = mesh_over(peers(first)) if group.form == "spread" else None
    recipes = place(stack([each.experiment.recipe for each in played]), mesh)
    state = place(stack([start.state for _, start in padded]), mesh)
    latents = place(stack([picture_latents(each.experiment, each.spec) for each in prepared]), mesh)
    assert group.form is not None
    program = Lanes(first.networks, recipes, group.form, mesh)
    feed = SameSource(place(source, mesh, shared=is_shared(source)), first.experiment.steps)
    runs = [(run, start.purge_step) for run, start in opened]
    job.train_all(runs, program, feed, state, latents, Brief(terminal), stop)


def _source(prepared: Sequence[Prepared]) -> Source:
    """The source of all lanes: one that they share, or each lane's own, stacked."""
    source, _ = prepared[0].feed().at(0)
    if is_shared(source):
        return source
    return stack([each.feed().at(0)[0] for each in prepared])
