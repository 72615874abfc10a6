"""Where a new run or sweep is written: a directory that no other run has."""

import contextlib
import itertools
from pathlib import Path
from typing import TYPE_CHECKING, Any

from gan_cli.errors import UsageError

if TYPE_CHECKING:
    from omegaconf import DictConfig


def new_run(config: "DictConfig", lines: list[str]) -> Path:
    """Makes the directory of a new run.

    Args:
        config: composed, Hydra's part included.
        lines: the user's overrides; a place that they name is taken as it is, another one is
            numbered where it is taken already (two runs may start in one second).

    Raises:
        UsageError: if it cannot be made, or already holds a run.
    """
    return _make(Path(config.hydra.run.dir), "hydra.run.dir", lines)


def new_sweep(config: "DictConfig", lines: list[str]) -> Path:
    """Makes the directory of a new sweep; arguments and errors as in `new_run`."""
    return _make(Path(config.hydra.sweep.dir), "hydra.sweep.dir", lines)


def quote(key: str, path: Path) -> str:
    """An override that sets a key to a path, whatever characters it holds."""
    escaped = str(path).replace("\\", "\\\\").replace("'", "\\'")
    return f"{key}='{escaped}'"


def member(hydra: "DictConfig") -> Path:
    """The directory of a sweep's member.

    Args:
        hydra: a configuration with Hydra's part, complete with the member's number.
    """
    from hydra.core.hydra_config import HydraConfig

    HydraConfig.instance().set_config(hydra)  # what ${hydra:...} means
    return Path(hydra.hydra.sweep.dir) / str(hydra.hydra.sweep.subdir)


def member_of(config: "DictConfig", sweep: Path, number: int) -> Path:
    """The directory of a sweep's member that is not running yet."""
    from omegaconf import OmegaConf, open_dict

    complete = config.copy()
    OmegaConf.set_readonly(complete.hydra, False)
    with open_dict(complete):
        complete.hydra.sweep.dir = str(sweep)
        complete.hydra.job.id = complete.hydra.job.num = number
    return member(complete)


def save_configuration(composed: "DictConfig", hydra: "DictConfig", directory: Path) -> None:
    """Writes a member's .hydra/ before its training, as Hydra would when its turn comes."""
    from omegaconf import OmegaConf

    folder = directory / ".hydra"
    folder.mkdir(parents=True, exist_ok=True)
    own: Any = OmegaConf.create({"hydra": OmegaConf.to_container(hydra.hydra)})
    own.hydra.runtime.output_dir = str(directory.absolute())
    rest: Any = OmegaConf.create(OmegaConf.to_container(composed))
    rest.pop("hydra", None)
    files = {"hydra": own, "overrides": own.hydra.overrides.task, "config": rest}
    for name, content in files.items():
        (folder / f"{name}.yaml").write_text(OmegaConf.to_yaml(content), encoding="utf-8")


def _make(wanted: Path, key: str, lines: list[str]) -> Path:
    named = any(line.lstrip("+").startswith(f"{key}=") for line in lines)
    try:
        return _take(wanted, key) if named else _first_free(wanted)
    except OSError as error:
        raise UsageError(
            f"cannot write {wanted}: {error.strerror}. Choose another place with {key}=DIR."
        ) from error


def _take(wanted: Path, key: str) -> Path:
    from gan_cli import runs

    wanted.mkdir(parents=True, exist_ok=True)
    if held := runs.find(wanted):
        raise UsageError(
            f"{wanted} already holds a run. Choose another place with {key}=DIR, or go on with it: "
            f"{runs.RunDirectory(held[-1]).resume_command}"
        )
    return wanted


def _first_free(wanted: Path) -> Path:
    for number in itertools.count():
        name = wanted.with_name(f"{wanted.name}-{number}") if number else wanted
        with contextlib.suppress(FileExistsError):
            name.mkdir(parents=True)
            return name
    raise AssertionError("the numbers have no end")
