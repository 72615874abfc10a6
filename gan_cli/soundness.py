"""Which releases of jax compute wrong numbers, told from the installed versions without jax."""

import shlex
import sys
from importlib import metadata

from gan_cli.errors import UsageError

WRONG_ROWS = "computes wrong sums in compiled programs on a CPU (jax issue 39103)"
CRASHES = "ends the process in some compiled sums on a CPU (jax issue 39257)"
KNOWN_WRONG = {"0.10.2": f"{WRONG_ROWS} and {CRASHES}", "0.11.0": CRASHES}
"""The releases of jax and jaxlib that are known to be wrong, each with what is wrong with it."""


def installed(package: str) -> str | None:
    """The version of a package, or None if it is not installed."""
    try:
        return metadata.version(package)
    except metadata.PackageNotFoundError:
        return None


def wrong_jax() -> str | None:
    """One line about an installed jax or jaxlib that computes wrong numbers, or None.

    It names the package, the fault, and the command that installs a sound release.
    """
    for package in ("jaxlib", "jax"):  # the compiler, where the faults lie, is in jaxlib
        version = (installed(package) or "").partition("+")[0]
        if version in KNOWN_WRONG:
            return f"{package} {version} {KNOWN_WRONG[version]}. Install another: {mend()}"
    return None


def mend() -> str:
    """The command that installs a sound jax for this Python, and its GPU plugin if there is one."""
    wanted = "==0.10.1" if sys.version_info < (3, 12) else ">=0.11.1"
    plugins = [f"cuda{n}" for n in (12, 13) if installed(f"jax-cuda{n}-plugin")]
    extra = f"[{plugins[-1]}]" if plugins else ""
    packages = shlex.join([f"jax{extra}{wanted}", f"jaxlib{wanted}"])
    return f"{shlex.quote(sys.executable)} -m pip install {packages}"


def refuse_wrong_jax() -> None:
    """Stops a command that computes before it starts.

    Raises:
        UsageError: if jax or jaxlib is a release that is known to compute wrong numbers.
    """
    if problem := wrong_jax():
        raise UsageError(problem)
