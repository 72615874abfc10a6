"""The user's own configuration files beside the package's, which come before them."""

from collections.abc import Iterator
from pathlib import Path

from gan_cli import commands
from gan_cli.composition.experiment_defaults import EXPERIMENT
from gan_cli.errors import UsageError

READ_BESIDE = ("tuned.yaml",)
"""What may have the name of one of the package's: its rows are read after the package's own."""

ENDINGS = (".yaml", ".yml")


def check_names(folder: Path, shipped: Path) -> None:
    """Refuses a file of the user's that has the name of one of the package's and is another.

    Hydra would use the package's without a word. A copy that says the same changes nothing.

    Args:
        folder: the user's configuration files.
        shipped: the package's.

    Raises:
        UsageError: naming both files and what to do.
    """
    for theirs in sorted(shipped.rglob("*.yaml")):
        place = theirs.relative_to(shipped)
        if str(place) in READ_BESIDE:
            continue
        for own in (folder / place.with_suffix(ending) for ending in ENDINGS):
            if own.is_file() and not _says_the_same(own, theirs):
                raise UsageError(_clash(own, theirs, place))


def _says_the_same(own: Path, theirs: Path) -> bool:
    """Whether two files have the same lines; one that cannot be read has not."""
    try:
        if own.stat().st_size > 2 * theirs.stat().st_size:  # which no ends of lines account for
            return False
        return own.samefile(theirs) or [*_lines(own)] == [*_lines(theirs)]
    except OSError:
        return False


def _lines(path: Path) -> Iterator[bytes]:
    """The lines of a file, whatever system ended them."""
    with path.open("rb") as file:
        yield from (line.rstrip(b"\r\n") for line in file)


def _clash(own: Path, theirs: Path, place: Path) -> str:
    """That gan has a file of that name, and what to do."""
    taken = f"{own} would not be read: gan has a file of that name, {theirs}."
    group, name = place.parent, place.stem
    if not group.name:
        wanted = commands.path(own.parent / EXPERIMENT / "NAME.yaml")
        return (
            f"{taken} Move it to {wanted}, with the first line '# @package _global_', and choose "
            f"it: {EXPERIMENT}=NAME"
        )
    return f"{taken} Rename yours, such as to my_{name}.yaml, and choose it: {group}=my_{name}"
