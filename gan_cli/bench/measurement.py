"""Everything that is measured about one experiment on this device."""

from collections.abc import Callable, Sequence
from typing import Literal, NamedTuple

import jax

from gan_cli.bench import flops, memory
from gan_cli.bench.flops import Flops
from gan_cli.bench.memory import Memory
from gan_cli.bench.peak import products
from gan_cli.bench.rounds import Spread, spread, take_turns
from gan_cli.bench.speed import alone, form_of, together
from gan_cli.errors import UsageError
from gan_cli.prepared import Prepared
from gan_cli.sweep.lanes import Form
from gan_cli.training.game import Game

ALONE = "training"


class Lane(NamedTuple):
    """Several trainings as one program.

    lanes: the number of trainings.
    form: the form of the program.
    member_steps_per_second: the steps of all trainings together.
    ratio_to_alone: that rate over the rate of one training by itself.
    """

    lanes: int
    form: Form | Literal["alone"]
    member_steps_per_second: Spread
    ratio_to_alone: Spread


class Measurement(NamedTuple):
    """What was measured; the names are those of the JSON document.

    examples_per_step: the examples of the data that a step sees, in D's k minibatches.
    flops_per_second: the operations of a step x the steps per second.
    product_flops_per_second: the operations per second of matrix products, by their size.
    share_of_best_product: flops_per_second of a device over that of the quickest product.
    peak_memory: the memory after training alone.
    """

    steps_per_second: Spread
    examples_per_step: int
    flops_per_step: Flops
    flops_per_second: Spread
    product_flops_per_second: dict[int, Spread]
    share_of_best_product: Spread
    peak_memory: Memory
    lanes: list[Lane]


def measure(
    prepared: Prepared,
    lanes: Sequence[int],
    rounds: int,
    seconds: float,
    note: Callable[[str], None],
) -> Measurement:
    """Measures a training by itself and as lanes, and the best matrix products beside it.

    Args:
        prepared: the experiment.
        lanes: how many trainings to do as one program, for each measurement of lanes.
        rounds: how often each is measured, in turn.
        seconds: about how long each takes in a round.
        note: told what is measured next, "" where it was told before.

    Raises:
        UsageError: if lanes are asked for and the data stays on disk, or with several devices.
        Diverged: if the training becomes non-finite.
    """
    if lanes and prepared.stays_on_disk:
        raise UsageError(
            "--lanes: the data set is larger than resident_mib, and lanes need it on the device. "
            "Leave out --lanes, or raise resident_mib."
        )
    experiment, devices = prepared.experiment, prepared.layout.size
    if lanes and devices > 1:
        raise UsageError(
            f"--lanes: the lanes of a program train on one device each, and devices={devices} "
            "divides one training among several. Leave out one of them."
        )
    with jax.default_device(prepared.device):
        note("compiling the training")
        trainings = {ALONE: alone(prepared, seconds)}
        used, source = memory.peak(prepared.device), trainings[ALONE].source
        game = Game(prepared.networks, experiment.recipe, source)
        work = flops.of_step(game, prepared.abstract)
        for number in lanes:
            if number > 1:
                note(f"compiling {number} lanes")
                trainings[_name(number)] = together(prepared, source, number, seconds)
        note("compiling matrix products")
        best = products(seconds)
        contenders: dict[str, Callable[[], float]] = {**trainings, **best}
        note(f"{rounds} rounds of about {seconds:g} s each: {', '.join(contenders)}")
        rates = take_turns(contenders, rounds, lambda: note(""))
    spreads = {name: spread(values) for name, values in rates.items()}
    quickest = max(best, key=lambda name: spreads[name].median)
    return Measurement(
        steps_per_second=spreads[ALONE],
        examples_per_step=experiment.k * experiment.batch_size,
        flops_per_step=work,
        flops_per_second=spread(work.total * rates[ALONE]),
        product_flops_per_second={best[name].size: spreads[name] for name in best},
        share_of_best_product=spread(work.total * rates[ALONE] / rates[quickest] / devices),
        peak_memory=used,
        lanes=[
            Lane(
                number,
                form_of(prepared, number) if number > 1 else "alone",
                spreads[_name(number)],
                spread(rates[_name(number)] / rates[ALONE]),
            )
            for number in lanes
        ],
    )


def _name(lanes: int) -> str:
    return f"{lanes} lanes" if lanes > 1 else ALONE
