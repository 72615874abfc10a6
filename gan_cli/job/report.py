"""What a run says of itself: header, first summary, hyper-parameters, last lines."""

import platform
from collections.abc import Mapping
from importlib import metadata
from typing import Any

import gan_cli
from gan_cli import checkpoints, commands, estimates
from gan_cli.component import Component
from gan_cli.composition.overrides import key_of
from gan_cli.config import JOINT, Experiment
from gan_cli.datasets import partition
from gan_cli.datasets.base import FiniteDataset
from gan_cli.logs.terminal import duration, speed
from gan_cli.numerics import numerics
from gan_cli.objectives.f_divergences import ROWS
from gan_cli.prepared import Prepared
from gan_cli.runs import OUTPUTS, RunDirectory, Summary
from gan_cli.training.layout import Layout
from gan_cli.training.loop import Outcome
from gan_cli.training.state import count
from gan_cli.training.step import gradient_evaluations

DIVERGENCES = {
    **{row.measures: row.words for row in ROWS.values()},
    "jensen_shannon": "Jensen-Shannon divergence",
    "relativistic": "Jensen-Shannon divergence between pairs",
    "relativistic_average": "distance of the relativistic average game",
    "wasserstein_1": "Wasserstein-1 distance",
}
"""Words for divergences whose names in scalar tags are no words."""


def facts(prepared: Prepared) -> dict[str, str]:
    """What is being trained, in the words of the header."""
    experiment, abstract = prepared.experiment, prepared.abstract
    dataset, split = experiment.dataset, prepared.split
    form = " x ".join(str(side) for side in prepared.spec.shape)
    points = f"points in {form} dimension{'s' * (form != '1')}"
    if split is None:
        data = f"{points}, drawn anew for every batch"
    elif len(prepared.spec.shape) == 1:
        data = f"{len(split.examples):,} {points}"
    else:
        data = f"{len(split.examples):,} examples of {form}"
    steady = [f", packs of {m}"] if (m := experiment.architecture.packing) > 1 else []
    steady += [", spectral norm"] if experiment.architecture.spectral_norm else []
    g, d = (count(each.parameters) for each in (abstract.generator, abstract.discriminator))
    tuned = {"tuned": prepared.tuned} if prepared.tuned else {}
    return {
        "dataset": f"{dataset.name} ({data})",
        **remarks(prepared),
        "generator": f"{experiment.architecture.name}, {g:,} parameters",
        "discriminator": f"{experiment.architecture.name}, {d:,} parameters{''.join(steady)}",
        "objective": f"{experiment.objective.name} "
        f"(D measures the {_in_words(experiment.objective.measures)})",
        **_regularizer(experiment),
        "k": _updates(experiment),
        "training": f"{experiment.steps:,} steps of batch {experiment.batch_size}, "
        f"seed {experiment.seed}, {experiment.precision}",
        "device": _device(prepared),
    } | tuned


def _device(prepared: Prepared) -> str:
    """The kind of the device, and among how many of them minibatches are divided."""
    kind, count = prepared.device.platform, prepared.layout.size
    named = kind if kind == "cpu" else f"{kind} ({prepared.device.device_kind})"
    if count == 1:
        return named
    processes = prepared.layout.processes
    inside = f" in {processes} processes" if processes > 1 else ""
    return (
        f"{count} x {named}{inside}, each with {prepared.experiment.batch_size // count} of a batch"
    )


def _updates(experiment: Experiment) -> str:
    """What a step does, such as "2 D updates a step, alternating"."""
    if experiment.update in JOINT:
        weight = f" of weight {experiment.consensus_weight:g}"
        how = f"{experiment.update}{weight if experiment.update == 'consensus' else ''}"
        taken = gradient_evaluations(experiment)["generator"]
        return f"both players at once, {how}, {taken} gradients of each a step"
    updates = "update" if experiment.k == 1 else "updates"
    unrolled = f", G's gradient through {experiment.unroll} more" if experiment.unroll else ""
    return f"{experiment.k} D {updates} a step, {experiment.update}{unrolled}"


