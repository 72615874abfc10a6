"""The configuration saved in a run directory, and the experiment that it describes."""

from pathlib import Path
from typing import Any

from gan_cli.config import Experiment, load
from gan_cli.errors import UsageError
from gan_cli.files import path_of
from gan_cli.runs.settings import damaged, read_settings


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
    return _from_where_it_ran(read_settings(path, resolve=True), run)


def _from_where_it_ran(values: dict[str, Any], run: Path) -> dict[str, Any]:
    """The same values, with relative data paths resolved against the run's starting directory."""
    saved = run / ".hydra" / "hydra.yaml"
    dataset = values.get("dataset")
    if isinstance(dataset, dict) and saved.is_file():
        try:
            start = Path(read_settings(saved, resolve=False)["hydra"]["runtime"]["cwd"])
        except (KeyError, TypeError) as error:
            raise damaged(saved, ValueError("it does not say hydra.runtime.cwd")) from error
        for key in ("path", "root"):
            if dataset.get(key):
                dataset[key] = str(start / path_of(dataset[key]))
    return values
