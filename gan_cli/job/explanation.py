"""Why a run became non-finite: it is replayed, and its summary says what broke first."""

import contextlib
import logging
from typing import Any

from gan_cli.config import Recipe
from gan_cli.datasets.scale import REMEDY
from gan_cli.diagnosis import Choices, Finding, advice
from gan_cli.errors import sentence
from gan_cli.job.closing import what_broke
from gan_cli.players import PLAYERS
from gan_cli.prepared import Prepared
from gan_cli.runs import RunDirectory
from gan_cli.training.layout import ALONE
from gan_cli.training.outcome import Outcome
from gan_cli.training.replay import replay

log = logging.getLogger(__name__)


def explained(prepared: Prepared, outcome: Outcome, place: RunDirectory) -> dict[str, Any]:
    """The fields of the summary that say why a run diverged."""
    finding = _replayed(prepared, outcome)
    tensor, grown = (finding.tensor, finding.grown) if finding is not None else (None, [])
    tried = advice(tensor, _choices(prepared.experiment.recipe), grown)
    if prepared.range.endswith(REMEDY):
        tried = f"points whose coordinates have means of 0 and deviations of 1, or {tried}"
    reason = what_broke(outcome, place)
    if finding is None:
        return {"reason": reason, "diagnosis": {"try": tried}}
    return {"reason": f"{reason} {finding}", "diagnosis": finding.record() | {"try": tried}}


def _replayed(prepared: Prepared, outcome: Outcome) -> Finding | None:
    """What broke first; None where that was not found, for it must not hide that the run broke."""
    if outcome.spare is None:
        return None
    played = prepared.of_stream(int(outcome.spare.stream))
    if played.layout.processes > 1:  # the others take no steps again
        played = played._replace(layout=ALONE)
    try:
        with contextlib.closing(played.feed()) as feed:
            return replay(played.program(), feed, outcome.spare, outcome.step)
    except Exception as error:
        log.warning("what broke first was not found: %s", sentence(error))
        return None


def _choices(recipe: Recipe) -> Choices:
    rates = {player: getattr(recipe.optimizer, player).learning_rate for player in PLAYERS}
    return Choices(rates, sorted(recipe.regularizer), recipe.precision)
