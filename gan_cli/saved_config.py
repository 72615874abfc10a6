"""The configuration saved in a run directory, and the experiment that it describes."""

from pathlib import Path
from typing import Any

from gan_cli.config import Experiment, load
from gan_cli.datasets import downloads
from gan_cli.errors import UsageError
from gan_cli.files import path_of
from gan_cli.runs.settings import read_settings, reading_settings


def load_run(run: Path) -> Experiment:
    """Rebuilds the experiment of a run directory from the configuration saved in it.

    Raises:
        UsageError: if the directory holds no run, or its configuration no longer loads.
        DataError: if its configuration is damaged.
    """
    values = saved_values(run)
    try:
        return load(values)
    except UsageError as error:
        raise UsageError(f"{run}: {error}") from error


def saved_values(run: Path) -> dict[str, Any]:
    """The configuration saved in a run directory, as nested plain values.

    Raises:
        UsageError: if the directory holds no run.
        DataError: if the file is damaged.
    """
    path = run / ".hydra" / "config.yaml"
    if not path.is_file():
        raise UsageError(f"{run} is not a run directory: it has no .hydra/config.yaml.")
    values, beside = read_settings(path, resolve=True), path.with_name("hydra.yaml")
    if beside.exists():
        values = with_whole_paths(values, _start(beside))
    if values.get("compile_cache", "off") != "off":
        values["compile_cache"] = "auto"  # a folder of programs is code, and a run may be anybody's
    only_read(values)
    return values


def with_whole_paths(values: dict[str, Any], start: Path) -> dict[str, Any]:
    """The same values, with relative paths of the data resolved against a directory.

    Args:
        values: the configuration of an experiment.
        start: the directory in which the run or its sweep was started.
    """
    dataset = dict(_dataset(values))
    for key in ("path", "root"):
        if isinstance(dataset.get(key), str) and dataset[key]:
            dataset[key] = str(start / path_of(dataset[key]))
    return values | ({"dataset": dataset} if dataset else {})


def only_read(values: dict[str, Any]) -> None:
    """Lets nothing be downloaded to the data folder, since a run may be anybody's."""
    if isinstance(root := _dataset(values).get("root"), str):
        downloads.only_read(path_of(root))


def _dataset(values: dict[str, Any]) -> dict[str, Any]:
    found = values.get("dataset")
    return found if isinstance(found, dict) else {}


def _start(saved: Path) -> Path:
    """The directory that a run was started in.

    Raises:
        DataError: if the file does not say it.
    """
    found: Any = read_settings(saved, resolve=False)
    for key in ("hydra", "runtime", "cwd"):
        found = found.get(key) if isinstance(found, dict) else None
    with reading_settings(saved):
        if not isinstance(found, str):
            raise ValueError("it does not say hydra.runtime.cwd")
    return Path(found)
