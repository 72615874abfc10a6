"""The command that a sweep was started with, of which its directory may tell only settings.

A sweep's directory may come from anybody, and some of Hydra's settings run code or open files.
"""

import os
import re
import shlex
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from gan_cli import commands, runs
from gan_cli.composition.overrides import key_of
from gan_cli.errors import DataError, UsageError
from gan_cli.job.changes import MOVABLE
from gan_cli.reading import fits
from gan_cli.runs import RunDirectory, mark, sweep_start
from gan_cli.runs.settings import read_settings
from gan_cli.runs.sweep_start import SWEEP

OURS = ("hydra.mode", "hydra.sweep.dir", "hydra.output_subdir")
"""The settings of Hydra's that gan sets itself."""

PLACE = "hydra.sweep.subdir"
"""The name of a member's directory, which is looked at once it is known."""

NUMBERS_AND_NAMES = re.compile(
    r"hydra/(launcher|sweeper|sweeper/sampler)|hydra\.(job\.chdir|verbose|launcher\.(account"
    r"|array_parallelism|batch_size|cores|cpus_per_task|gpus_per_node|max_lanes|max_num_timeout"
    r"|mem_gb|mode|n_jobs|nodes|partition|qos|ray\.(init|remote)\.num_[cg]pus|signal_delay_s"
    r"|tasks_per_node|timeout_min)"
    r"|sweeper\.(direction|max_batch_size|n_jobs|n_trials|sampler\.(n_startup_trials|seed)))"
)
"""Settings of Hydra's that say where, how and which members run, where each is a number or name."""

WORD = re.compile(r"[\w.-]*|'[\w.-]*'")
KEY = re.compile(r"\w[\w./-]*")


def read(directory: Path, typed: Sequence[str], config_dir: Path | None = None) -> list[str]:
    """The overrides that a sweep was started with.

    Args:
        directory: the sweep's directory.
        typed: what of them the user has written again, and so answers for; what says where the
            data is now stands in the place of what says where it was.
        config_dir: the configuration files that the user has named again.

    Raises:
        UsageError: if it holds no sweep of gan's, or one of them could do more than to set
            something and was not written again.
        DataError: if it does not say them.
    """
    saved = directory / SWEEP
    if saved.is_symlink():
        raise UsageError(f"{saved} is a link, and a sweep writes in its own directory alone.")
    if not saved.is_file() and runs.is_run(directory):
        raise UsageError(
            f"{directory} is a run, and not a sweep. To go on with it: {commands.resume(directory)}"
        )
    if not directory.is_dir():
        raise UsageError(f"{directory}: no such directory. {runs.sweeps_alike(directory)}".rstrip())
    if not saved.is_file():
        raise UsageError(f"{directory} is not the directory of a sweep: it has no {SWEEP}.")
    if not mark.is_configuration(saved):
        raise UsageError(f"{directory} is no sweep of gan's: another program wrote {saved.name}.")
    found: Any = read_settings(saved, resolve=False)
    for key in ("hydra", "overrides"):
        found = found.get(key) if isinstance(found, dict) else None
    if not fits(found, dict[str, list[str]]) or not {"task", "hydra"} <= set(found):
        raise DataError(f"{saved} does not say how the sweep was started.")
    lines = [line for line in (*found["task"], *found["hydra"]) if key_of(line) not in OURS]
    moved = {key_of(line) for line in typed if key_of(line) in MOVABLE}
    for line in typed:
        if line not in lines and key_of(line) not in moved:
            raise UsageError(
                f"{line}: the sweep in {directory} was not started with it. What can change, for "
                f"data that was moved: {', '.join(MOVABLE)}."
            )
    for line in lines:
        if not (_only_sets(line) or line in typed or key_of(line) in moved):
            again = f"{sweep_start.resume_command(directory)} {shlex.quote(line)}"
            raise UsageError(
                f"{saved} says {line}, which may run code or write files. If it is yours, say it "
                f"again: {again}"
            )
    named = sweep_start.config_dir(directory)
    if named is not None and config_dir is None:
        raise UsageError(
            f"{saved} says --config-dir {named}, whose files may run code. If they are yours, say "
            f"it again: {commands.resume_sweep(directory, named, sweep_start.modules(directory))}"
        )
    return lines


def check_places(directory: Path, places: Sequence[Path]) -> None:
    """Refuses a sweep that would go on outside of its directory, through a link too."""
    root = directory.resolve()
    for place in places:
        if os.path.lexists(place) and not place.is_dir():
            raise UsageError(
                f"{place} is no folder, and a member of the sweep goes there. Move it away."
            )
        if root not in place.resolve().parents:
            raise UsageError(
                f"{place} is not in {directory}, and a sweep goes on in its own directory alone."
            )
        RunDirectory(place).refuse_links()


def _only_sets(line: str) -> bool:
    """Whether an override can do no more than to set something of an experiment.

    A compile cache holds code. A group's choice with `..` in it could be a file from anywhere.
    """
    key, value = key_of(line), line.partition("=")[2]
    if not KEY.fullmatch(key) or ".." in key:
        return False
    if key == "compile_cache":
        return value in ("auto", "off")
    if key.startswith("hydra"):
        is_known = NUMBERS_AND_NAMES.fullmatch(key) and WORD.fullmatch(value)
        return key == PLACE or bool(is_known)
    return "." in key or ".." not in value
