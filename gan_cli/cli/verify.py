"""`gan verify`: a stretch of a run is trained again and compared with what the run has."""

import contextlib
import dataclasses
import json
import sys
from typing import TYPE_CHECKING

import typer

from gan_cli.cli.options import AsJson, Imports, Moved, Run
from gan_cli.imports import import_modules
from gan_cli.narrow import fitted

if TYPE_CHECKING:
    from gan_cli.job.verification import Verdict

NAMED = ("gan", "python", "jax", "jaxlib", "flax", "optax", "numpy", "backend", "machine")
"""The facts of a training that are always told; others where they differ."""


def verify(
    run: Run,
    moved: Moved = None,
    imports: Imports = None,
    as_json: AsJson = False,
) -> None:
    """Train a stretch of a run again, and see whether it comes out the same.

    The steps between the run's last two checkpoints, or up to its only one,
    are trained again from the first of them. On the same versions and machine
    all parameters and logged scalars must be equal to the bit; elsewhere they
    must lie within a tolerance. Nothing is written into the run.

    Exit status: 0 if they do, 1 if not.
    """
    from gan_cli import checkpoints, runs
    from gan_cli.cli import own_data
    from gan_cli.cli.moved_data import check_moves, telling_the_way
    from gan_cli.interrupts import Interrupted, stop_request
    from gan_cli.job import verification
    from gan_cli.logs.scalars import plain
    from gan_cli.logs.terminal import for_standard_output
    from gan_cli.prepared import prepare
    from gan_cli.training import devices

    devices.started()
    import_modules(imports or [])
    place = runs.resolve(run)
    lines = moved or []
    check_moves("gan verify", lines)
    experiment = verification.as_trained(place)
    with telling_the_way(experiment.dataset, lines):
        dataset = own_data.of_run(place, lines)
        prepared = prepare(dataclasses.replace(experiment, dataset=dataset))
    aside = contextlib.redirect_stdout(sys.stderr) if as_json else contextlib.nullcontext()
    with aside, stop_request() as stop:
        if place.is_running() and checkpoints.steps(place.checkpoints):
            print(f"{place.path} is still running: what it has saved so far is compared.")
        try:
            verdict = verification.verify(place, prepared, for_standard_output(), stop)
        except Interrupted:
            print("gan: interrupted, so nothing was compared", file=sys.stderr)
            raise
        for line in told(verdict):
            print(line)
    if as_json:
        document = {
            "identical": verdict.identical,
            "from": verdict.start,
            "to": verdict.end,
            "largest_difference": plain(verdict.largest_difference),
        }
        print(json.dumps(document))
    if not verdict.accepted:
        raise typer.Exit(1)


def told(verdict: "Verdict") -> list[str]:
    """What was trained again and where, what was compared, and what came out."""
    from gan_cli.job import verification
    from gan_cli.numerics import shown

    trained = [
        f"{name} {shown(verdict.trained[name])}" for name in NAMED if name in verdict.trained
    ]
    origin = f"its checkpoint of step {verdict.start:,}" if verdict.start else "the beginning"
    scalars = f"{verdict.rows} logged row{'s' * (verdict.rows != 1)}"
    others = [
        f"{name} {shown(now)}" if then is None else f"{name} {shown(now)}, not {shown(then)}"
        for name, (then, now) in verdict.elsewhere.items()
    ]
    result = "; ".join(verdict.differences) or "parameters and scalars are equal to the bit"
    if verdict.accepted and not verdict.identical:
        result += (
            f". That is within the tolerance for other versions or machines: "
            f"{verification.TOLERANCE:g} of the largest parameter, and "
            f"{verification.TOLERANCE_OF_SCALARS:g} of a scalar or of 1"
        )
    if verdict.elsewhere and not verdict.accepted:
        result += (
            f". Other versions and machines round numbers differently, and such differences grow "
            f"with every step, so {verdict.end - verdict.start:,} steps can differ this much. To "
            "compare there, train a run with checkpoints.every=10"
        )
    name = "identical" if verdict.identical else "close" if verdict.accepted else "different"
    lines = {
        "again": f"steps {verdict.start + 1:,} to {verdict.end:,}, from {origin}",
        "trained": f"with {', '.join(trained) or 'versions that were not recorded'}",
        "here": "; ".join(others) or "the same versions and machine",
        "compared": f"{verdict.arrays} arrays of the checkpoint of step {verdict.end:,}, "
        f"and {scalars}",
        name: result,
    }
    return fitted(f"{label:<9}  {text}" for label, text in lines.items())
