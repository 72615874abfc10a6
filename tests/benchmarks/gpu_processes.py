"""The tasks of `gpu.py` that need other processes: PyTorch, starts, and options of the compiler."""

import contextlib
import itertools
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import jax

from gan_cli.bench.speed import alone
from tests.benchmarks import beginnings, players, synthetic
from tests.benchmarks.gpu_bench import Bench, same
from tests.benchmarks.timing import in_turns, ratios, words

DETERMINISTIC = "--xla_gpu_deterministic_ops=true"
IN_A_GRAPH = (
    "--xla_gpu_enable_command_buffer=FUSION,CUBLAS,CUBLASLT,CUDNN,CUSTOM_CALL,CONDITIONAL,WHILE"
)
"""Lets XLA record the loop over steps as a CUDA graph too."""


def beside_torch(work: str, bench: Bench) -> Iterator[str]:
    """Steps a second here and in each form of PyTorch, in rounds that take turns.

    All sides start and compile at once; how many steps make a round is found out afterwards.
    """
    prepared = bench.ready(work)
    sides = ("eager", "compiled", *(["graph"] if jax.default_backend() == "gpu" else []))
    with tempfile.TemporaryDirectory() as folder, ThreadPoolExecutor() as pool:
        file = Path(folder, "work.npz")
        beginnings.hand_over(prepared, synthetic.settings(prepared.experiment), file)
        with contextlib.ExitStack() as stack:
            started = {
                side: stack.enter_context(players.start(bench.torch_python, side, work, file))
                for side in sides
            }
            first = {side: pool.submit(players.ask, started[side], 0) for side in sides}
            synthetic.trained(prepared, 1)  # compiles ours meanwhile
            for side in sides:
                if error := first[side].exception():
                    yield f"{side} failed: {error}"
            turns: dict[str, Callable[[], float]] = {"ours": alone(prepared, bench.seconds)}
            for side, player in started.items():
                if not first[side].exception():
                    steps = max(1, round(bench.seconds * players.ask(player, 0)[0]))
                    turns[side] = lambda p=player, n=steps: players.ask(p, n)[0]
            rates = in_turns(turns, bench.rounds)
    ours = rates.pop("ours")
    yield f"{words(ours, 'steps/s', 0)} here"
    for side, theirs in rates.items():
        yield f"{words(theirs, 'steps/s', 0)} {side}; here {words(ratios(ours, theirs))} times that"


def starts(work: str, bench: Bench) -> Iterator[str]:
    """Seconds from a process's start to its first step, and whether its bits come again."""
    with tempfile.TemporaryDirectory() as empty, tempfile.TemporaryDirectory() as other:
        digests = []
        for name, cache in (("cold", empty), ("warm", empty), ("cold again", other)):
            seconds, told = first_steps(work, cache, bench)
            digests.append(told["digest"])
            yield f"{name}: {seconds:.2f} s to the first step"
        yield f"processes that share compiled programs are {same(*digests[:2])}"
        yield f"processes that compile their own are {same(*digests[::2])}"


def with_options(work: str, options: str, bench: Bench) -> Iterator[str]:
    """Speed and bits of two processes with options of XLA's."""
    with tempfile.TemporaryDirectory() as cache:
        told = [first_steps(work, cache, bench, options)[1] for _ in range(2)]
    rates = list(itertools.chain.from_iterable(each["rates"] for each in told))
    bits = same(*(each["digest"] for each in told))
    yield f"{words(rates, 'steps/s', 0)}; two processes are {bits}"


def first_steps(
    work: str, cache: str, bench: Bench, options: str = ""
) -> tuple[float, dict[str, Any]]:
    """Seconds from a process's start to its first step, and what it told."""
    command = [sys.executable, "-m", "tests.benchmarks.first_steps", work, cache]
    numbers = [str(bench.steps), str(bench.seconds), *(["--small"] if bench.small else [])]
    flags = f"{os.environ.get('XLA_FLAGS', '')} {options}".strip()
    begun = time.time()
    done = subprocess.run(
        [*command, *numbers],
        cwd=players.ROOT,
        env=os.environ | {"XLA_FLAGS": flags},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise SystemExit(done.stderr)
    told = json.loads(done.stdout.splitlines()[-1])
    return told["first_step"] - begun, told
