"""A run that is open for training: whatever ends it is written into its summary."""

import contextlib
import dataclasses
import logging
from collections.abc import Iterator

import jax

from gan_cli.errors import GanError, sentence
from gan_cli.interrupts import Interrupted
from gan_cli.job import unwritable
from gan_cli.job.closing import closing
from gan_cli.job.first_summary import first_summary
from gan_cli.job.header import facts
from gan_cli.job.started_with import recorded
from gan_cli.prepared import Prepared
from gan_cli.runs import RunDirectory, Summary, kept, updated
from gan_cli.runs.summary import ended_now

log = logging.getLogger(__name__)

CARRIED = (
    *("step", "metrics", "wall_seconds", "theory_seconds", "evaluation_seconds"),
    *("compile_seconds", "steps_per_second", "warnings", "rollbacks"),
    *kept.FIELDS,
)
"""Summary fields carried over on resume until replaced."""


@dataclasses.dataclass
class OpenRun:
    """A run that is being trained; whoever opens it holds the lock on its directory.

    summary: what is known of the run. It is replaced as a whole, never changed in place.
    """

    prepared: Prepared
    place: RunDirectory
    summary: Summary


@contextlib.contextmanager
def open_run(prepared: Prepared, place: RunDirectory, *, resume: bool) -> Iterator[OpenRun]:
    """Opens a run whose lock the caller holds, and writes its summary however its training ends."""
    known = recorded(place) if resume else Summary()
    carried = {key: value for key, value in known.items() if key in CARRIED}
    run = OpenRun(prepared, place, updated(first_summary(prepared), carried))
    own = {"run": place.path}
    log.info("training %s", facts(prepared) | {"run": str(place.path)}, extra=own)
    try:
        with unwritable.explained(place), jax.default_device(prepared.device):
            yield run
            run.summary = ended_now(run.summary)
            place.write_summary(run.summary)
    except BaseException as error:
        fail(place, run.summary, error)
        raise
    ended = [*closing(run.summary, place), *filter(None, [run.summary.get("reason")])]
    log.info("%s", "; ".join(ended), extra=own)


def fail(place: RunDirectory, known: Summary, error: BaseException) -> None:
    """Writes why a run ended early into its summary and its log."""
    status = "interrupted" if isinstance(error, Interrupted) else "failed"
    kind = "" if isinstance(error, GanError) else f"{type(error).__name__}: "
    try:
        place = unwritable.left(place, error)
        told = updated(known, {"status": status, "reason": f"{kind}{error}"})
        place.write_summary(ended_now(told))
    except OSError as unwritten:  # as on a full disk: what ended the run is the story to tell
        log.info("the summary was not written: %s", sentence(unwritten))
    log.info("the run ended early", exc_info=error, extra={"run": place.path})
