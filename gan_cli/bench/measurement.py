"""All that is measured of one experiment on this device."""

from collections.abc import Callable, Sequence
from typing import Literal, NamedTuple

import jax

from gan_cli.bench import flops, memory
from gan_cli.bench.flops import Flops
from gan_cli.bench.memory import Memory
from gan_cli.bench.peak import Product, products
from gan_cli.bench.rounds import Spread, spread, take_turns
from gan_cli.bench.speed import Training, alone, form_of, together
from gan_cli.errors import UsageError
from gan_cli.problem import Problem, stays_on_disk
from gan_cli.sweep.lanes import Form

ALONE = "training"


class Lane(NamedTuple):
    """Trainings as one program. rate: member-steps per second. ratio: of it to one alone's."""

    lanes: int
    form: Form | Literal["alone"]
    rate: Spread
    ratio: Spread


class Measurement(NamedTuple):
    """What was measured.

    steps: per second. examples: of the data a step, k minibatches that D is trained on.
    flops: of a step. achieved: flops x steps. products: the operations per second of matrix
    products by size. share: achieved / the quickest product's. memory: after training alone.
    """

    steps: Spread
    examples: int
    flops: Flops
    achieved: Spread
    products: dict[int, Spread]
    share: Spread
    memory: Memory
    lanes: list[Lane]


def measure(
    problem: Problem,
    lanes: Sequence[int],
    rounds: int,
    seconds: float,
    note: Callable[[str], None],
) -> Measurement:
    """Measures a training by itself, as so many lanes, and the best matrix products beside it.

    Args:
        problem: the experiment, ready.
        lanes: how many trainings to do as one program.
        rounds: how often each is measured, in turn.
        seconds: about how long each takes in a round.
        note: told what is measured next, "" where it was told before.

    Raises:
        UsageError: if lanes are asked for of data that stays on disk.
        Diverged: if the training becomes non-finite.
    """
    if lanes and stays_on_disk(problem.experiment):
        raise UsageError(
            "--lanes: the data set is larger than resident_mib, and lanes need it on the device. "
            "Leave out --lanes, or raise resident_mib."
        )
    with jax.default_device(problem.device):
        return _measure(problem, lanes, rounds, seconds, note)


def _measure(
    problem: Problem,
    lanes: Sequence[int],
    rounds: int,
    seconds: float,
    note: Callable[[str], None],
) -> Measurement:
    experiment = problem.experiment
    note("compiling the training")
    trainings: dict[str, Training] = {ALONE: alone(problem, seconds)}
    used = memory.peak(problem.device)
    source = trainings[ALONE].source
    work = flops.of_step(problem.networks, experiment.recipe, source, problem.abstract)
    for number in lanes:
        if number > 1:
            note(f"compiling {number} lanes")
            trainings[_name(number)] = together(problem, source, number, seconds)
    note("compiling matrix products")
    best: dict[str, Product] = products(seconds)
    contenders: dict[str, Callable[[], float]] = {**trainings, **best}
    note(f"{rounds} rounds of about {seconds:g} s each: {', '.join(contenders)}")
    rates = take_turns(contenders, rounds, lambda: note(""))
    steps = rates[ALONE]
    speeds = {product.size: spread(rates[name]) for name, product in best.items()}
    quickest = max(best, key=lambda name: speeds[best[name].size].median)
    return Measurement(
        steps=spread(steps),
        examples=experiment.k * experiment.batch_size,
        flops=work,
        achieved=spread(work.total * steps),
        products=speeds,
        share=spread(work.total * steps / rates[quickest]),
        memory=used,
        lanes=[
            Lane(
                number,
                form_of(problem, number) if number > 1 else "alone",
                spread(rates[_name(number)]),
                spread(rates[_name(number)] / steps),
            )
            for number in lanes
        ],
    )


def _name(lanes: int) -> str:
    return f"{lanes} lanes" if lanes > 1 else ALONE
