"""Run directories: their files, their lock, their summary, and how they are found and made."""

from gan_cli.runs.directory import RunDirectory, release
from gan_cli.runs.new import new_run, new_sweep
from gan_cli.runs.search import (
    OUTPUTS,
    find,
    is_run,
    newest_sweep,
    resolve,
    runs_alike,
    sweeps_alike,
)
from gan_cli.runs.summary import STATUSES, Status, Summary, updated

__all__ = [
    "OUTPUTS",
    "STATUSES",
    "RunDirectory",
    "Status",
    "Summary",
    "find",
    "is_run",
    "new_run",
    "new_sweep",
    "newest_sweep",
    "release",
    "resolve",
    "runs_alike",
    "sweeps_alike",
    "updated",
]
