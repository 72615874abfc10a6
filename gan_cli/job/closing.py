"""The last lines of a training: how it ended, where its results are, and how to go on."""

from collections.abc import Mapping
from typing import Any

from gan_cli import checkpoints, commands, estimates
from gan_cli.logs.terminal import duration, speed
from gan_cli.objectives.divergence_names import in_words
from gan_cli.runs import OUTPUTS, RunDirectory, Summary
from gan_cli.training.outcome import Outcome


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
            f"try      {tried}, in a new run: resumed as it is, this run would diverge again"
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


def what_broke(outcome: Outcome, place: RunDirectory) -> str:
    """Which step of a diverged run was not finite, and which checkpoint is kept."""
    broken = ", ".join(f"{tag} is {outcome.last[tag]}" for tag in outcome.broken)
    saved = checkpoints.steps(place.checkpoints)
    kept = f"The checkpoint of step {saved[-1]:,} is kept." if saved else "No checkpoint was saved."
    return f"step {outcome.step:,} is not finite: {broken}. {kept}"


def _about_divergences(metrics: Mapping[str, Any]) -> list[str]:
    """What the estimates and truths of divergences do not say by their numbers alone."""
    lines = []
    for tag, value in metrics.items():
        name = tag.partition("/")[2]
        if tag.startswith(estimates.TAG) and estimates.is_too_low(tag, value):
            what = f"D's {in_words(name)} is {value:.4g}"
            lines.append(f"estimate {what}, {estimates.reason(tag, value)}")
        elif estimates.is_lower_bound(tag, metrics):
            own = metrics.get(f"{estimates.TAG}{name}")
            above = isinstance(own, float | int) and own > value
            beside = f", and D's own estimate is {own:.4g}" if above else ""
            lines.append(f"truth    the true {in_words(name)} is at least {value:.4g}{beside}")
    if any(line.startswith("truth ") for line in lines):
        lines.append(f"         It may be far more: {estimates.ENDS_EARLY}")
    return lines
