"""What is said of a sweep's programs."""

from collections.abc import Sequence

from gan_cli.problem import Problem
from gan_cli.sweep.groups import Batch, memory


def what(batch: Batch, numbers: Sequence[int]) -> str:
    """Which members train next, and how."""
    names = " ".join(f"#{numbers[place]}" for place in batch.numbers)
    if batch.form is None:
        return f"{names}: {'alone' if len(batch.numbers) == 1 else 'one after another'}"
    count = len(batch.numbers)
    members = "1 member" if count == 1 else f"{count} members"
    return f"{names}: {members} as one program ({batch.form})"


def programs(problems: Sequence[Problem], batches: Sequence[Batch]) -> list[str]:
    """The programs of a sweep, with their lanes and the memory that they need."""
    lines = []
    for batch in batches:
        line = what(batch, range(len(problems)))
        if batch.form is not None:
            mebibytes = memory(problems[batch.numbers[0]], batch) / 2**20
            size = f"about {mebibytes:,.0f}" if mebibytes >= 1 else "less than 1"
            line += f", {batch.lanes} lanes, {size} MiB"
        lines.append(line)
    return lines
