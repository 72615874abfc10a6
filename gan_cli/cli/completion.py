"""TAB completion: overrides, and the names that other commands take."""

import contextlib
import os
import re
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from gan_cli.files import path_of

if TYPE_CHECKING:
    from gan_cli.runs import RunDirectory

KEPT = "GAN_COMPLETION_KEPT"
"""The variable that holds what the shell keeps of the word under the cursor."""


def join_words() -> None:
    """Makes one word again of those that bash has split at "=", when it asks for candidates.

    Of the word under the cursor bash replaces only what stands after the last "=", so that alone is
    left in its place. Where "=" does not split words ($COMP_WORDBREAKS), nothing changes.
    """
    if "COMP_WORDS" not in os.environ or "COMP_CWORD" not in os.environ:
        return
    pieces = os.environ["COMP_WORDS"].split("\n")[: int(os.environ["COMP_CWORD"]) + 1]
    *before, word = re.sub(r"\n?(?<![^\n])=(?![^\n])\n?", "=", "\n".join(pieces)).split("\n")
    last = "" if pieces[-1] == "=" else pieces[-1]
    kept = word.removesuffix(last)
    if kept.startswith("-"):  # an option and its value
        before.append(kept.rstrip("="))
        kept = ""
    os.environ["COMP_WORDS"], os.environ["COMP_CWORD"] = (
        "\n".join([*before, last]),
        str(len(before)),
    )
    os.environ[KEPT] = kept


def complete_override(context: typer.Context, incomplete: str) -> list[str]:
    """What the override under the cursor can become.

    A lone candidate that ends in "=" would be followed by a space, so a value is offered beside it.
    """
    before = context.params.get("overrides") or ()
    from gan_cli.cli.candidates import candidates
    from gan_cli.composition import compose

    with compose.hydra(_config_dir(context)) as program:
        known = [word for word in before if re.match(r"[\w./@+~]+=.", word)]
        return _cut(candidates(program, _word(incomplete), known))


def complete_run(incomplete: str) -> list[str]:
    """Runs under outputs/, the newest first, and `latest`."""
    from gan_cli import runs

    found = [str(path) for path in reversed(runs.find(Path("outputs")))]
    return [name for name in ("latest", *found) if name.startswith(incomplete)]


def complete_checkpoint(context: typer.Context, incomplete: str) -> list[str]:
    """The steps of the checkpoints of the run before, the newest first, and `best`."""
    steps: set[int] = set()
    for place in _runs(context):
        folder = place.checkpoints
        paths = folder.iterdir() if folder.is_dir() else ()
        steps |= {int(path.name) for path in paths if path.name.isdecimal()}
    found = [*map(str, sorted(steps, reverse=True)), "best"]
    return [name for name in found if name.startswith(incomplete)]


def complete_tag(context: typer.Context, incomplete: str) -> list[str]:
    """The scalars that the runs before have reached."""
    from gan_cli.errors import DataError

    tags: set[str] = set()
    for place in _runs(context):
        with contextlib.suppress(DataError):  # a run whose summary is damaged has none to offer
            tags |= {*place.read_summary().get("metrics", {})}
    return sorted(tag for tag in tags if tag.startswith(incomplete))


def complete_names(*names: str) -> Callable[[str], list[str]]:
    """Completes one of these names."""

    def complete(incomplete: str) -> list[str]:
        return [name for name in names if name.startswith(incomplete)]

    return complete


def complete_group(context: typer.Context, incomplete: str) -> list[str]:
    """The groups of the configuration."""
    return [name for name in _choices(context) if name.startswith(incomplete)]


def complete_choice(context: typer.Context, incomplete: str) -> list[str]:
    """Choices such as objective=wgan, and the table of settings."""
    every = [f"{group}={name}" for group, names in _choices(context).items() for name in names]
    word = _word(incomplete)
    return _cut([choice for choice in (*every, "tuned") if choice.startswith(word)])


def complete_metric(context: typer.Context, incomplete: str) -> list[str]:
    """The names of metrics."""
    return [name for name in _choices(context)["metric"] if name.startswith(incomplete)]


def complete_dataset(context: typer.Context, incomplete: str) -> list[str]:
    """The names of data sets."""
    return [name for name in _choices(context)["dataset"] if name.startswith(incomplete)]


def complete_download(incomplete: str) -> list[str]:
    """The data sets whose files can be fetched: those that lie in dataset.root."""
    from gan_cli.composition import compose
    from gan_cli.composition.file_settings import having

    with compose.hydra() as program:
        found = having(program.config_loader.repository, "dataset.root")
    names = [choice.partition("=")[2] for choice in found]
    return [name for name in names if name.startswith(incomplete)]


def _runs(context: typer.Context) -> "list[RunDirectory]":
    """The runs that the command line names so far.

    Click leaves its arguments unread where the word under the cursor is the value of an option.
    """
    from gan_cli import runs
    from gan_cli.errors import UsageError

    found = []
    for word in context.args:
        try:
            found.append(runs.resolve(word))
        except UsageError:
            found += [runs.RunDirectory(path) for path in runs.find(Path(word))]
    return found


def _choices(context: typer.Context) -> dict[str, list[str]]:
    """The groups, each with the names of its files."""
    from hydra.core.object_type import ObjectType

    from gan_cli.composition import compose

    with compose.hydra(_config_dir(context)) as program:
        options = program.config_loader.get_group_options
        groups = [name for name in options("", ObjectType.GROUP) if name != "hydra"]
        return {group: options(group, ObjectType.CONFIG) for group in groups}


def _config_dir(context: typer.Context) -> Path | None:
    """The user's own configuration files, as far as the command line names them."""
    named = context.params.get("config_dir")
    folder = path_of(named) if named else None
    return folder if folder and folder.is_dir() else None


def _word(incomplete: str) -> str:
    """The whole word under the cursor."""
    return f"{os.environ.get(KEPT, '')}{incomplete}"


def _cut(found: list[str]) -> list[str]:
    """Candidates without what the shell keeps of the word under the cursor."""
    kept = os.environ.get(KEPT, "")
    return [candidate.removeprefix(kept) for candidate in found]
