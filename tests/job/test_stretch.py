"""The part of a run that is trained again: what its checkpoints hold themselves."""

from pathlib import Path

import numpy as np
import pytest

from gan_cli import checkpoints, config
from gan_cli.job.stretch import last_stretch
from gan_cli.prepared import prepare
from gan_cli.runs import RunDirectory
from gan_cli.stored_arrays import by_name
from tests.values import NORMALIZED

AVERAGED = "generator/average_statistics/"


@pytest.mark.parametrize("earlier", [True, False], ids=["an earlier version", "this version"])
def test_what_the_version_of_a_run_did_not_save_is_not_compared(
    tmp_path: Path, earlier: bool
) -> None:
    """Before, no average of batch norm's statistics was kept: a later one has no counterpart."""
    place = RunDirectory(tmp_path / "run")
    place.path.mkdir()
    prepared = prepare(config.load(NORMALIZED | {"device": "cpu", "ema": 0.9}))
    whole = by_name(prepared.begin())
    held = {name: x for name, x in whole.items() if not (earlier and name.startswith(AVERAGED))}
    for step in (10, 20):
        checkpoints.save(place.checkpoints, step, held, keep=2)
    stretch = last_stretch(place, prepared)
    assert (stretch.start, stretch.end) == (10, 20)
    assert stretch.saved.keys() == held.keys()
    assert len(whole) - len(held) == 2 * earlier
    state = by_name(stretch.state)
    assert state.keys() == whole.keys()
    for name in (name for name in whole if name.startswith(AVERAGED)):
        own = name.replace(AVERAGED, "generator/statistics/")
        np.testing.assert_array_equal(state[name], state[own])
