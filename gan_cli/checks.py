"""Checks of field values that components share; the configuration puts the path in front."""

from gan_cli.errors import UsageError


def check_positive(name: str, value: int | tuple[int, ...]) -> None:
    """Refuses a size, or a tuple of sizes, with anything below 1 in it."""
    if isinstance(value, int):
        if value < 1:
            raise UsageError(f"{name}={value}: must be at least 1.")
    elif any(size < 1 for size in value):
        shown = ",".join(map(str, value))
        raise UsageError(f"{name}=[{shown}]: every size must be at least 1.")


def check_fraction(name: str, value: float) -> None:
    """Refuses a rate, momentum or slope outside [0, 1)."""
    if not 0 <= value < 1:
        raise UsageError(f"{name}={value}: must be at least 0 and less than 1.")
