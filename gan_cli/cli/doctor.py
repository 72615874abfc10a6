"""`gan doctor`: whether jax computes right numbers here, and what gan finds on this machine."""

import itertools
import json
import os
import platform
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import typer

from gan_cli import __version__
from gan_cli.cli.list import AsJson, wrapped
from gan_cli.files import is_writable
from gan_cli.soundness import installed, mend, wrong_jax

Facts = dict[str, Any]

PACKAGES = ("jax", "jaxlib", "flax", "optax", "orbax-checkpoint", "numpy")
EXTRAS = {
    "hydra-joblib-launcher": "trains the members of a sweep in several processes: "
    "pip install 'gan-cli[joblib]'",
    "torch": "is what the benchmarks compare gan with: pip install 'gan-cli[bench]'",
}
"""Packages that gan can do without, each with what it is for."""

PREFIXES = ("JAX_", "XLA_", "GAN_", "HYDRA_", "CUDA_", "NVIDIA_")
VARIABLES = ("MPLBACKEND", "MATPLOTLIBRC", "XDG_CACHE_HOME", "OMP_NUM_THREADS", "PYTHONPATH")
"""The environment variables that change numbers or behaviour, beside those with a prefix above."""

PROBE = [sys.executable, "-m", "gan_cli.probe"]

LONGEST = 300
"""Seconds after which a probe is given up."""


def doctor(as_json: AsJson = False) -> None:
    """Check that jax computes right numbers on this machine, and show what gan finds here.

    Small compiled computations are compared with NumPy in 64 bits. The exit
    status is 1 if one of them goes wrong, if jax does not work, or if it is a
    release that is known to be wrong.
    """
    facts = examine()
    print(json.dumps(facts, indent=2) if as_json else "\n".join(lines(facts)))
    if not facts["sound"]:
        raise typer.Exit(1)


def examine() -> Facts:
    """All facts by subject; those that need jax come from processes of their own."""
    probed, canaries, broken = probe()
    caches = {name: _folder(Path(path)) for name, path in probed.get("caches", {}).items()}
    data_folder = probed.get("data_folder")
    complaint = _complaint(canaries, broken)
    return {
        "versions": {"gan": __version__, "python": platform.python_version()}
        | {package: installed(package) for package in PACKAGES},
        "interpreter": sys.executable,
        "wrong_release": wrong_jax(),
        "devices": probed.get("devices", []),
        "numerics": probed.get("numerics", {}),
        "canaries": canaries,
        "caches": caches,
        "data_folder": data_folder,
        "data": probed.get("data", {}),
        "not_installed": {name: why for name, why in EXTRAS.items() if not installed(name)},
        "environment": {
            name: value
            for name, value in sorted(os.environ.items())
            if name.startswith(PREFIXES) or name in VARIABLES
        },
        "sound": complaint is None,
        "verdict": complaint or _missing(caches, data_folder) or "Everything is in order.",
    }


def probe() -> tuple[Facts, dict[str, str | None], str | None]:
    """Asks a process that imports jax, and a new one for the rest after a canary has ended it.

    Returns:
        What they told; the problem of each canary, or None; why jax does not work, or None.
    """
    facts: Facts = {}
    canaries: dict[str, str | None] = {}
    while True:
        said, errors, ending = _ask(list(canaries))
        started = None
        for line in said.splitlines():
            told = json.loads(line)
            facts |= told
            started = told.get("started")
            if "finished" in told:
                canaries[told["finished"]] = told["problem"]
        if ending is None or started is None:
            return facts, canaries, ending and (errors.strip().splitlines() or [ending])[-1]
        canaries[started] = ending


def _ask(finished: list[str]) -> tuple[str, str, str | None]:
    """A probe's output and errors, and how it ended, or None where that was as it should."""
    pipe = subprocess.PIPE
    process = subprocess.Popen([*PROBE, *finished], stdout=pipe, stderr=pipe, text=True)
    try:
        said, errors = process.communicate(timeout=LONGEST)
    except subprocess.TimeoutExpired:
        process.kill()
        return *process.communicate(), f"did not end within {LONGEST} seconds"
    if process.returncode < 0:
        return said, errors, f"ended the process with {signal.Signals(-process.returncode).name}"
    ending = f"ended the process with status {process.returncode}" if process.returncode else None
    return said, errors, ending


def _folder(path: Path) -> Facts:
    """How much a folder holds, and whether it can be written, or made where it does not exist."""
    size = sum(_size(file) for file in path.rglob("*"))
    return {"path": str(path), "bytes": size, "writable": is_writable(path)}


def _size(file: Path) -> int:
    """The bytes of a file; none of a folder, and none of what may not be looked at."""
    try:
        return file.stat().st_size if file.is_file() else 0
    except OSError:
        return 0


def _missing(caches: dict[str, Facts], data_folder: str | None) -> str | None:
    """What gan will miss although its numbers are right, or None."""
    closed = [cache["path"] for cache in caches.values() if not cache["writable"]]
    named = os.environ.get("GAN_DATA_DIR")
    told = [f"{', '.join(closed)} cannot be written, so nothing is kept there"] if closed else []
    if named and data_folder and not Path(data_folder).is_dir():
        told.append(f"$GAN_DATA_DIR names {data_folder}, which is no folder")
    return f"Numbers computed here are right, but {', and '.join(told)}." if told else None


def _complaint(canaries: dict[str, str | None], broken: str | None) -> str | None:
    """One sentence about what is wrong and how it is mended, or None."""
    if wrong := wrong_jax():
        return f"gan refuses to compute here: {wrong}"
    if broken:
        again = f"If it has to be installed anew: {mend()}"
        return f"jax does not work here: {broken.rstrip('.')}. {again}"
    if count := sum(problem is not None for problem in canaries.values()):
        return (
            f"Do not trust numbers computed here: {count} of the {len(canaries)} checks went "
            f"wrong. Install another jax: {mend()}"
        )
    return None


def lines(facts: Facts) -> list[str]:
    """The facts for people, one a line, and the verdict."""
    told = list(_labelled(facts))
    width = max(len(label) for label, _ in told)
    told_in_lines = (wrapped(text, f"{label:{width}}  ", " " * (width + 2)) for label, text in told)
    return [*itertools.chain(*told_in_lines), "", facts["verdict"]]


def _labelled(facts: Facts) -> Iterator[tuple[str, str]]:
    for name, version in facts["versions"].items():
        yield name, version or "not installed"
    yield "known to be wrong", "yes, see below" if facts["wrong_release"] else "no"
    for device in facts["devices"]:
        yield "device", device
    for name, value in facts["numerics"].items():
        if name not in facts["versions"]:
            text = {True: "on", False: "off", "": "not set"}.get(value, value)
            yield name.replace("_", " "), text
    for name, problem in facts["canaries"].items():
        yield f"check: {name}", problem or "right"
    for name, cache in facts["caches"].items():
        state = "" if cache["writable"] else ", cannot be written"
        yield f"cache of {name}", f"{cache['path']}, {cache['bytes'] / 1e6:,.1f} MB{state}"
    if facts["data_folder"]:
        yield "data folder", facts["data_folder"]
    for name, whole in facts["data"].items():
        yield f"data: {name}", "here" if whole else f"missing or damaged: gan data fetch {name}"
    for name, why in facts["not_installed"].items():
        yield "not installed", f"{name}, which {why}"
    for name, value in facts["environment"].items():
        yield "variable", f"{name}={value}"
