"""The pictures of `gan compare` and `gan plot`: scalars over steps, and samples side by side."""

import sys
from collections.abc import Sequence, Set
from pathlib import Path

from gan_cli import reading
from gan_cli.cli.out import save
from gan_cli.cli.run_names import names
from gan_cli.cli.tables import count
from gan_cli.comparison.curves import bounded, curve
from gan_cli.comparison.groups import Group, untold_in_words
from gan_cli.comparison.run import Run, perfect
from gan_cli.comparison.statistics import FEW, spread
from gan_cli.errors import DataError
from gan_cli.plots import beside, curves
from gan_cli.runs import RunDirectory


def draw_runs(found: Sequence[Run], tags: Sequence[str], path: Path) -> Path:
    """Draws scalars with a line for each run, named by what tells it apart."""
    lines = {tag: [_line([run], tag) for run in found] for tag in tags}
    named = names(found) if len(found) > 1 else [str(found[0].path)]
    title = _with_untold(count(len(found), "run"), found)
    return save(path, curves.draw(title, lines, named, _shared(found)))


def draw_groups(groups: Sequence[Group], tags: Sequence[str], path: Path) -> Path:
    """Draws scalars with a line for each group of runs that logged any, and a band around it."""
    logging = [group for group in groups if any(logs(run, tags) for run in group.runs)]
    found = [run for group in logging for run in group.runs]
    lines = {tag: [_line(group.runs, tag) for group in logging] for tag in tags}
    named = [_legend(group) for group in logging]
    title = _title({len(group.runs) for group in logging}) or count(len(found), "run")
    return save(path, curves.draw(_with_untold(title, found), lines, named, _shared(found)))


def _with_untold(title: str, found: Sequence[Run]) -> str:
    """The title of a picture, with the settings in which runs differ beside those of its legend."""
    also = untold_in_words(found)
    return f"{title}\n(they differ in {also}, too)" if also else title


def _legend(group: Group) -> str:
    """The name of a group and how many runs it has."""
    if group.settings:
        return f"{group.name} ({count(len(group.runs), 'run')})"
    return group.name if len(group.runs) == 1 else f"all {count(len(group.runs), 'run')}"


def _title(sizes: Set[int]) -> str:
    """What the lines and bands of a picture are, by how many runs its groups have, if several."""
    most, several = max(sizes), [size for size in sizes if size > 1]
    if not several:
        return ""
    if most < FEW:
        return "Means and ranges over seeds"
    few = f",\nor with the range of fewer than {FEW}"
    is_mixed = min(several) < FEW
    return f"Means over seeds with 95 % intervals{few if is_mixed else ''}"


def draw_samples(groups: Sequence[Group], path: Path) -> Path | None:
    """Puts the newest sample picture of each group's first run side by side; None without any."""
    pictures = [(group.name, picture) for group in groups if (picture := _picture(group.runs[0]))]
    if not pictures:
        return None
    return save(path, beside.draw([each for _, each in pictures], [name for name, _ in pictures]))


def logs(run: Run, tags: Sequence[str]) -> bool:
    """Whether a run logged any of some scalars."""
    return any(tag in row for row in run.rows for tag in tags)


def _shared(found: Sequence[Run]) -> dict[str, float]:
    """What real examples score, by tag, where all runs are on the same data."""
    data = [
        {key: value for key, value in run.settings.items() if key.startswith("dataset.")}
        for run in found
    ]
    return perfect(found) if all(each == data[0] for each in data) else {}


def _line(runs: Sequence[Run], tag: str) -> curves.Line:
    steps, values = curve(runs, tag)
    around = spread(values) if len(values) > 1 and len(steps) else None
    return curves.Line(steps, values.mean(axis=0), around, bounded(runs, tag, steps))


def _picture(run: Run) -> bytes | None:
    """The newest sample picture of a run; one that is damaged is told of and left out."""
    place = RunDirectory(run.path)
    steps = place.sample_steps()
    if not steps:
        return None
    path = place.sample(steps[-1])
    try:
        with reading.naming(path, "is damaged, and is left out of samples.png."):
            found = reading.content(path)
            beside.opened(found)
    except DataError as error:
        print(f"gan: {error}", file=sys.stderr)
        return None
    return found
