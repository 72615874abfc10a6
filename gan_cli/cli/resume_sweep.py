"""`gan train -m --resume SWEEP`: what is missing of a sweep is trained, the rest is left alone."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

from gan_cli.errors import UsageError

if TYPE_CHECKING:
    from gan_cli.compose import Member

OURS = ("hydra.mode=", "hydra.sweep.dir=", "hydra.output_subdir=")
"""What this command sets itself."""
NO_CONFIGURATION = "hydra.output_subdir=null"
"""A member's configuration is there already, or is written by the task."""


def resume_sweep(text: str, modules: list[str], config_dir: Path | None) -> None:
    """Goes on with the members that are not over; those that diverged would do so again.

    Args:
        text: the sweep's directory, or latest.
        modules: the user's own, to import.
        config_dir: the user's own configuration files, as when the sweep was started.

    Raises:
        UsageError: if there is no such sweep, if one of its members is running, or if the sweep's
            command now means something else.
    """
    from gan_cli import compose
    from gan_cli.cli import launch, places
    from gan_cli.cli.member import MemberTask

    directory = _newest() if text == "latest" else Path(text)
    lines = _command(directory)
    with compose.hydra(config_dir) as program:
        sweeper = compose.compose(program, lines, compose.RunMode.MULTIRUN).hydra.sweeper
        if not sweeper._target_.endswith(".BasicSweeper"):
            raise UsageError(
                f"{directory}: its sweeper searches, so what is missing is not known. "
                "Go on with a member: gan train --resume RUN"
            )
        found = compose.members(program, lines)
    missing = [
        number
        for number, member in enumerate(found)
        if not _is_over(places.member_of(member.config, directory, number), member)
    ]
    if not missing:
        print(f"{directory}: all {len(found)} members are over.")
        return launch.finish_sweep(directory)
    print(f"{directory}: {len(missing)} of {len(found)} members go on")
    for number in missing:
        launch.check(found, number, True)
    task = MemberTask(modules, resume=True)
    return launch.run_sweep([*lines, NO_CONFIGURATION], directory, task, config_dir)


def _newest() -> Path:
    """The sweep that was started last under outputs/."""
    from gan_cli.runs import OUTPUTS

    started = {path.stat().st_mtime_ns: path.parent for path in OUTPUTS.rglob("multirun.yaml")}
    if not started:
        raise UsageError(
            f"there is no sweep under {OUTPUTS.resolve()} yet. Start one: gan train -m"
        )
    return started[max(started)]


def _command(directory: Path) -> list[str]:
    """The overrides that a sweep was started with."""
    from omegaconf import OmegaConf

    saved = directory / "multirun.yaml"
    if not saved.is_file():
        raise UsageError(f"{directory} is not the directory of a sweep: it has no multirun.yaml.")
    overrides: Any = OmegaConf.select(OmegaConf.load(saved), "hydra.overrides")
    if overrides is None:
        raise UsageError(f"{saved} does not say how the sweep was started.")
    return [line for line in [*overrides.task, *overrides.hydra] if not line.startswith(OURS)]


def _is_over(path: Path, member: "Member") -> bool:
    """Whether a member needs no more training."""
    from gan_cli import runs

    if not runs.is_run(path):
        return False
    place = runs.RunDirectory(path)
    before = place.read_overrides()
    if [line for line in member.overrides if line not in before]:
        raise UsageError(
            f"{path} was started with {' '.join(before)}, and the sweep's command now makes it "
            f"{' '.join(member.overrides)}. Start a new sweep."
        )
    if place.is_running():
        raise UsageError(f"{path} is still running, in another process.")
    return place.read_summary()["status"] in ("completed", "diverged")
