"""Distributions that the user gives as text."""

from typing import TYPE_CHECKING

from gan_cli.errors import UsageError

if TYPE_CHECKING:
    from gan_cli.divergences.distributions import OnLine


def read(option: str, text: str) -> "OnLine":
    """Reads a distribution on the line.

    Args:
        option: the option with this text, such as --p; error messages begin with it.
        text: the distribution in the notation that `parse` reads.

    Raises:
        UsageError: naming the option, the text, the place in it, and what would be valid there.
    """
    from gan_cli.divergences import parse

    try:
        return parse(text)
    except UsageError as error:
        raise UsageError(f"{option} {error}") from None
