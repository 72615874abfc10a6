"""Every run that a command asks for, composed once.

Hydra's private names are used in `requested`, `compose`, `hydra_tasks`, `loader` and `parsing`
alone.
"""

import logging
from collections.abc import Sequence
from typing import NamedTuple

from hydra._internal.core_plugins.basic_sweeper import BasicSweeper
from hydra._internal.hydra import Hydra
from hydra.core.override_parser.types import Override
from hydra.types import RunMode
from omegaconf import DictConfig

from gan_cli.composition import references, written_choices
from gan_cli.composition.compose import check_effect, compose, literal, resolve
from gan_cli.composition.overrides import typed
from gan_cli.composition.parsing import parse
from gan_cli.composition.sizes import check_members
from gan_cli.composition.swept_values import check_finite
from gan_cli.errors import UsageError
from gan_cli.interrupts import StopRequest

log = logging.getLogger(__name__)

NOTHING_SWEPT = "no override has several values, such as k=1,5"


class Member(NamedTuple):
    """One run of a command: the swept overrides that tell it apart, and its configuration."""

    overrides: list[str]
    config: DictConfig


class Command(NamedTuple):
    """What overrides ask for.

    members: the runs.
    base: the configuration that the members of a sweep have in common; None for a single run.
    """

    members: list[Member]
    base: DictConfig | None


def read(
    program: Hydra,
    overrides: Sequence[str],
    *,
    multirun: bool,
    stop: StopRequest | None = None,
) -> Command:
    """Composes every run that a command asks for, each once.

    Args:
        program: see `hydra`.
        overrides: what was typed.
        multirun: whether a sweep is asked for; hydra.mode=MULTIRUN in an override or a file does
            so, too.
        stop: whether the user asked to stop.

    Raises:
        Interrupted: when the user ended it.
        UsageError: naming the override that is wrong, and the member where there are several.
    """
    lines = literal(program, overrides, multirun=multirun)
    swept = not multirun and any(o.is_sweep_override() for o in parse(program, lines))
    asked = [*lines, "hydra.mode=MULTIRUN"] if multirun else lines
    config = compose(program, asked, RunMode.MULTIRUN if multirun or swept else RunMode.RUN)
    if config.hydra.mode != RunMode.MULTIRUN:
        if swept:
            compose(program, lines)  # which refuses several values for one run
        config.hydra.mode = RunMode.RUN
        return Command([Member([], config)], None)
    if not multirun:  # an override or a file asks for the sweep
        lines = literal(program, overrides, multirun=True)
        config = compose(program, lines, RunMode.MULTIRUN)
    return Command(_members(program, config, stop or StopRequest()), config)


def searches(base: DictConfig) -> bool:
    """Whether the sweeper chooses its members by the results of others."""
    return not base.hydra.sweeper._target_.endswith(".BasicSweeper")


def name_member(number: int, overrides: Sequence[str]) -> str:
    """How an error names a member of a sweep."""
    return f"member {number} ({' '.join(overrides) or NOTHING_SWEPT})"


def _members(program: Hydra, base: DictConfig, stop: StopRequest) -> list[Member]:
    """Every run of a sweep, composed; for a sweeper that searches, one point of its space.

    Raises:
        UsageError: naming the first member that does not compose, and why.
    """
    params = [f"{key}={value}" for key, value in (base.hydra.sweeper.get("params") or {}).items()]
    parsed = parse(program, [*params, *typed(base)])
    if searches(base):
        lines = [[line for override in parsed if (line := _point(override)) is not None]]
    else:
        check_members(parsed)
        check_finite(program.config_loader, parsed)
        [lines] = BasicSweeper.split_arguments(parsed, None)
    swept = {override.get_key_element() for override in parsed if override.is_sweep_override()}
    found = []
    for number, member in enumerate(lines):
        stop.obey()
        chosen = [line for line in member if line.split("=")[0] in swept]
        read = parse(program, member)
        try:
            for override in read:
                written_choices.check(override, program.config_loader)
            with references.bounded():
                config = program.config_loader.load_sweep_config(base, member)
                resolve(config)
            check_effect(program, read, config)
        except Exception as error:
            cause = _refused(program, [*base.hydra.overrides.hydra, *member], error)
            told = str(cause).replace("$\\{", "${").replace("\\}", "}")  # as it was typed
            raise UsageError(f"{name_member(number, chosen)}: {told}") from error
        found.append(Member(chosen, config))
        log.info("%s of %s members are composed", f"{number + 1:,}", f"{len(lines):,}")
    return found


def _refused(program: Hydra, lines: list[str], error: Exception) -> Exception:
    """The error in one sentence for overrides that do not compose."""
    try:
        compose(program, lines)
    except UsageError as refused:
        return refused
    return error


def _point(override: Override) -> str | None:
    """A searched override at one point of its range, or None where its default has to do."""
    if not override.is_sweep_override():
        return str(override.input_line)
    if not override.is_discrete_sweep():
        return None
    first = next(iter(override.sweep_string_iterator()))
    return f"{override.get_key_element()}={first}"
