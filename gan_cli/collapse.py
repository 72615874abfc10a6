"""Signs that a training has collapsed, in what it logs and in the samples of its pictures."""

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np

from gan_cli import estimates
from gan_cli.players import PLAYERS

FEWEST = 8
"""Of fewer samples it cannot be told how far they spread."""

SAME, APART = 0.1, 10.0
"""How far samples spread or lie from the data's middle when something is wrong, where 1 is how far
the data spreads."""
PINNED = 0.999
"""The accuracy of a D that tells practically all data and samples apart.

In 231 trainings of all recipes it was so at 4 logged steps in a row at most."""
FOOLED = 0.05
"""How far D's mean output for samples is above that for data when D has stopped learning.

In the same trainings it was so at 3 logged steps in a row at most."""
VANISHED = 1e-6
"""The norm of a gradient that moves nothing any more."""

LOOKS_AT_SCALARS = 10
LOOKS = {"samples_same": 3, "samples_apart": 3, "truth_unknown": 3}
"""In how many looks a sign must hold: there are fewer pictures and comparisons than scalars."""
STEPS = 1000
"""A sign must hold in so many looks one after another, and over so many steps."""

REMEDIES = {
    "samples_same": "Try a regularizer (gan list regularizer), a lower optimizer.learning_rate, "
    "another objective or architecture.packing=2.",
    "samples_apart": "Try a higher optimizer.discriminator.learning_rate, a lower "
    "optimizer.generator.learning_rate or k=2.",
    "accuracy_pinned": "Try a regularizer (gan list regularizer), a lower "
    "optimizer.discriminator.learning_rate or a wider G.",
    "discriminator_fooled": "Try a higher optimizer.discriminator.learning_rate, k=2 or a lower "
    "optimizer.generator.learning_rate.",
    "generator_still": "Try objective=non_saturating, a regularizer (gan list regularizer) or "
    "another balance of the two learning rates.",
    "discriminator_still": "Try a lower optimizer.discriminator.learning_rate or a regularizer "
    "(gan list regularizer).",
    "truth_unknown": "See truth/wasserstein_1, which has no such limit.",
}
"""What to try against each sign."""

OF_OBJECTIVE = ("generator_still", "samples_apart")
"""The signs against which the objective may have a setting of its own, which is named first."""


class Notice(NamedTuple):
    """A sign of collapse that has held for a while, and what to try."""

    step: int
    sign: str
    text: str


class Watch:
    """Looks at the results of one training in their order; each sign is told once."""

    def __init__(
        self, examples: np.ndarray, told: frozenset[str] = frozenset(), remedy: str = ""
    ) -> None:
        """Nothing is seen yet.

        Args:
            examples: some examples of the data, (N, *shape), in the scale of the samples.
            told: the signs that were told before.
            remedy: a setting of the objective's own against a G that gets nowhere, if it has one.
        """
        self._middle, self._reach = _spread(examples)
        self._since: dict[str, tuple[int, int]] = {}
        self._told = set(told)
        first = f"Try {remedy}, " if remedy else "Try "
        own = {sign: REMEDIES[sign].replace("Try ", first) for sign in OF_OBJECTIVE}
        self._remedies = REMEDIES | own

    def scalars(self, step: int, values: Mapping[str, float]) -> list[Notice]:
        """What a logged row gives reason to warn of."""
        accuracy = values.get("discriminator/accuracy", 0.0)
        real, fake = (values.get(f"discriminator/{what}", 0.0) for what in ("real", "fake"))
        found = [
            self._look(
                "accuracy_pinned",
                step,
                accuracy >= PINNED,
                "D has told data and samples apart practically without a mistake since step "
                "{since:,}, and G learns little from such a D.",
            ),
            self._look(
                "discriminator_fooled",
                step,
                fake - real >= FOOLED,
                "D has taken the samples for more real than the data since step {since:,}: it does "
                "not learn.",
            ),
        ]
        for player in PLAYERS:
            norm = values.get(f"gradient_norm/{player}", 1.0)
            name = player[0].upper()
            found.append(
                self._look(
                    f"{player}_still",
                    step,
                    norm <= VANISHED,
                    f"{name}'s gradient has been practically zero since step {{since:,}}: it does "
                    "not learn.",
                )
            )
        found.append(self._truth(step, values))
        return [each for each in found if each is not None]

    def samples(self, step: int, samples: np.ndarray) -> list[Notice]:
        """What the samples of a picture, (N, *shape), give reason to warn of."""
        if len(samples) < FEWEST or not self._reach or not np.isfinite(samples).all():
            return []
        middle, reach = _spread(samples)
        spread = reach / self._reach
        away = float(np.linalg.norm(middle - self._middle)) / self._reach
        found = [
            self._look(
                "samples_same",
                step,
                spread <= SAME,
                "All samples have been nearly the same since step {since:,}: they spread "
                f"{spread:.2g} times as far as the data.",
            ),
            self._look(
                "samples_apart",
                step,
                max(spread, away) >= APART,
                "The samples have been far from the data since step {since:,}: they lie "
                f"{max(spread, away):.2g} times as far from its middle as its examples.",
            ),
        ]
        return [each for each in found if each is not None]

    def _truth(self, step: int, values: Mapping[str, float]) -> Notice | None:
        """Where the row has a comparison: whether no samples tell the value of what D measures."""
        names = (tag.partition("/")[2] for tag in values if tag.startswith(estimates.TAG))
        for name in names:
            if f"{estimates.AT_LEAST}{name}" in values:
                truth, own = f"{estimates.TRUTH}{name}", values[f"{estimates.TAG}{name}"]
                return self._look(
                    "truth_unknown",
                    step,
                    estimates.is_lower_bound(truth, values),
                    f"Of what D measures only a lower bound is known since step {{since:,}}: "
                    f"{truth} is at least {values[truth]:.4g} beside D's own estimate {own:.4g}. "
                    f"{estimates.ENDS_EARLY}.",
                )
        return None

    def _look(self, sign: str, step: int, holds: bool, text: str) -> Notice | None:
        """Counts the looks in which a sign has held; a notice once they are enough."""
        if not holds or sign in self._told:
            self._since.pop(sign, None)
            return None
        since, looks = self._since.get(sign, (step, 0))
        self._since[sign] = since, looks + 1
        if looks + 1 < LOOKS.get(sign, LOOKS_AT_SCALARS) or step - since < STEPS:
            return None
        self._told.add(sign)
        return Notice(step, sign, f"{text.format(since=since)} {self._remedies[sign]}")


def _spread(examples: np.ndarray) -> tuple[np.ndarray, float]:
    """The coordinatewise median of examples (N, *shape), and their mean distance from it."""
    flat = examples.reshape(len(examples), -1).astype(np.float64)
    middle = np.median(flat, axis=0)
    return middle, float(np.linalg.norm(flat - middle, axis=1).mean())
