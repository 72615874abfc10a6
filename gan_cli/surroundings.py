"""Keeps what a person has set for other Python programs from changing how `gan` works.

It is applied once, when the command line starts and before a library is imported; a part of it in
processes of a sweep's members too.
"""

import io
import logging
import os
import re
import sys
import warnings
from pathlib import Path

FLAGS = re.compile("-[bBdEiIOPqsSuvx]+m?")
"""Options of the interpreter that take no value, several of them behind one dash."""

UNIMPORTANT = (DeprecationWarning, PendingDeprecationWarning, ImportWarning, ResourceWarning)


def start_with_assertions() -> None:
    """Starts the interpreter anew, in the same process, where it leaves assertions out.

    Hydra reads overrides inside assertions, and `gan describe` shows docstrings: `python -O`,
    `-OO` and PYTHONOPTIMIZE take them away.
    """
    if sys.flags.optimize == 0:
        return
    given = len(sys.orig_argv) - len(sys.argv) + 1
    before = sys.orig_argv[1:given]
    without = [word.replace("O", "") if FLAGS.fullmatch(word) else word for word in before]
    if os.environ.pop("PYTHONOPTIMIZE", None) or without != before:
        options = [word for word in without if word != "-"]
        os.execv(sys.executable, [sys.executable, *options, *sys.argv[1:]])


def look_here_last() -> None:
    """Puts the current directory, which `python -m` puts first, behind what is installed.

    Else a file of the user's such as jax.py or random.py would take the place of a library.
    """
    try:
        here = str(Path.cwd())
    except FileNotFoundError:
        sys.exit("gan: the current directory no longer exists. Go to another one with cd.")
    if sys.path and sys.path[0] == here:
        sys.path.append(sys.path.pop(0))


def keep_libraries_quiet() -> None:
    """Sends the warnings of libraries to the run's log, whatever PYTHONWARNINGS says of them.

    Before there is a log, what libraries log is shown if it is of jax, which tells of a GPU that
    cannot be used.
    """
    warnings.resetwarnings()
    for category in UNIMPORTANT:
        warnings.simplefilter("ignore", category)
    logging.captureWarnings(True)
    last = logging.lastResort
    if last is not None:
        last.addFilter(lambda record: record.name.startswith(("gan_cli", "jax")))


def keep_xla_quiet() -> None:
    """Keeps XLA from warning of harmless features of the processor; before JAX is imported.

    A 1 is what JAX itself sets where it is imported, as in a notebook that starts `gan`. Who wants
    to see what XLA says sets 0.
    """
    if os.environ.get("TF_CPP_MIN_LOG_LEVEL", "1") == "1":
        os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"


def print_any_text() -> None:
    """Lets a terminal of few characters, as under LANG=C, show escapes for all others.

    What is printed where a stream is closed, as by `>&-`, is lost and disturbs nothing.
    """
    for number, name in ((1, "stdout"), (2, "stderr")):
        if getattr(sys, name) is None:
            os.dup2(os.open(os.devnull, os.O_WRONLY), number)
            setattr(sys, name, os.fdopen(number, "w", closefd=False))
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
