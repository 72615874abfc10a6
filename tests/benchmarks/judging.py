"""What each metric says of real, blurred, missing, copied and random samples.

    python -m tests.benchmarks.judging [DATASET]... [--samples 1000] [--json]

Each cell holds a number and, in parentheses, by how many standard errors it is worse than that of
held-out real data ("better" says that it is better), or for these than that of a perfect sampler.
"sure" stands for a difference without any error. A star marks a number that moved as the metric's
theory says, and an exclamation mark one that did not.
"""

import argparse
import json
import math
from collections.abc import Callable, Mapping
from typing import Literal, NamedTuple

from gan_cli.component import REGISTRY
from gan_cli.datasets.base import Dataset
from gan_cli.evaluation import Judgement, evaluate, extractor_for
from gan_cli.features.classifier import to_stderr
from gan_cli.metrics.base import Direction, Interval, Metric, Reference
from gan_cli.metrics.choice import chosen
from tests.benchmarks.kinds import Kinds, kinds

FIRM = 4.0
"""Numbers differ where they are this many standard errors apart.

Some thirty numbers are compared, and their errors are themselves estimated, from 10 or 20 halves.
"""

Move = Literal["worse", "better", "not worse"]

DISTANCES = ("sliced_wasserstein/value", "mmd/value", "fid/value", "kid/value")
FIDELITY = ("precision_recall/precision", "density_coverage/density")
DIVERSITY = ("precision_recall/recall", "density_coverage/coverage")
SCORE, LIKELIHOOD = "inception_score/value", "parzen/log_likelihood"
COPIES, CAPTURED = "memorisation/copies", "modes/captured"
EARTH = ("wasserstein/value", "sliced_wasserstein/value")
MODES = (CAPTURED, "modes/captured_fairly", "modes/reverse_kl")

Moves = dict[str, dict[str, Move]]
"""How numbers must move, by the kind of samples and by tag."""


def worse(*tags: str) -> dict[str, Move]:
    return dict.fromkeys(tags, "worse")


COPIED: dict[str, Move] = worse(*DISTANCES, *DIVERSITY, LIKELIHOOD, COPIES) | {SCORE: "not worse"}

POINTS: Moves = {
    "blurred": worse("modes/high_quality", *FIDELITY[1:]),
    "half": worse(*MODES, *EARTH, *DIVERSITY),
    "copies": worse(*DIVERSITY),
    "near copies": worse(*DIVERSITY),
    "noise": worse("modes/high_quality", *EARTH, *FIDELITY) | {CAPTURED: "not worse"},
}
IMAGES: Moves = {
    "blurred": worse(*DISTANCES, *DIVERSITY)
    | {LIKELIHOOD: "better", FIDELITY[0]: "better", FIDELITY[1]: "better"},
    "half": worse(*DISTANCES, *DIVERSITY, SCORE, LIKELIHOOD),
    "copies": COPIED,
    "near copies": COPIED,
    "noise": worse(*DISTANCES, *FIDELITY, *DIVERSITY, SCORE, LIKELIHOOD) | {COPIES: "not worse"},
}
FEW: Moves = {
    "half": worse(SCORE),
    "copies": {COPIES: "worse", SCORE: "not worse"},
    "near copies": {COPIES: "worse", SCORE: "not worse"},
    "noise": worse("mmd/value", "sliced_wasserstein/value", "fid/value", SCORE, LIKELIHOOD)
    | worse(*DIVERSITY)
    | {COPIES: "not worse"},
}
"""With the 200 validation images of `digits`, 100 samples show only gross faults."""


class Told(NamedTuple):
    """What a metric's number says of samples of one kind.

    interval: the number and its 95 % interval.
    errors: by how many standard errors it is worse than that of real data; negative if better.
    must: how it has to move, if the metric's theory says so.
    """

    interval: Interval
    errors: float
    must: Move | None

    @property
    def as_it_must(self) -> bool:
        return self.must is None or moved(self.errors, self.must)


Table = dict[str, dict[str, Told]]
"""By a number's tag, such as modes/captured, and by the kind of samples."""


def moved(errors: float, must: Move) -> bool:
    """Whether a number that is worse by so many standard errors moved as it must."""
    if must == "not worse":
        return errors < FIRM
    return errors >= FIRM if must == "worse" else errors <= -FIRM


