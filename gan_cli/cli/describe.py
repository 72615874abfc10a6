"""`gan describe`: everything about one choice: purpose, maths, settings, source, example."""

import dataclasses
import json
import shlex
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from gan_cli.cli.completion import complete_choice
from gan_cli.cli.list import columns, open_choices, refuse_commands, refuse_hydras, wrapped
from gan_cli.cli.options import AsJson, ConfigDir, Imports
from gan_cli.console import width

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gan_cli.reference.entries import Entry
    from gan_cli.reference.settings import Described

TABLE = "tuned"

HOW = (
    "What auto stands for. A row counts where a configuration chooses all that it names; of those "
    "that set a key the last one decides. Every override wins."
)

WITHOUT_FILE = (
    "No command can choose it yet: it has no YAML file. Write GROUP/NAME.yaml with its name and "
    "its settings into a folder of your own, and pass the folder with --config-dir."
)


def describe(
    target: Annotated[
        str | None,
        typer.Argument(
            metavar="[GROUP=NAME|KEY|tuned]",
            autocompletion=complete_choice,
            help="A choice, such as objective=wgan, or a setting, such as architecture.latent; the "
            "settings outside all groups by default.",
            show_default=False,
        ),
    ] = None,
    as_json: AsJson = False,
    config_dir: ConfigDir = None,
    imports: Imports = None,
) -> None:
    """Tell everything about one choice: purpose, maths, settings, source and an example.

    With a setting: what it sets, its default, and which choices have it.
    With `tuned`: the table that chooses what is left at auto.

    Without an argument: the settings that belong to no group, such as k and steps.
    What there is to choose: gan list
    """
    known = open_choices(imports, config_dir)
    refuse_hydras(target)

    from gan_cli.reference import entries, files, settings

    if target == TABLE:
        _tell_table(config_dir, as_json)
        return
    if target is not None and files.is_key(target, known):
        _tell(settings.describe(target, known), as_json)
        return
    refuse_commands(target, known)
    if target is None:
        entry = entries.describe_root(known)
    else:
        group, name = files.find(target, known)
        entry = entries.describe(group, name, known)
        if entry.example and files.is_own(known[group][name]):
            entry = _as_it_can_be_chosen(entry, entry.example, config_dir)
    if entry.example and (imports or config_dir):
        options = [f"--import={module}" for module in imports or []]
        options += [f"--config-dir={config_dir}"] if config_dir else []
        command = f"gan train {shlex.join(options)}"
        example = entry.example.replace("gan train", command, 1)
        entry = dataclasses.replace(entry, example=example)
    if as_json:
        print(json.dumps(dataclasses.asdict(entry), indent=2))
    else:
        print("\n".join(lines(entry)))


def _as_it_can_be_chosen(entry: "Entry", example: str, config_dir: Path | None) -> "Entry":
    """An entry without its example where that would be refused, with the reason instead."""
    from gan_cli import config
    from gan_cli.composition import compose
    from gan_cli.composition.origins import naming_files
    from gan_cli.errors import UsageError

    overrides = shlex.split(example)[2:]
    if any(word.startswith("-") for word in overrides):  # a sweep
        return entry
    try:
        with compose.hydra(config_dir) as program:
            composed = compose.compose(program, overrides)
        with naming_files(composed):
            config.load(compose.plain(composed))
    except UsageError as error:
        return dataclasses.replace(entry, example=None, fault=str(error))
    return entry


def _tell(found: "Sequence[Described]", as_json: bool) -> None:
    """Prints what is known of a setting, once for each default that it has."""
    if as_json:
        print(json.dumps([dataclasses.asdict(each) for each in found], indent=2))
        return
    for number, (setting, choices) in enumerate((each.setting, each.choices) for each in found):
        kind = f"({setting.type})" if setting.type else ""
        told = _headed(f"{setting.default}  ", kind, "  ")
        told += wrapped(setting.meaning, "  ", "  ")
        told += wrapped(f"A setting of {', '.join(choices)}.", "  ", "  ") if choices else []
        print("\n".join(["", *told] if number else told))


def _tell_table(config_dir: Path | None, as_json: bool) -> None:
    """Prints the rows of the table of settings."""
    from gan_cli.reference.tuned import rows

    found = rows(config_dir)
    if as_json:
        print(json.dumps([dataclasses.asdict(row) for row in found], indent=2))
        return
    print("\n".join(wrapped(HOW)))
    for row in found:
        conditions = [f"{key} {' or '.join(names)}" for key, names in row.conditions.items()]
        told = wrapped(f"{row.place}: {'; '.join(conditions) or 'always'}", "", "    ")
        told += wrapped("  ".join(row.settings), "  ", "  ")
        told += wrapped(f"left out: {', '.join(row.left_out)}", "  ", "  ") * bool(row.left_out)
        print("\n".join(["", *told]))


def lines(entry: "Entry") -> list[str]:
    """An entry for people."""
    told = [*([entry.name] if entry.name else []), *wrapped(entry.purpose)]
    for text in entry.explanation:
        told += ["", *wrapped(text)]
    if entry.formulas:
        told += ["", "What it computes", *columns(entry.formulas.items())]
    if entry.settings:
        told += ["", *_settings(entry)]
    if entry.source:
        told += ["", *wrapped(entry.source, "Source   ", " " * 9)]
    why = f"It cannot be chosen. {entry.fault}" if entry.fault else WITHOUT_FILE
    told += ["", *([f"Example  {entry.example}"] if entry.example else wrapped(why))]
    return told


def _headed(head: str, kind: str, margin: str) -> list[str]:
    """A setting and its type on one line, or on two where one is too long for the terminal."""
    if len(head) + len(kind) <= width():
        return [f"{head}{kind}".rstrip()]
    return [head.rstrip(), *wrapped(kind, margin, margin)]


def _settings(entry: "Entry") -> list[str]:
    from gan_cli.reference.entries import override

    others = " and ".join(prefix.rstrip(".") for prefix in entry.prefixes[1:])
    told = [f"Settings and defaults{others and f'; those of {others} are the same'}"]
    if others:
        told += wrapped("A key without the player's name sets both, as in the example.", "  ", "  ")
    if entry.name and entry.component is None:
        told = ["What it sets"]
    for setting in entry.settings:
        kind = f"({setting.type})" if setting.type else ""
        told += _headed(f"{f'  {override(setting)}':<40}  ", kind, " " * 6)
        told += wrapped(setting.meaning, " " * 6, " " * 6)
    return told
