"""The command that a command line calls, found without running it."""

from collections.abc import Sequence
from typing import Any, NamedTuple

import typer


class Called(NamedTuple):
    """What Typer makes of a command line.

    context: of the innermost command that it names.
    refused: the usage error for an option that this command does not have; None without one.
    """

    context: Any
    refused: Exception | None

    @property
    def options(self) -> dict[str, Any]:
        """The command's options by name."""
        known = self.context.command.get_params(self.context)
        return {name: each for each in known for name in each.opts if name[:1] == "-"}


def called(app: typer.Typer, words: Sequence[str]) -> Called:
    """Reads a command line as Typer does, as far as the names of commands and options.

    Args:
        app: the application.
        words: what was typed after `gan`.
    """
    name, rest, context = "gan", [*words], None
    command: Any = typer.main.get_command(app)
    while True:
        context = command.context_class(command, parent=context, info_name=name)
        try:
            rest = command.make_parser(context).parse_args(rest)[1]
        except Exception as error:
            if not hasattr(error, "format_message"):
                raise
            return Called(context, error)
        own = getattr(command, "commands", {})
        if not rest or rest[0] not in own:
            return Called(context, None)
        name, *rest = rest
        command = own[name]
