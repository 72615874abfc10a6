"""The processes of the sides that are compared: how they are started and asked for steps."""

import contextlib
import json
import subprocess
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]

Player = subprocess.Popen[str]


@contextlib.contextmanager
def start(python: str, side: str, work: str, file: Path) -> Iterator[Player]:
    """A side's process, which ends when its standard input is closed, or at once on an error."""
    command = [python, "-m", "tests.benchmarks.player", side, work, str(file)]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, cwd=ROOT, stdin=pipe, stdout=pipe, text=True) as player:
        try:
            yield player
        except BaseException:
            player.kill()
            raise


def ask(player: Player, steps: int) -> tuple[float, float]:
    """The steps a second that a side does, and how many cores other programs kept busy.

    Raises:
        SystemExit: if the process has ended.
    """
    assert player.stdin is not None
    assert player.stdout is not None
    print(steps, file=player.stdin, flush=True)
    answer = player.stdout.readline()
    if not answer:
        raise SystemExit(f"{player.args} ended with {player.wait()}")
    rate, others = json.loads(answer)
    return rate, others
