"""`gan list`: the groups of the configuration, their choices, and what each is for."""

import json
import shutil
import textwrap
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from gan_cli.cli import other_commands
from gan_cli.cli.completion import complete_group
from gan_cli.cli.options import AsJson, ConfigDir, Imports
from gan_cli.errors import UsageError, nearest, seen
from gan_cli.imports import import_modules

if TYPE_CHECKING:
    from gan_cli.reference.files import Choices

WIDEST = 100

CHOSEN_BY = {
    "metric": "gan evaluate RUN --metric NAME",
    "regularizer": "gan train regularizer=[NAME,...]",
}
"""How a group's choices are chosen, where it is not by an override of gan train."""


LAUNCHERS = (
    "What trains the members of a sweep: gan train -m hydra/launcher=NAME, which is side_by_side "
    "(the default), vmap or basic, or joblib, submitit_local, submitit_slurm or ray where they are "
    "installed"
)


SWEEPERS = (
    "What chooses the members of a sweep: gan train -m hydra/sweeper=NAME, which is basic (the "
    "default), or optuna where it is installed"
)


def refuse_hydras(word: str | None) -> None:
    """Refuses a group of Hydra's own, and says how it is chosen in."""
    for group, told in {"launcher": LAUNCHERS, "sweeper": SWEEPERS}.items():
        if word in (group, f"{group}s", f"hydra/{group}", f"hydra.{group}"):
            raise UsageError(f"{word}: it is Hydra's own. {told}.")


def list_choices(
    group: Annotated[
        str | None,
        typer.Argument(
            help="One group, such as objective.",
            show_default="all groups",
            autocompletion=complete_group,
        ),
    ] = None,
    as_json: AsJson = False,
    config_dir: ConfigDir = None,
    imports: Imports = None,
) -> None:
    """List what there is to choose, with one line about each.

    Everything about one of them: gan describe GROUP=NAME
    """
    known = open_choices(imports, config_dir)
    refuse_hydras(group)
    if group is not None and group not in known:
        told = [f"gan describe {each}={group}" for each, names in known.items() if group in names]
        choice = f"It is a choice: {', '.join(told)}." if told else other_commands.told(group)
        raise UsageError(f"{seen(group)}: no such group. {nearest(group, known, choice)}")

    from gan_cli.reference.entries import purpose

    groups = [group] if group else list(known)
    found = {each: {name: purpose(each, name, known) for name in known[each]} for each in groups}
    if as_json:
        print(json.dumps(found, indent=2))
        return
    for each, purposes in found.items():
        print(f"{each}  ({CHOSEN_BY.get(each, f'gan train {each}=NAME')})")
        print("\n".join(columns(purposes.items())), end="\n\n")
    print("Everything about one of them: gan describe GROUP=NAME")
    print("\n".join(wrapped(LAUNCHERS)))


def refuse_commands(word: str | None, known: "Choices") -> None:
    """Refuses what is no choice and no group but names a command, and says which."""
    names = {*known, *(name for choices in known.values() for name in choices)}
    if word is not None and word not in names and (told := other_commands.told(word)):
        raise UsageError(f"{word}: no such choice. {told}")


def open_choices(imports: list[str] | None, config_dir: Path | None) -> "Choices":
    """The choices of all groups, the user's own among them.

    Raises:
        UsageError: if a module cannot be imported; and see `compose.check_directory`.
    """
    import_modules(imports or [])
    from gan_cli.composition import compose
    from gan_cli.reference.files import choices

    if config_dir is not None:
        compose.check_directory(config_dir)

    return choices(config_dir)


def columns(rows: Iterable[tuple[str, str]]) -> list[str]:
    """Names and texts side by side, the texts wrapped to the width of the terminal."""
    rows = list(rows)
    margin = max((len(name) for name, _ in rows), default=0) + 4
    lines = []
    for name, text in rows:
        start = f"  {name}".ljust(margin)
        lines += wrapped(text, start, " " * margin) or [start.rstrip()]
    return lines


def wrapped(text: str, start: str = "", margin: str = "") -> list[str]:
    """A text in lines that fit the terminal; one with line breaks of its own keeps them."""
    width = min(shutil.get_terminal_size().columns, WIDEST)
    if "\n" in text:
        return [margin + line for line in text.splitlines()]
    return textwrap.wrap(
        text,
        width,
        initial_indent=start,
        subsequent_indent=margin,
        break_long_words=False,
        break_on_hyphens=False,
    )
