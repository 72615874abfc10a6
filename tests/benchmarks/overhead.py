"""What logs, samples and checkpoints at their defaults add to the bare steps.

python tests/benchmarks/overhead.py [OVERRIDES]... [--rounds 5]
Interleaved in one process: a run's training as `gan train` does it, and its chunks alone.
"""

import argparse
import statistics
import tempfile
import time
from pathlib import Path

import jax

from gan_cli import compose, config, job
from gan_cli.cli.member import plain
from gan_cli.interrupts import Wish
from gan_cli.logs.terminal import Lines
from gan_cli.problem import Problem, feed, picture_latents, prepare
from gan_cli.runs import RunDirectory
from gan_cli.training.loop import Clock
from gan_cli.training.program import Alone
from gan_cli.training.state import build


class Silent(Lines):
    def note(self, text: str) -> None:
        pass


def written(problem: Problem) -> float:
    """The wall seconds of a training with everything that it writes, until all is written."""
    experiment = problem.experiment
    with tempfile.TemporaryDirectory() as place:
        run = RunDirectory(Path(place))
        (run.path / ".hydra").mkdir()
        run.config.write_text("{}")
        with job.begin(experiment, run, resume=False) as begun:
            start = job.state_of(begun, resume=False)
            program = Alone(problem.networks, experiment.recipe)
            latents = picture_latents(experiment, problem.spec)
            begin = time.perf_counter()
            source = feed(experiment, problem.device)
            job.train_all([(begun, None)], program, source, start.state, latents, Silent(), Wish())
            return time.perf_counter() - begin


def bare(problem: Problem) -> float:
    """The wall seconds of the same steps, in chunks as long as the loop would make them."""
    experiment = problem.experiment
    program = Alone(problem.networks, experiment.recipe)
    state = build(experiment.recipe, problem.spec)[1]
    source = feed(experiment, problem.device).at(0)[0]
    begin = time.perf_counter()
    clock, step = Clock(), 0
    while step < experiment.steps:
        length = min(clock.length, experiment.steps - step)
        chunk = program.run(source, state, length, experiment.log_every, experiment.steps)
        state, step = jax.block_until_ready(chunk.state), step + length
        clock.tick(length)
    return time.perf_counter() - begin


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("overrides", nargs="*")
    parser.add_argument("--rounds", type=int, default=5)
    chosen = parser.parse_args()
    with compose.hydra() as program:
        problem = prepare(config.load(plain(compose.compose(program, chosen.overrides))))
    written(problem)
    ratios = []
    for _ in range(chosen.rounds):
        once, other = bare(problem), written(problem)
        ratios.append(other / once)
        print(f"bare {once:.2f} s, written {other:.2f} s, ratio {ratios[-1]:.3f}", flush=True)
    middle = statistics.median(ratios)
    print(f"median ratio {middle:.3f} ({min(ratios):.3f} to {max(ratios):.3f})")


if __name__ == "__main__":
    main()
