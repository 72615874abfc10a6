"""`gan look`: runs in TensorBoard, named by what tells them apart."""

from typing import Annotated

import typer

from gan_cli.cli.options import Runs


def look(
    runs: Runs = ["outputs"],  # noqa: B006  (Typer shows the list and changes nothing)
    port: Annotated[
        int | None, typer.Option(min=1, max=65535, help="TensorBoard's port; 6006 by default.")
    ] = None,
    names: Annotated[
        bool, typer.Option("--names", help="Print the names of the runs, and start nothing.")
    ] = False,
) -> None:
    """Show runs in TensorBoard, each named by what tells it apart from the others.

    Such as objective=wgan k=5, where TensorBoard itself would show the date.
    Runs that begin later are there when the command is started again.
    """
    from gan_cli.cli.looking import look_at

    raise typer.Exit(look_at(runs, port, show=not names))
