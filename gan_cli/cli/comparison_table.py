"""The table of `gan compare`: what each group reached, and how sure that is."""

from collections import defaultdict
from collections.abc import Sequence

from gan_cli import estimates
from gan_cli.cli.tables import count, show_table
from gan_cli.comparison.groups import Group
from gan_cli.comparison.run import perfect
from gan_cli.comparison.statistics import FEW, Estimate
from gan_cli.narrow import sentences

UNKNOWN = "unknown"
"""The difference of two lower bounds."""
WORDS = {"lower": "at least ", "upper": "at most ", None: ""}


def show(groups: Sequence[Group], tags: Sequence[str]) -> None:
    """A table of each tag in every group, and how many comparisons that makes."""
    rows = []
    for tag in tags:
        having = [group for group in groups if tag in group.metrics]
        for number, group in enumerate(having):
            estimate, difference = group.metrics[tag], group.differences.get(tag)
            real = perfect(group.runs)
            means = {known: each.mean for known, each in group.metrics.items()}
            rows.append(
                (
                    tag if number == 0 else "",
                    group.name,
                    str(estimate.n),
                    estimates.marked(f"{estimate.mean:.4g}", tag, means),
                    _interval(estimate),
                    f"{real[tag]:.4g}" if tag in real else "",
                    _beyond(difference, estimate, groups[0].metrics.get(tag)),
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
    if any(row[6] == UNKNOWN for row in rows):
        print(sentences(f"{UNKNOWN}: of both groups a lower bound alone is known."))
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
    if any(1 < len(group.runs) < FEW for group in groups):
        print(
            sentences(
                "With fewer than five runs an interval is wide, that of two 13 times as wide as "
                "they are apart: seed='range(5)' trains five."
            )
        )


def _beyond(difference: Estimate | None, estimate: Estimate, first: Estimate | None) -> str:
    """What a group is beyond the first one, as far as it is known."""
    if difference is not None:
        return f"{WORDS[difference.bound]}{difference.mean:+.4g}"
    return UNKNOWN if first and first is not estimate and first.bound and estimate.bound else ""


def _interval(estimate: Estimate) -> str:
    """The ends of an interval that are known."""
    ends = [f"{end:.4g}" for end in (estimate.low, estimate.high) if end is not None]
    return f"{WORDS[estimate.bound]}{ends[0]}" if len(ends) == 1 else " to ".join(ends)
