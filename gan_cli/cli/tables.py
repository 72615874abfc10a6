"""A table of texts on standard output."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Literal

from rich.console import Console
from rich.table import Table
from rich.text import Text

PIPED_WIDTH = 200
"""The width of a table that goes to a file or a pipe, in characters."""


def show_table(
    columns: Mapping[str, Literal["left", "right"]], rows: Iterable[Sequence[str]]
) -> None:
    """Prints rows below the names of their columns; long cells are folded.

    Args:
        columns: the name and the alignment of each column.
        rows: the cells of each row, in the columns' order.
    """
    table = Table(box=None, pad_edge=False, header_style="bold")
    for name, side in columns.items():
        table.add_column(Text(name), justify=side, overflow="fold")
    for row in rows:
        table.add_row(*map(Text, row))
    terminal = Console(highlight=False)
    console = terminal if terminal.is_terminal else Console(highlight=False, width=PIPED_WIDTH)
    with console.capture() as printed:
        console.print(table)
    for line in printed.get().splitlines():
        print(line.rstrip())
