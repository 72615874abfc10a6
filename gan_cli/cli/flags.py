"""Help without a type beside an option that takes no value, and with whole summaries."""

from typing import Any

import typer
from typer.core import TyperCommand, TyperGroup


class Command(TyperCommand):
    """A command of such help."""

    def get_params(self, ctx: Any) -> Any:
        return _without_types(super().get_params(ctx))


class Group(TyperGroup):
    """A group of commands of such help."""

    def get_params(self, ctx: Any) -> Any:
        return _without_types(super().get_params(ctx))

    def format_commands(self, ctx: Any, formatter: Any) -> None:
        """Lists the commands, each with the first paragraph of its help, in any terminal."""
        named = [(name, self.get_command(ctx, name)) for name in self.list_commands(ctx)]
        shown = [
            (name, " ".join((command.help or "").strip().split("\n\n")[0].split()))
            for name, command in named
            if command is not None and not command.hidden
        ]
        if shown:
            with formatter.section("Commands"):
                formatter.write_dl(shown)


def take_no_values(*apps: typer.Typer) -> None:
    """Gives such help to applications, with the commands that they have so far."""
    for app in apps:
        app.info.cls = Group
        for command in app.registered_commands:
            command.cls = Command


def _without_types(parameters: list[Any]) -> list[Any]:
    for parameter in parameters:
        if getattr(parameter, "is_flag", False):
            parameter.metavar = ""
    return parameters
