"""Commands whose help shows no type beside an option that takes no value."""

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