def _in_words(divergence: str) -> str:
    """What D measures, such as "Jensen-Shannon divergence"."""
    return DIVERGENCES.get(divergence, divergence.replace("_", " "))


def _regularizer(experiment: Experiment) -> dict[str, str]:
    """The regularizers, each with its first setting, such as "r1 (weight 0.1)"."""
    told = []
    for name, each in experiment.regularizer.items():
        settings = list(vars(each).items())
        first = [f" ({key} {value:g})" for key, value in settings[:1] if isinstance(value, float)]
        told.append(f"{name}{''.join(first)}")
    return {"regularizer": ", ".join(told)} if told else {}


def remarks(prepared: Prepared) -> dict[str, str]:
    """What is odd about the user's data, if anything is.

    It says what of the files is left out, what is odd about the pixels, and that nothing is set
    aside to judge samples by.
    """
    dataset = prepared.experiment.dataset
    left_out = dataset.left_out if isinstance(dataset, FiniteDataset) else ""
    told = {"left out": left_out, "range": prepared.range, "judging": _unjudged(prepared)}
    return {name: text for name, text in told.items() if text}


def _unjudged(prepared: Prepared) -> str:
    """Why samples cannot be judged, of data whose settings set no examples aside."""
    dataset, split = prepared.experiment.dataset, prepared.split
    if (
        split is None
        or 0 not in partition.set_aside(dataset)
        or prepared.experiment.evaluate_end == "off"
    ):
        return ""
    assert isinstance(dataset, FiniteDataset)
    kept = partition.keeping(dataset, len(split.examples))
    return f"none, since no examples are set aside to judge by. {kept}"


def first_summary(prepared: Prepared) -> Summary:
    """What is known of a run before its first step."""
    experiment, abstract = prepared.experiment, prepared.abstract
    return {
        "status": "running",
        "step": 0,
        "steps": experiment.steps,
        "seed": experiment.seed,
        "parameters": {
            "generator": count(abstract.generator.parameters),
            "discriminator": count(abstract.discriminator.parameters),
        },
        "gradient_evaluations": gradient_evaluations(experiment),
        "metrics": {},
        "wall_seconds": 0.0,
        "compile_seconds": 0.0,
        "steps_per_second": 0.0,
        "device": prepared.device.device_kind,
        "versions": versions(),
        "numerics": numerics() | {"lanes": "none", **_spread(prepared.layout)},
        "data_shape": list(prepared.spec.shape),
    }


def _spread(layout: Layout) -> dict[str, str]:
    """Over how many devices, and processes where there are several, a run is spread."""
    processes = {"processes": str(layout.processes)} if layout.processes > 1 else {}
    return {"devices": str(layout.size)} | processes


def versions() -> dict[str, str]:
    """The versions that a run's numbers depend on."""
    names = ("jax", "jaxlib", "flax", "optax", "orbax-checkpoint", "numpy")
    found = {name: metadata.version(name) for name in names}
    return {"gan": gan_cli.__version__, "python": platform.python_version()} | found


def hyperparameters(experiment: Experiment, place: RunDirectory) -> dict[str, Any]:
    """What tells a run from others: what was overridden, its choices, and its main numbers."""
    found: dict[str, Any] = {}
    for group in ("dataset", "architecture", "objective"):
        found[group] = getattr(experiment, group).name
    for player in ("generator", "discriminator"):
        optimizer = getattr(experiment.optimizer, player)
        found[f"optimizer/{player}"] = optimizer.name
        found[f"optimizer.{player}.learning_rate"] = optimizer.learning_rate
    for key in ("k", "batch_size", "seed", "steps", "update", "unroll", "ema", "precision"):
        found[key] = getattr(experiment, key)
    overridden = (key_of(line).replace("/", ".") for line in place.read_overrides())
    return found | {key: _loaded(experiment, key) for key in overridden}


