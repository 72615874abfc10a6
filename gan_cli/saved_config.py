"""The configuration saved in a run directory, and the experiment that it describes."""

import logging
from pathlib import Path
from typing import Any

from gan_cli.component import REGISTRY
from gan_cli.config import Experiment, load
from gan_cli.datasets.idx_images import is_data_folder
from gan_cli.errors import UsageError
from gan_cli.files import path_of
from gan_cli.runs.settings import read_settings, reading_settings

log = logging.getLogger(__name__)


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
    values = _from_where_it_ran(read_settings(path, resolve=True), run)
    if values.get("compile_cache", "off") != "off":
        values["compile_cache"] = "auto"  # a folder of programs is code, and a run may be anybody's
    return _writing_nowhere(values, run)


def _from_where_it_ran(values: dict[str, Any], run: Path) -> dict[str, Any]:
    """The same values, with relative data paths resolved against the run's starting directory."""
    saved = run / ".hydra" / "hydra.yaml"
    dataset = values.get("dataset")
    if isinstance(dataset, dict) and saved.exists():
        start = _start(saved)
        for key in ("path", "root"):
            if isinstance(dataset.get(key), str) and dataset[key]:
                dataset[key] = str(start / path_of(dataset[key]))
    return values


def _writing_nowhere(values: dict[str, Any], run: Path) -> dict[str, Any]:
    """The same values without a data folder that holds no data, which would be downloaded to it.

    A run may be anybody's. The data is then looked for where the user keeps it, and downloaded to
    there; `dataset.root=DIR` names the folder again.
    """
    dataset = values.get("dataset")
    if isinstance(dataset, dict) and isinstance(root := dataset.get("root"), str):
        kind = REGISTRY["dataset"].get(str(dataset.get("name")))
        if getattr(kind, "fetched", False) and not is_data_folder(root):
            log.info("%s: dataset.root=%s holds no data and is not used", run, root)
            dataset["root"] = None
    return values


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
