"""Why a training became non-finite, in words, and what to try."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

SHOWN = 5
"""How many steps' norms are told."""
GROWN = 10
"""How many times a player's largest parameter grows where its learning rate is suspected."""
FEWER = 10
"""By how much a learning rate that is to be tried is lower."""

SMALLEST = 1e-30
"""Stands for a largest parameter of 0."""

LETTERS = {"generator": "G", "discriminator": "D"}
"""What each player is called."""

NOUNS = {
    "minibatch": "the minibatch of data",
    "activation": "the output of {player}'s layer {name}",
    "output": "what {player} returns{name}",
    "loss part": "the part {name} of {player}'s loss",
    "loss": "{player}'s loss",
    "gradient": "the gradient of {player}'s {name}",
    "gradient norm": "the norm of {player}'s gradients, each of which is finite",
    "optimizer state": "the optimizer's {name} of {player}",
    "parameter": "{player}'s parameter {name}",
    "statistics": "{player}'s statistics {name}",
    "average": "{player}'s average {name}",
    "singular vectors": "{player}'s singular vectors {name}",
}
"""What each kind of tensor is called."""


class Tensor(NamedTuple):
    """Which tensor of a step it is.

    player: "generator" or "discriminator", or nothing for data.
    kind: what it is, a key of NOUNS.
    name: the layer, the part of the loss or the path of the parameter.
    """

    player: str
    kind: str
    name: str = ""

    def __str__(self) -> str:
        player = LETTERS.get(self.player, "")
        return NOUNS[self.kind].format(player=player, name=self.name)


class Finding(NamedTuple):
    """The first tensor of a replayed training that is not finite.

    step: the number of the step.
    update: the update in it, such as "D's update 2"; empty for what the step began with.
    tensor: the tensor.
    norms: by tag, the norms at the last steps up to this one, oldest first.
    largest: by player, the absolute value of its largest parameter some steps before, and when the
        tensor was computed.
    """

    step: int
    update: str
    tensor: Tensor
    norms: Mapping[str, Sequence[float]]
    largest: Mapping[str, tuple[float, float]] = {}

    @property
    def grown(self) -> list[str]:
        """The players whose parameters grew steeply before."""
        return [
            player
            for player, (before, after) in self.largest.items()
            if after >= GROWN * max(before, SMALLEST)
        ]

    def __str__(self) -> str:
        place = f"in {self.update} of step" if self.update else "at the start of step"
        grown = [
            f"{tag} was {', '.join(f'{value:.3g}' for value in values[-SHOWN:])}"
            for tag, values in self.norms.items()
            if tag.endswith(self.tensor.player)
        ]
        last = f" Up to that step {' and '.join(grown)}." if grown else ""
        steep = "".join(
            f" Before that {LETTERS[player]}'s largest parameter grew from "
            f"{self.largest[player][0]:.3g} to {self.largest[player][1]:.3g}."
            for player in self.grown
        )
        return (
            f"Replayed, the first tensor that is not finite is {self.tensor}, {place} "
            f"{self.step:,}.{last}{steep}"
        )

    def record(self) -> dict[str, Any]:
        """The finding as summary.json holds it; norms that are not finite are texts there."""
        return {
            "step": self.step,
            "update": self.update,
            **self.tensor._asdict(),
            "norms": {
                tag: [value if abs(value) < float("inf") else str(value) for value in values]
                for tag, values in self.norms.items()
            },
        }


class Choices(NamedTuple):
    """What of a configuration can be changed against a training that becomes non-finite.

    rates: the learning rates by player.
    regularizers: the names of the regularizers.
    precision: the number format of the networks' arithmetic.
    """

    rates: Mapping[str, float]
    regularizers: Sequence[str]
    precision: str


def advice(tensor: Tensor | None, chosen: Choices, grown: Sequence[str] = ()) -> str:
    """What to try, as overrides of the configuration where that can be said.

    Args:
        tensor: what was not finite first; None where that is not known.
        chosen: what was chosen.
        grown: the players whose parameters grew steeply before, who may have broken the other.
    """
    if tensor is not None and tensor.kind == "minibatch":
        return "other data: the examples hold numbers that are not finite"
    if tensor is not None and tensor.kind == "loss part" and tensor.name in chosen.regularizers:
        return f"a lower regularizer.{tensor.name}.weight"
    players = grown or ([tensor.player] if tensor is not None else list(chosen.rates))
    lower = [f"optimizer.{each}.learning_rate={chosen.rates[each] / FEWER:g}" for each in players]
    options = [" ".join(lower)]
    if chosen.precision != "float32":
        options.insert(0, "precision=float32")
    if not chosen.regularizers:
        options.append("a regularizer (gan list regularizer)")
    return ", or ".join(options)