def _about_divergences(metrics: Mapping[str, Any]) -> list[str]:
    """What the estimates and truths of divergences do not say by their numbers alone."""
    lines = []
    for tag, value in metrics.items():
        name = tag.partition("/")[2]
        if tag.startswith(estimates.TAG) and estimates.is_too_low(tag, value):
            what = f"D's {_in_words(name)} is {value:.4g}"
            lines.append(f"estimate {what}, {estimates.reason(tag, value)}")
        elif estimates.is_lower_bound(tag, metrics):
            own = metrics.get(f"{estimates.TAG}{name}")
            above = isinstance(own, float | int) and own > value
            beside = f", and D's own estimate is {own:.4g}" if above else ""
            lines.append(f"truth    the true {_in_words(name)} is at least {value:.4g}{beside}")
    if any(line.startswith("truth ") for line in lines):
        lines.append(f"         It may be far more: {estimates.ENDS_EARLY}")
    return lines


def _loaded(experiment: Experiment, key: str) -> str | float | bool:
    """The value of a setting as the experiment has it, of one type however it was written."""
    value: Any = experiment
    for name in key.split("."):
        value = value.get(name) if isinstance(value, Mapping) else getattr(value, name, None)
    if isinstance(value, Component):
        return getattr(value, "name", str(value))
    if isinstance(value, Mapping | tuple):  # of several components their names
        return f"[{','.join(map(str, value))}]"
    return value if isinstance(value, str | float | int) else str(value)


def what_broke(outcome: Outcome, place: RunDirectory) -> str:
    """Which step of a diverged run was not finite, and which checkpoint is kept."""
    broken = ", ".join(f"{tag} is {outcome.last[tag]}" for tag in outcome.broken)
    saved = checkpoints.steps(place.checkpoints)
    kept = f"The checkpoint of step {saved[-1]:,} is kept." if saved else "No checkpoint was saved."
    return f"step {outcome.step:,} is not finite: {broken}. {kept}"


def closing(summary: Summary, place: RunDirectory) -> list[str]:
    """How the run ended, where its results are, and the commands to go on with."""
    rate = summary["steps_per_second"]
    took = duration(summary["wall_seconds"])
    below = place.path.is_relative_to(OUTPUTS)
    folder, latest = (OUTPUTS, "latest") if below else (place.path, place.path)
    lines = [f"{summary['status']}: step {summary['step']:,} after {took}, {speed(rate)}"]
    lines.append(f"run      {commands.path(place.path)}")
    if seconds := summary.get("theory_seconds"):
        share = seconds / max(summary["wall_seconds"], seconds)
        lines.append(f"theory   {duration(seconds)} beside the training, {share:.0%} of its time")
    if seconds := summary.get("evaluation_seconds"):
        share = seconds / max(summary["wall_seconds"], seconds)
        lines.append(f"judging  {duration(seconds)} beside the training, {share:.0%} of its time")
    if best := summary.get("best"):
        lines.append(f"best     {best['tag']} {best['value']:.4g} at step {best['step']:,}")
    lines += _about_divergences(summary.get("metrics", {}))
    drawn = place.sample_steps()
    if drawn:
        lines.append(f"samples  {commands.path(place.sample(drawn[-1]))}")
    if summary["status"] == "completed":
        lines.append(f"look     {commands.tensorboard(folder)}")
        chosen = ["--checkpoint", "best"] if summary.get("best") else []
        lines.append(f"sample   {commands.sample(latest, *chosen)}")
    elif summary["status"] == "diverged":
        tried = summary["diagnosis"]["try"]
        lines.append(
            f"try      {tried}, in a new run: this run would diverge again if it were resumed"
        )
    else:
        lines.append(f"go on    {place.resume_command}")
    return lines


def closing_at_once(place: RunDirectory) -> list[str]:
    """What is left of a run that a second signal ended within its steps, and how to go on."""
    saved = checkpoints.steps(place.checkpoints)
    state = f"the state of step {saved[-1]:,} is safe" if saved else "no state was saved yet"
    return [
        f"interrupted: {state}",
        f"run      {commands.path(place.path)}",
        f"go on    {place.resume_command}",
    ]