def worse_by(found: Interval, base: Interval, better: Direction) -> float:
    """By how many standard errors of their difference one number is worse than another."""
    worse = (base.value - found.value) * (1 if better == "higher" else -1)
    error = math.hypot(standard_error(found), standard_error(base))
    return worse / error if error else math.inf * worse if worse else 0.0


def standard_error(interval: Interval) -> float:
    return (interval.high - interval.low) / (2 * 1.96)


def judged(dataset: Dataset, samples: int, note: Callable[[str], None]) -> Table:
    """What every metric that suits a data set says of every kind of samples.

    Args:
        dataset: a mixture of points, or labelled images.
        samples: the most samples of each kind.
        note: is told what one waits for.
    """
    made, metrics = kinds(dataset, samples), chosen([], dataset)
    extractor = extractor_for(metrics, dataset, note)

    def judge(kind: str) -> list[Judgement]:
        found = []
        for metric in metrics:
            real = by(metric, made)
            found += evaluate(made.samples[kind], real, [metric], extractor, "test")
        return found

    images = FEW if len(made.samples["real"]) < 500 else IMAGES
    must = POINTS if len(dataset.shape) == 1 else images
    return table({kind: judge(kind) for kind in made.samples}, must)


def by(metric: Metric, made: Kinds) -> Reference:
    """What a metric judges by, where validation examples stand for a perfect sampler.

    Most metrics that compare examples take the training split for it. MNIST's splits come from
    different writers, which `sliced_wasserstein`, `mmd` and `parzen` tell apart.
    """
    if metric.name == "memorisation":
        return made.real
    perfect = made.real._replace(train=made.real.validation)
    return perfect._replace(validation=made.chooses) if metric.name == "parzen" else perfect


def table(judgements: Mapping[str, list[Judgement]], must: Moves) -> Table:
    """Judgements as numbers by tag and kind, each beside that of held-out real data."""
    found: Table = {}
    for i, real in enumerate(judgements["real"]):
        for name, better in real.metric.better.items():
            tag, base = f"{real.metric.name}/{name}", real.values[name]
            perfect = Interval(*(real.perfect[name] + edge - base.value for edge in base))
            found[tag] = {}
            for kind, judgement in judgements.items():
                interval = judgement[i].values[name]
                errors = worse_by(interval, perfect if kind == "real" else base, better)
                found[tag][kind] = Told(interval, errors, must.get(kind, {}).get(tag))
    return found


def printed(name: str, found: Table) -> str:
    """The table of a data set, with the kinds of samples side by side."""
    rows = [[name, *next(iter(found.values()))]]
    for tag, row in found.items():
        metric, number = tag.split("/")
        rows.append([metric if number == "value" else number, *map(_cell, row.values())])
    widths = [max(map(len, column)) + 1 for column in zip(*rows, strict=True)]
    lines = (
        "".join(f"{cell:<{width}}" for cell, width in zip(row, widths, strict=True)) for row in rows
    )
    return "\n".join(line.rstrip() for line in lines)


def _cell(told: Told) -> str:
    value, size = told.interval.value, abs(told.errors)
    number = f"{value:.0f}" if abs(value) >= 100 else f"{value:.2g}"
    distance = f"{size:.0f}" if math.isfinite(size) else "sure"
    better = " better" if told.errors <= -0.5 else ""
    mark = "" if told.must is None else "*" if told.as_it_must else "!"
    return f"{number} ({distance}{better}){mark}"


def document(found: Table) -> dict[str, dict[str, dict[str, float | str | bool | None]]]:
    """The table as a JSON object; without any error, the number of standard errors is null."""
    return {
        tag: {
            kind: {
                **told.interval._asdict(),
                "standard_errors_worse": told.errors if math.isfinite(told.errors) else None,
                "must": told.must,
                "as_it_must": told.as_it_must,
            }
            for kind, told in row.items()
        }
        for tag, row in found.items()
    }


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("datasets", nargs="*", default=["ring", "digits", "mnist"])
    parser.add_argument("--samples", type=int, default=1000, help="default: %(default)s")
    parser.add_argument("--json", action="store_true", help="print the tables as one JSON object")
    options = parser.parse_args()
    made = REGISTRY["dataset"]
    found = {name: judged(made[name](), options.samples, to_stderr) for name in options.datasets}
    if options.json:
        print(json.dumps({name: document(each) for name, each in found.items()}, indent=2))
    else:
        print("\n\n".join(printed(name, each) for name, each in found.items()))


if __name__ == "__main__":
    main()
