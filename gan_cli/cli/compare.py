"""`gan compare`: what groups of runs reached, over their seeds."""

from pathlib import Path

from gan_cli.cli.options import AsJson, Folder, Runs, Tags


def compare(
    runs: Runs, tag: Tags = None, out: Folder = Path("outputs/compare"), as_json: AsJson = False
) -> None:
    """Compare runs: what each configuration reached, and how sure that is.

    Runs that differ in their seeds alone are one group. Each number is a mean
    over seeds with a 95 % interval by Student's t; differences to the first
    group are taken seed by seed. Curves and sample pictures are drawn.
    """
    from gan_cli.cli.comparing import compare_runs

    compare_runs(runs, tag or [], out, as_json=as_json)


def plot(runs: Runs, tag: Tags = None, out: Folder = Path("outputs/plot")) -> None:
    """Draw the scalars of runs over their steps, without TensorBoard."""
    from gan_cli.cli.comparing import plot_runs

    plot_runs(runs, tag or [], out)
