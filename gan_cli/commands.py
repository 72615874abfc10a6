"""The commands and paths that are printed for the user to go on with, which work as they stand."""

import shlex
from collections.abc import Sequence
from pathlib import Path

_typed: list[str] = []
_modules: list[str] = []
_folders: list[str] = []


def give(modules: Sequence[str] = (), config_dir: Path | None = None) -> None:
    """Keeps the user's own modules and configuration files, which later commands need too."""
    _modules[:] = dict.fromkeys([*_modules, *_imports(modules)])
    if config_dir is not None:
        _folders[:] = _folder(config_dir)


def begin(words: Sequence[str]) -> None:
    """Keeps what was typed after `gan`, of which nothing else is known yet."""
    forget()
    _typed[:] = words


def forget() -> None:
    """Forgets what an earlier command was given."""
    for words in (_typed, _modules, _folders):
        words.clear()


def again(*words: str) -> str:
    """The command that was given, with more words."""
    return _command("gan", *_typed, *words)


def resume(run: Path, *words: str) -> str:
    """The command that goes on with a run."""
    return _command("gan", "train", *_modules, "--resume", run, *words)


def resume_sweep(sweep: Path, config_dir: Path | None = None, modules: Sequence[str] = ()) -> str:
    """The command that goes on with a sweep.

    Args:
        sweep: its directory.
        config_dir: the configuration files that it was started with, where none are given now.
        modules: the user's own modules that it was started with, where none are given now.
    """
    imports, folders = _modules or _imports(modules), _folders or _folder(config_dir)
    return _command("gan", "train", "-m", *imports, *folders, "--resume", sweep)


def sample(run: str | Path, *words: str) -> str:
    """A `gan sample` command, with the user's own modules."""
    return _command("gan", "sample", *_modules, run, *words)


def evaluate(run: Path, *words: str) -> str:
    """A `gan evaluate` command, with the user's own modules."""
    return _command("gan", "evaluate", *_modules, run, *words)


def runs(folder: Path) -> str:
    """A `gan runs` command."""
    return _command("gan", "runs", folder)


def compare(folder: Path) -> str:
    """A `gan compare` command."""
    return _command("gan", "compare", folder)


def look(folder: Path) -> str:
    """A command that shows runs in TensorBoard under telling names."""
    return _command("gan", "look", folder)


def tensorboard(folder: Path) -> str:
    """A command that opens TensorBoard."""
    return _command("tensorboard", "--logdir", folder)


def train(*overrides: str) -> str:
    """A `gan train` command."""
    return _command("gan", "train", *overrides)


def theory(name: str, *words: str | Path) -> str:
    """A `gan theory` command."""
    return _command("gan", "theory", name, *words)


def path(place: Path) -> str:
    """A path to be pasted into a shell."""
    return _command(place)


def _imports(modules: Sequence[str]) -> list[str]:
    return [f"--import={module}" for module in modules]


def _folder(config_dir: Path | None) -> list[str]:
    return [f"--config-dir={config_dir}"] if config_dir is not None else []


def _command(*words: str | Path) -> str:
    """Words to be pasted into a shell; a path is not taken for an option or for `latest`."""
    return shlex.join(_plainly(word) if isinstance(word, Path) else word for word in words)


def _plainly(path: Path) -> str:
    return f"./{path}" if str(path).startswith("-") or str(path) == "latest" else str(path)
