"""What is said of the estimates and truths of divergences that their numbers alone would not say.

An estimate below 0 of what is at least 0, a truth that is only a lower bound, and one that is no
more than the noise of its estimate.
"""

import math
from collections.abc import Iterable, Mapping

TAG = "divergence/"
"""What the tags of D's own estimates begin with."""
TRUTH, FLOOR, AT_LEAST = "truth/", "floor/", "at_least/"
"""What the tags of a comparison with a known density begin with: the true divergence, what the same
estimate finds for samples of the data, and 1 where the truth may be far more, or else 0."""

LEAST = {"gan": -math.log(4)}
"""The least value of a divergence, by the name in the tag, where it is not 0."""
UNBIASED = ("energy", "mmd", "energy_of_outputs", "mmd_of_outputs")
"""What is estimated without bias, and so comes out below 0 half of the time where it is 0."""
NEAR = 1.5
"""How many times its floor a truth is at most that cannot be told from no difference at all."""

MARK, NOISE = "*", "~"
REASON = (
    "below 0, which no divergence is: there D does worse than one that says the same of everything"
)
BY_CHANCE = "below 0 by chance: the estimate is unbiased, and what it estimates is about 0"
ENDS_EARLY = (
    "G draws too few samples where the data are, far too many where they are not, or all in one "
    "place, and the samples drawn of it do not tell by how much"
)
EXPLAINED = {
    MARK: f"{REASON}.",
    NOISE: "no more than noise: below 0 by chance, where an unbiased estimate is of about 0, or at "
    f"most {NEAR:g} times what the same estimate finds for samples of the data.",
}
LOWER_BOUND = f"at least: the true divergence may be far more. {ENDS_EARLY}."
DESCRIPTIONS = {
    TAG: "D's own estimate of this divergence from one minibatch. It is the divergence where D is "
    f"at its optimum; a value {REASON}. Energy distances and MMD are {BY_CHANCE}.",
    f"{TRUTH}discriminator_gap": "How far D is from its optimum p_data / (p_data + p_g), on "
    "average over data and samples.",
    f"{TRUTH}value": "The value of the game: with this D, or with the optimal one.",
    TRUTH: "The true divergence of G's samples from the data, up to the noise that floor/ shows. "
    "Where at_least/ of the same name is 1, it is a lower bound that may lie far too low: "
    f"{ENDS_EARLY}.",
    FLOOR: "What the estimate of truth/ of the same name finds for fresh samples of the data.",
    AT_LEAST: "1 where truth/ of the same name is a lower bound that may lie far too low, else 0: "
    f"{ENDS_EARLY}.",
}
"""What is said of a scalar whose name could mislead, by what its tag begins with."""


def description(tag: str) -> str | None:
    """What is said of a scalar beside its name; None where the name says it."""
    return next((text for start, text in DESCRIPTIONS.items() if tag.startswith(start)), None)


def is_too_low(tag: str, value: object) -> bool:
    """Whether a scalar is an estimate that lies below every value of what it estimates."""
    if not tag.startswith((TAG, TRUTH, FLOOR)) or not isinstance(value, float | int):
        return False
    name = _name(tag)
    return value < LEAST.get(name, 0.0) and (tag.startswith(TAG) or name in UNBIASED)


def is_by_chance(tag: str, value: object) -> bool:
    """Whether an estimate that is too low is so by chance, and not because D is bad."""
    return is_too_low(tag, value) and _name(tag) in UNBIASED


def is_lower_bound(tag: str, values: Mapping[str, object]) -> bool:
    """Whether a truth may be far more than the number; of several runs, in any of them."""
    limit = values.get(f"{AT_LEAST}{_name(tag)}", 0.0)
    return tag.startswith(TRUTH) and isinstance(limit, float | int) and limit > 0


def is_noise(tag: str, values: Mapping[str, object]) -> bool:
    """Whether a truth is no more than what the same estimate finds for samples of the data."""
    value, floor = values.get(tag), values.get(f"{FLOOR}{_name(tag)}")
    if not (tag.startswith(TRUTH) and isinstance(value, float | int)):
        return False
    return isinstance(floor, float | int) and value <= NEAR * max(floor, 0.0)


def marked(text: str, tag: str, values: Mapping[str, object]) -> str:
    """A number as text, with what its own value and the others of its run say of it.

    Args:
        text: the number.
        tag: its tag.
        values: the scalars of the run by tag, this one among them.
    """
    if is_lower_bound(tag, values):
        return f"at least {text}"
    if is_by_chance(tag, values.get(tag)) or is_noise(tag, values):
        return f"{text}{NOISE}"
    return f"{text}{MARK}" if is_too_low(tag, values.get(tag)) else text


def explained(cells: Iterable[str]) -> list[str]:
    """The lines below a table that explain the marks of its cells."""
    shown = list(cells)
    told = [
        f"{mark} {text}"
        for mark, text in EXPLAINED.items()
        if any(cell.endswith(mark) for cell in shown)
    ]
    bounds = any(cell.startswith("at least ") for cell in shown)
    return [*told, *([LOWER_BOUND] if bounds else [])]


def reason(tag: str, value: object) -> str:
    """Why an estimate is below every value of what it estimates."""
    return BY_CHANCE if is_by_chance(tag, value) else REASON


def _name(tag: str) -> str:
    return tag.partition("/")[2]
