"""What `gan compare` and `gan plot` do: find runs, tell what they reached, draw them."""

import json
import sys
from collections.abc import Sequence
from pathlib import Path

from gan_cli import estimates
from gan_cli.cli.comparison_pictures import draw_groups, draw_runs, draw_samples, logs
from gan_cli.cli.comparison_table import show
from gan_cli.cli.named_runs import once, read_runs, those_with
from gan_cli.cli.out import check_folder, tell
from gan_cli.cli.run_names import left_out
from gan_cli.comparison.groups import Group, document, grouped, untold_in_words
from gan_cli.comparison.run import TOGETHER, Run, perfect
from gan_cli.errors import UsageError, nearest
from gan_cli.narrow import sentences
from gan_cli.runs import evaluations

TRUSTED = ("truth/", TOGETHER)
"""Scalars that compare with the known density, which a person can trust."""

NO_SCALARS = ("step", "wall_seconds")
LOSSES = ("loss/generator", "loss/discriminator")

PANELS = 9
"""The most scalars in one picture of which nobody chose them."""


def compare_runs(targets: Sequence[str], tags: Sequence[str], out: Path, *, as_json: bool) -> None:
    """Prints and draws a comparison; see `gan compare`."""
    check_folder(out)
    found = once(those_with(read_runs(targets), lambda run: bool(run.metrics or run.rows)))
    groups = grouped(found)
    chosen, partial = _chosen(tags, found, groups)
    logged = [tag for tag in chosen if any(logs(run, [tag]) for run in found)]
    curves = logged or _logged(found)
    drawn = curves if tags else curves[:PANELS]
    pictures = (
        draw_groups(groups, drawn, out / "curves.png"),
        draw_samples(groups, out / "samples.png"),
    )
    paths = [path for path in pictures if path is not None]
    behind = evaluations.behind((run.path, run.metrics, run.step) for run in found)
    if as_json:
        print(json.dumps(document(groups), indent=2))
        print(*([behind] if behind else []), *paths, sep="\n", file=sys.stderr)
        return
    show(groups, chosen)
    if partial:
        told = f"Not every run of a group has {', '.join(partial)}, so the table leaves it out."
        print(sentences(told))
    if also := untold_in_words(found):
        told = f"The groups differ in {also}, too, which a difference may come from."
        print(sentences(told))
    if behind:
        print(sentences(behind))
    _tell_the_others(drawn, curves)
    print()
    for path in paths:
        tell(path)


def plot_runs(targets: Sequence[str], tags: Sequence[str], out: Path) -> None:
    """Draws the scalars of runs, one line a run; see `gan plot`."""
    check_folder(out)
    found = read_runs(targets)
    known = _logged(found)
    for tag in tags:
        if tag in NO_SCALARS or not any(logs(run, [tag]) for run in found):
            raise UsageError(f"--tag {tag}: no run logged it. {nearest(tag, known)}")
    drawn = list(dict.fromkeys(tags)) or known[:PANELS]
    kept = those_with(found, lambda run: logs(run, drawn))
    path = draw_runs(kept, drawn, out / "scalars.png")
    _tell_the_others(drawn, [] if tags else known)
    if also := left_out(kept):
        print(sentences(also))
    tell(path)


def _tell_the_others(drawn: Sequence[str], every: Sequence[str]) -> None:
    """Says which scalars a picture has no room for."""
    if others := [tag for tag in every if tag not in drawn]:
        told = f"The curves show {len(drawn)} of {len(every)} scalars; --tag chooses others: "
        print(sentences(f"{told}{', '.join(others)}."))


def _chosen(
    tags: Sequence[str], found: Sequence[Run], groups: Sequence[Group]
) -> tuple[list[str], list[str]]:
    """The tags to show: those asked for, or what can be trusted, or else all but D's outputs.

    Returns:
        Those that all runs of a group have, and those that only some runs have.
    """
    known = list(dict.fromkeys(tag for run in found for tag in run.metrics))
    for tag in tags:
        if tag not in known:
            raise UsageError(f"--tag {tag}: no run has it. {nearest(tag, known)}")
    whole = {tag for group in groups for tag in group.metrics}
    judged = [tag for tag in known if tag in perfect(found) and not tag.startswith(TRUSTED)]
    trusted = [*judged, *(tag for tag in known if tag.startswith(TRUSTED))]
    wanted = list(dict.fromkeys(tags)) or trusted
    partial = [tag for tag in wanted if tag not in whole]
    if tags and len(partial) == len(wanted):
        raise UsageError(f"--tag {partial[0]}: not every run of a group has it.")
    chosen = [tag for tag in wanted if tag in whole]
    others = [tag for tag in known if tag in whole and tag.startswith(("divergence/", "loss/"))]
    return chosen or others, partial


def _logged(found: Sequence[Run]) -> list[str]:
    """The scalars that runs logged: losses, and then what can be trusted before the others."""
    every = dict.fromkeys(tag for run in found for row in run.rows for tag in row)
    known = [tag for tag in every if tag not in NO_SCALARS]
    if not known:
        raise UsageError("Nothing was logged yet by these runs.")
    others = (estimates.FLOOR, estimates.AT_LEAST)
    own = [t for t in known if not (t.endswith(evaluations.PERFECT) or t.startswith(others))]
    real = perfect(found)
    return sorted(
        own, key=lambda tag: (tag not in LOSSES, tag not in real, not tag.startswith(TRUSTED))
    )
