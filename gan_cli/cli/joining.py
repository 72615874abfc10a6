"""How a command that trains joins the other processes of its run, where there are several."""

import contextlib

from gan_cli.composition import compose, requested
from gan_cli.config import Distributed
from gan_cli.errors import UsageError
from gan_cli.hosts import membership, starting
from gan_cli.hosts.company import Company, Leader
from gan_cli.interrupts import StopRequest
from gan_cli.job import together
from gan_cli.loading import construct
from gan_cli.prepared import Prepared

KEY = "distributed"


def joined(
    command: requested.Command, stop: StopRequest
) -> contextlib.AbstractContextManager[Company | None]:
    """Joins the processes of a run, if there are several; a sweep trains in one alone.

    Raises:
        UsageError: for a sweep in several processes.
    """
    first = next(iter(command.members), None)
    values = compose.plain(first.config).get(KEY, {}) if first is not None else {}
    settings = construct(Distributed, values, KEY)
    if command.base is not None:
        refuse_sweep(settings)
        return contextlib.nullcontext()
    return starting.joined(settings, stop)


def refuse_sweep(settings: Distributed) -> None:
    """Refuses a sweep in several processes."""
    if settings.processes != 1 and membership.place(settings) is not None:
        raise UsageError(
            "-m: several processes train one run together, and no sweep. Start the sweep once, "
            "where hydra/launcher=submitit_slurm gives each member a job of its own, or let each "
            "process train a sweep by itself: distributed.processes=1."
        )


def meet(prepared: Prepared, company: Company | None) -> Leader | None:
    """Waits until all processes are ready; from here on another one than process 0 follows.

    Returns:
        What leads the others, in process 0; None where there are none.

    Raises:
        GanError: naming a process that has ended, or has other settings or data.
        SystemExit: in another process than 0, once the run has ended.
    """
    if company is None:
        return None
    facts = together.facts(prepared)
    if isinstance(company, Leader):
        company.await_ready(facts)
        return company
    company.ready(facts)
    together.follow(prepared, company)
    return None
