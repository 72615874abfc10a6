"""The summary of a run before its first step."""

import platform
from importlib import metadata

import gan_cli
from gan_cli.numerics import numerics
from gan_cli.prepared import Prepared
from gan_cli.runs import Summary
from gan_cli.training.layout import Layout
from gan_cli.training.state import count
from gan_cli.training.step import gradient_evaluations


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
