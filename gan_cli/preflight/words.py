"""What was found out before a training, in rows of a name and a text."""

from collections.abc import Sequence

from gan_cli.bench.flops import Flops
from gan_cli.bench.table import percent, scaled
from gan_cli.logs.terminal import size, speed, unit
from gan_cli.preflight.files import Files
from gan_cli.preflight.memory import Memory
from gan_cli.preflight.pace import Pace
from gan_cli.preflight.room import Space

Row = tuple[str, str]


def work(step: Flops) -> Row:
    """The arithmetic of a step."""
    within = percent(step.products / step.total)
    told = f"{scaled(step.total, 'FLOP')} a step, {within} of it in products and convolutions"
    return "work", told


def memory(needed: Memory, left: int | None, devices: int = 1) -> Row:
    """The memory of a training by its parts, and what is free; on each of several devices."""
    bytes_, name = unit(needed.total)
    shares = {part: f"{value / bytes_:,.1f}" for part, value in needed._asdict().items()}
    parts = [f"{part} {share}" for part, share in shares.items() if share != "0.0"]
    free = "" if left is None else f", {size(left)} free"
    each = " on each device" if devices > 1 else ""
    return "memory", f"about {needed.total / bytes_:,.1f} {name}{each} ({', '.join(parts)}){free}"


def files(runs: Sequence[Files], space: Space) -> Row:
    """The files of one or more runs, and what is free."""
    number, renewed = sum(run.number for run in runs), sum(run.renewed for run in runs)
    saved = sum(run.checkpoints for run in runs) + renewed
    one = max(run.checkpoint for run in runs)
    checkpoints = f"{saved:,} checkpoint{'s' * (saved != 1)} of {size(one)}"
    if renewed:
        some = "" if renewed == saved else f"{renewed:,} of them "
        checkpoints += f", {some}in place of older ones"
    total = size(sum(run.bytes for run in runs))
    return "files", f"{number:,}, about {total} ({checkpoints}), {size(space.free)} free"


def time(pace: Pace, steps: int, *, judged: bool) -> Row:
    """How long a run will take, and whether its samples are judged after that."""
    if not pace.steps_per_second:
        return "time", "not known: the first steps are not finite"
    whole = roughly(pace.seconds(steps))
    compiled = f"{pace.compile_seconds:.0f} s of compiling"
    told = f"about {whole} on this machine: {speed(pace.steps_per_second)}, {compiled}"
    return "time", f"{told}; then its samples are judged" if judged else told


def still(players: Sequence[str]) -> Row:
    """The players whose gradient was 0 in all steps that were tried."""
    whose = " and ".join(f"{player[0].upper()}'s" for player in players)
    rest = "was 0, and it learns" if len(players) == 1 else "were 0, and they learn"
    return "gradient", f"warning: in all steps that were tried {whose} {rest} nothing"


def members(number: int, programs: int) -> Row:
    """How many members a sweep has, and how many programs."""
    count = f"{number:,} member{'s' * (number > 1)}"
    return "together", f"{count} of {programs:,} program{'s' * (programs > 1)}"


def times(runs: Sequence[tuple[Pace | None, int]]) -> Row:
    """How long the members of a sweep take, from the pace of each and its steps."""
    known = [(pace, steps) for pace, steps in runs if pace is not None and pace.steps_per_second]
    if len(known) < len(runs):
        unknown = len(runs) - len(known)
        who = "1 member has" if unknown == 1 else f"{unknown:,} members have"
        return "time", f"not known: {who} no known speed"
    compiling = sum({id(pace): pace.compile_seconds for pace, _ in known}.values())
    seconds = compiling + sum(steps / pace.steps_per_second for pace, steps in known)
    return "time", f"at most about {roughly(seconds)} on this machine, one member after another"


def roughly(seconds: float) -> str:
    """A time that is not known to the second: 42 s, 12 min, 5 h, 3 days."""
    for limit, length, name in ((90, 1, "s"), (5400, 60, "min"), (172_800, 3600, "h")):
        if seconds < limit:
            return f"{max(1, round(seconds / length))} {name}"
    return f"{round(seconds / 86_400)} days"
