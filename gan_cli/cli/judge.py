"""What `gan evaluate` does: read or draw samples, judge them, tell and write what was found."""

import json
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from gan_cli import commands, evaluation, judging
from gan_cli.cli import own_data
from gan_cli.cli.judged import Found, drawn, opened
from gan_cli.cli.moved_data import telling_the_way
from gan_cli.cli.out import check_file, check_own, unwritable_file
from gan_cli.cli.tables import show_table
from gan_cli.datasets.base import Dataset
from gan_cli.errors import GanError
from gan_cli.evaluation import Judgement
from gan_cli.features import extractors
from gan_cli.features.base import ExtractorName
from gan_cli.features.classifier import to_stderr
from gan_cli.imports import import_modules
from gan_cli.logs.waiting import waiting
from gan_cli.metrics import choice
from gan_cli.narrow import fitted, sentences
from gan_cli.training import devices


def judge_target(
    target: str,
    overrides: Sequence[str],
    names: Sequence[str],
    samples: int | None,
    extractor: ExtractorName | None,
    checkpoint: str | None,
    out: Path | None,
    config_dir: Path | None,
    modules: Sequence[str],
    *,
    as_json: bool,
) -> None:
    """Judges samples and tells what was found; see `gan evaluate`."""
    devices.started()
    import_modules(modules)
    if out is not None:
        check_file(out)
    found = opened(target, overrides, checkpoint, config_dir)
    others = _other_data(found, overrides)
    if out is None and found.run is not None and not others:
        check_own(found.run[0].evaluation)
    by = extractor or extractors.suiting(found.dataset)
    extractors.check(by, found.dataset)
    metrics = [
        metric.taking(samples) if samples else metric
        for metric in choice.named(names, found.dataset, by)
    ]
    with waiting("gan evaluate", "gan_cli.evaluation"):
        eyes = evaluation.extractor_for(metrics, found.dataset, to_stderr, by)
        judgements = judging.judge(drawn(target, found, metrics), found.dataset, metrics, eyes)
    document = evaluation.document(judgements)
    place = refused = None
    try:
        place = _written(document, found, out, is_own=not others)
    except GanError as error:  # the numbers are told all the same
        refused = error
    if as_json:
        print(json.dumps(document))
        if others:
            print(others, file=sys.stderr)
    else:
        print(f"{found.what}, judged by dataset={found.dataset.name}")
        if any(judgement.extractor for judgement in judgements):
            print(*fitted([f"features  {eyes.description}"]), sep="\n")
        show(judgements, found.dataset)
        if others:
            print(f"\n{others}")
        if place is not None:
            print(f"\nwritten  {commands.path(place)}")
    if refused is not None:
        raise refused


def _written(
    document: Mapping[str, Any], found: Found, out: Path | None, *, is_own: bool
) -> Path | None:
    """Where numbers were written: to the file of --out, into a run if they are its own, or nowhere.

    Raises:
        UsageError: if the file cannot be written.
        DataError: if the run's file is damaged.
    """
    if out is not None:
        try:
            judging.write(document, out)
        except OSError as error:
            raise unwritable_file(out, error) from error
        return out
    if found.run is None or not is_own:
        return None
    run, generator = found.run
    return judging.add(document, run, generator.step)


def _other_data(found: Found, overrides: Sequence[str]) -> str:
    """What is told where a run is judged by other data than its own; empty where it is not."""
    if found.run is None:
        return ""
    place, generator = found.run
    with telling_the_way(found.dataset, overrides):
        told = own_data.differences(place, generator.experiment, found.dataset)
    if not told:
        return ""
    return sentences(
        f"This is not the data that the run was trained on: {'; '.join(told)}. What the run holds "
        "of its own data stays as it is; --out FILE keeps these numbers."
    )


def show(judgements: Sequence[Judgement], dataset: Dataset) -> None:
    """Prints what the numbers mean, a table of them, and published results."""
    rows = [row for judgement in judgements for row in _rows(judgement, dataset)]
    verdicts = [f"{judgement.metric.name}: {judgement.verdict}" for judgement in judgements]
    print(sentences("\n".join([*verdicts, "", evaluation.overall(judgements)])), end="\n\n")
    sides = {"metric": "left", "number": "left"} | dict.fromkeys(
        ("value", "95 % interval", "real data", "samples"), "right"
    )
    show_table(sides | {"better": "left", "compares": "left"}, rows)  # type: ignore[arg-type]
    for judgement in judgements:
        if judgement.samples < judgement.metric.samples:
            told = (
                f"{judgement.metric.name} judged {judgement.samples:,} samples and not "
                f"{judgement.metric.samples:,}: there are no more, or no more real examples of "
                "their kind."
            )
            print(sentences(told))
    for judgement in judgements:
        _show_published(judgement, dataset)


def _show_published(judgement: Judgement, dataset: Dataset) -> None:
    """Prints the results that papers have by a metric's protocol, where there are any."""
    lines, usual = judgement.metric.published(dataset), type(judgement.metric).samples
    if lines and judgement.samples == usual:
        print("\npublished, by the same protocol:")
    elif lines:
        print(f"\npublished, by this protocol with {usual:,} samples:")
    for line in lines:
        print(sentences(f"  {line}"))


def _rows(judgement: Judgement, dataset: Dataset) -> list[tuple[str, ...]]:
    rows: list[tuple[str, ...]] = []
    for name, interval in judgement.values.items():
        better = judgement.metric.better.get(name)
        told = better or interval.low < interval.high
        bounds = f"{interval.low:.4g} to {interval.high:.4g}" if told else ""
        beside = (bounds, "", "")
        if better:
            beside = (bounds, f"{judgement.perfect[name]:.4g}", f"{judgement.samples:,}")
        first = judgement.metric.name if not rows else ""
        ending = (better or "", _compared(judgement, dataset) if better else "")
        rows.append((first, name, f"{interval.value:.4g}", *beside, *ending))
    return rows


def _compared(judgement: Judgement, dataset: Dataset) -> str:
    """What is compared: the examples, or by the name of an extractor their features."""
    if judgement.extractor == "pixels" and len(dataset.shape) != 3:
        return "coordinates"
    return judgement.extractor or "examples"
