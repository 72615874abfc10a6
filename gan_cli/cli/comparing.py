"""What `gan compare` and `gan plot` do: find runs, tell what they reached, draw them."""

import json
import sys
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path

from gan_cli import comparison, estimates, reading, runs, storage
from gan_cli.cli.out import check_folder, save
from gan_cli.cli.tables import count, show_table
from gan_cli.comparison import Estimate, Group, Run
from gan_cli.errors import DataError, UsageError, nearest, seen
from gan_cli.narrow import sentences
from gan_cli.plots import beside, curves
from gan_cli.runs import RunDirectory, evaluations

TRUSTED = ("truth/", comparison.TOGETHER)
"""Scalars that compare with the known density, which a person can trust."""

PANELS = 9
"""The most scalars in one picture."""


def compare_runs(targets: Sequence[str], tags: Sequence[str], out: Path, *, as_json: bool) -> None:
    """Prints and draws a comparison; see `gan compare`."""
    check_folder(out)
    found = read_runs(targets)
    groups = comparison.grouped(found)
    chosen = _chosen(tags, found)
    paths = [str(path) for path in _draw(groups, found, chosen, out)]
    behind = evaluations.behind((run.path, run.metrics, run.step) for run in found)
    if as_json:
        print(json.dumps(comparison.document(groups), indent=2))
        print(*([behind] if behind else []), *paths, sep="\n", file=sys.stderr)
        return
    _show(groups, chosen)
    if behind:
        print(sentences(behind))
    if len(chosen) > PANELS:
        told = f"The curves show the first {PANELS} of {len(chosen)} numbers; --tag chooses others."
        print(sentences(told))
    print("\n".join(["", *paths]))


def plot_runs(targets: Sequence[str], tags: Sequence[str], out: Path) -> None:
    """Draws the scalars of runs, one line a run; see `gan plot`."""
    check_folder(out)
    found = read_runs(targets)
    lines = {tag: [_line([run], tag) for run in found] for tag in _logged(tags, found)}
    title = count(len(found), "run")
    picture = curves.draw(title, lines, [str(run.path) for run in found], _shared(found))
    print(save(out / "scalars.png", picture))


def find(targets: Sequence[str]) -> list[Path]:
    """The runs that arguments name: runs, sweeps, folders, patterns, or latest.

    Raises:
        UsageError: if one of them names no run.
    """
    found: dict[Path, None] = {}
    for target in targets:
        if target == "latest":
            places = [runs.resolve(target).path]
        else:
            folders = [Path(target)] if Path(target).is_dir() else sorted(Path().glob(target))
            places = sorted(path for folder in folders for path in runs.find(folder))
        if not places and (file := storage.in_the_way(Path(target))) is not None:
            raise UsageError(f"{file} is not a folder, and so holds no runs.")
        if not places:
            raise UsageError(
                f"{seen(target)}: there is no run. 'gan runs' lists the runs there are."
            )
        found |= dict.fromkeys(places)
    return sorted(found, key=lambda path: [_number(part) for part in path.parts])


def read_runs(targets: Sequence[str]) -> list[Run]:
    """The runs that arguments name; a damaged one beside others is told of and left out.

    Raises:
        UsageError: if one of them names no run.
        DataError: if all are damaged.
    """
    found, problems = [], []
    for path in find(targets):
        try:
            found.append(comparison.read(path))
        except DataError as error:
            problems.append(error)
    if not found:
        raise problems[0]
    for problem in problems:
        print(f"gan: {problem} Its run is left out.", file=sys.stderr)
    return found


def _number(part: str) -> tuple[int, str]:
    """Sorts members 2 and 10 as numbers."""
    return (int(part), "") if part.isdecimal() else (-1, part)


def _chosen(tags: Sequence[str], found: Sequence[Run]) -> list[str]:
    """The tags to show: those asked for, or what can be trusted, or else all but D's outputs."""
    known = list(dict.fromkeys(tag for run in found for tag in run.metrics))
    for tag in tags:
        if tag not in known:
            raise UsageError(f"--tag {tag}: no run has it. {nearest(tag, known)}")
    if tags:
        return list(dict.fromkeys(tags))
    judged = [tag for tag in known if tag in _perfect(found) and not tag.startswith(TRUSTED)]
    trusted = [*judged, *(tag for tag in known if tag.startswith(TRUSTED))]
    return trusted or [tag for tag in known if tag.startswith(("divergence/", "loss/"))]


def _perfect(found: Sequence[Run]) -> dict[str, float]:
    """What real examples score, by tag; of runs on the same data they are nearly the same."""
    return {tag: value for run in found for tag, value in run.perfect.items()}


def _shared(found: Sequence[Run]) -> dict[str, float]:
    """What real examples score, by tag, where all runs are on the same data."""
    data = [
        {key: value for key, value in run.settings.items() if key.startswith("dataset.")}
        for run in found
    ]
    return _perfect(found) if all(each == data[0] for each in data) else {}


