"""What is told of a directory that was moved while its run was trained."""

from collections.abc import Callable
from pathlib import Path

import pytest

from gan_cli.runs.whereabouts import Moved, Whereabouts, going_on_with_run, going_on_with_sweep


@pytest.mark.parametrize(
    ("going_on", "saved", "told"),
    [
        (
            going_on_with_run,
            [20, 30],
            "The state of step 30 is safe. Go on with it there: gan train --resume {there}",
        ),
        (
            going_on_with_run,
            [],
            "No state was saved yet. Begin it anew there: gan train --resume {there}",
        ),
        (going_on_with_sweep, [], "Go on with it there: gan train -m --resume {there}"),
    ],
    ids=["with checkpoints", "without", "a sweep"],
)
def test_what_is_safe_where_it_is_now(
    going_on: Callable[[Path], str], saved: list[int], told: str, tmp_path: Path
) -> None:
    here, there = tmp_path / "here", tmp_path / "there"
    here.mkdir()
    for step in saved:
        (here / "checkpoints" / str(step)).mkdir(parents=True)
    whereabouts = Whereabouts(here, going_on)
    whereabouts.check()
    here.rename(there)
    with pytest.raises(Moved) as moved:
        whereabouts.check()
    whereabouts.close()
    assert str(moved.value) == (
        f"{here} was moved to {there} while it was being trained, so the training has ended. "
        + told.format(there=there)
    )
