"""TAB completion: overrides, and the names that other commands take."""

import os
import re
from pathlib import Path

import typer


def complete_override(context: typer.Context, incomplete: str) -> list[str]:
    """What the override under the cursor can become.

    Bash splits words at "=" and replaces only what stands after it, so candidates are cut there.
    A lone candidate that ends in "=" would be followed by a space, so a value is offered beside it.
    """
    words = _bash_words()
    word = words[-1] if words else incomplete
    before = words[:-1] if words else list(context.params.get("overrides") or ())
    from gan_cli import compose
    from gan_cli.cli.candidates import candidates

    with compose.hydra(_config_dir(context)) as program:
        found = candidates(program, word, [w for w in before if re.match(r"[\w./@+~]+=.", w)])
    return _after_equals(found)


def complete_run(incomplete: str) -> list[str]:
    """Runs under outputs/, the newest first, and `latest`."""
    from gan_cli import runs

    found = [str(path) for path in reversed(runs.find(Path("outputs")))]
    return [name for name in ("latest", *found) if name.startswith(incomplete)]


def complete_group(context: typer.Context, incomplete: str) -> list[str]:
    """The groups of the configuration."""
    return [name for name in _choices(context) if name.startswith(incomplete)]


def complete_choice(context: typer.Context, incomplete: str) -> list[str]:
    """Choices such as objective=wgan."""
    words = _bash_words()
    word = words[-1] if words else incomplete
    every = [f"{group}={name}" for group, names in _choices(context).items() for name in names]
    return _after_equals([choice for choice in every if choice.startswith(word)])


def complete_metric(context: typer.Context, incomplete: str) -> list[str]:
    """The names of metrics."""
    return [name for name in _choices(context)["metric"] if name.startswith(incomplete)]


def complete_dataset(context: typer.Context, incomplete: str) -> list[str]:
    """The names of data sets."""
    return [name for name in _choices(context)["dataset"] if name.startswith(incomplete)]


def complete_download(incomplete: str) -> list[str]:
    """The data sets whose files can be fetched: those that lie in dataset.root."""
    from gan_cli import compose
    from gan_cli.file_settings import having

    with compose.hydra() as program:
        found = having(program.config_loader.repository, "dataset.root")
    names = [choice.partition("=")[2] for choice in found]
    return [name for name in names if name.startswith(incomplete)]


def _choices(context: typer.Context) -> dict[str, list[str]]:
    """The groups, each with the names of its files."""
    from hydra.core.object_type import ObjectType

    from gan_cli import compose

    with compose.hydra(_config_dir(context)) as program:
        options = program.config_loader.get_group_options
        groups = [name for name in options("", ObjectType.GROUP) if name != "hydra"]
        return {group: options(group, ObjectType.CONFIG) for group in groups}


def _config_dir(context: typer.Context) -> Path | None:
    """The user's own configuration files, as far as the command line names them."""
    named = context.params.get("config_dir")
    return Path(named) if named and Path(named).is_dir() else None


def _after_equals(found: list[str]) -> list[str]:
    """Candidates as the shell puts them in: bash has a word of its own after the last "="."""
    words = _bash_words()
    cut = words[-1].rfind("=") + 1 if words else 0
    return [candidate[cut:] for candidate in found]


def _bash_words() -> list[str]:
    """The words up to the cursor as the shell's user sees them; none in other shells."""
    if "COMP_WORDS" not in os.environ or "COMP_CWORD" not in os.environ:
        return []
    pieces = os.environ["COMP_WORDS"].split("\n")[: int(os.environ["COMP_CWORD"]) + 1]
    return re.sub(r"\n?=\n?", "=", "\n".join(pieces)).split("\n")