def _logged(tags: Sequence[str], found: Sequence[Run]) -> list[str]:
    """The logged scalars to draw: those asked for, or what can be trusted before the others."""
    every = dict.fromkeys(tag for run in found for row in run.rows for tag in row)
    known = [tag for tag in every if tag not in ("step", "wall_seconds")]
    if not known:
        raise UsageError("Nothing was logged yet by these runs.")
    for tag in tags:
        if tag not in known:
            raise UsageError(f"--tag {tag}: no run logged it. {nearest(tag, known)}")
    beside = (estimates.FLOOR, estimates.AT_LEAST)
    own = [
        tag for tag in known if not (tag.endswith(evaluations.PERFECT) or tag.startswith(beside))
    ]
    perfect = _perfect(found)
    ranked = sorted(own, key=lambda tag: (tag not in perfect, not tag.startswith(TRUSTED)))
    return list(dict.fromkeys(tags or ranked))[:PANELS]


def _show(groups: Sequence[Group], tags: Sequence[str]) -> None:
    """A table of each tag in every group, and how many comparisons that makes."""
    rows = []
    for tag in tags:
        having = [group for group in groups if tag in group.metrics]
        for number, group in enumerate(having):
            estimate, difference = group.metrics[tag], group.differences.get(tag)
            perfect = _perfect(group.runs)
            means = {known: each.mean for known, each in group.metrics.items()}
            rows.append(
                (
                    tag if number == 0 else "",
                    group.name,
                    str(estimate.n),
                    estimates.marked(f"{estimate.mean:.4g}", tag, means),
                    _interval(estimate),
                    f"{perfect[tag]:.4g}" if tag in perfect else "",
                    f"{difference.mean:+.4g}" if difference else "",
                    _interval(difference) if difference else "",
                )
            )
    left, right = "left", "right"
    sides = {"metric": left, "group": left, "runs": right, "mean": right, "95 % interval": right}
    sides |= {"real data": right, "beyond the first": right, "its 95 % interval": right}
    alone = [1] if len(groups) == 1 else []
    kept = [n for n in range(len(sides)) if n not in alone and any(row[n] for row in rows)]
    shown = {name: side for n, (name, side) in enumerate(sides.items()) if n in kept}
    show_table(shown, [[row[n] for n in kept] for row in rows])  # type: ignore[arg-type]
    explained = "\n".join(estimates.explained(row[3] for row in rows))
    print(sentences(f"{explained}\n") if explained else "")
    compared = [
        group.differences[tag] for group in groups for tag in tags if tag in group.differences
    ]
    if compared:
        told = f"{count(len(compared), 'comparison')} with the first group, {groups[0].name}, over "
        print(sentences(f"{told}equal seeds."))
    if any(_interval(difference) for difference in compared):
        told = "Of 100 intervals of a difference that is none, about 5 leave 0 outside."
        print(sentences(told))
    absent: dict[str, list[str]] = defaultdict(list)
    for group in groups:
        absent[", ".join(tag for tag in tags if tag not in group.metrics)].append(group.name)
    for missing, names in absent.items():
        if missing:
            print(sentences(f"Without {missing}: {'; '.join(names)}."))
    if any(len(group.runs) == 1 for group in groups):
        what = "One run" if sum(len(group.runs) for group in groups) == 1 else "A group of one run"
        print(sentences(f"{what} has no interval: seed='range(5)' trains five."))


def _interval(estimate: Estimate) -> str:
    if estimate.low is None or estimate.high is None:
        return ""
    return f"{estimate.low:.4g} to {estimate.high:.4g}"


def _draw(
    groups: Sequence[Group], found: Sequence[Run], tags: Sequence[str], out: Path
) -> list[Path]:
    """Draws curves with bands, and the sample pictures side by side, where there are any."""
    names = [f"{group.name} ({count(len(group.runs), 'run')})" for group in groups]
    logged = {tag for run in found for row in run.rows for tag in row}
    drawn = [tag for tag in tags if tag in logged] or _logged([], found)
    lines = {tag: [_line(group.runs, tag) for group in groups] for tag in drawn[:PANELS]}
    several = any(len(group.runs) > 1 for group in groups)
    title = "Means over seeds with 95 % intervals" if several else count(len(found), "run")
    paths = [save(out / "curves.png", curves.draw(title, lines, names, _shared(found)))]
    pictures = [(group.name, picture) for group in groups if (picture := _picture(group.runs[0]))]
    if pictures:
        sheet = beside.draw([each for _, each in pictures], [name for name, _ in pictures])
        paths.append(save(out / "samples.png", sheet))
    return paths


def _line(runs: Sequence[Run], tag: str) -> curves.Line:
    steps, values = comparison.curve(runs, tag)
    around = comparison.band(values) if len(values) > 1 and len(steps) else None
    return curves.Line(steps, values.mean(axis=0), around)


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
