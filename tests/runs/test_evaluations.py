"""An evaluation says of which step it is, and runs that have gone on since are named."""

import json
from pathlib import Path

from gan_cli.runs import RunDirectory, evaluations


def test_the_newest_evaluation_and_its_step(tmp_path: Path) -> None:
    place = RunDirectory(tmp_path)
    assert evaluations.newest(place) == ({}, {}, {})
    place.evaluation.mkdir()
    for step in (20, 100):
        found = {"mmd": {"value": step / 10, "value_low": 0.0, "value_perfect": 0.5}}
        place.judgements(step).write_text(json.dumps(found))
    assert evaluations.newest(place) == (
        {"mmd/value": 10.0},
        {"mmd/value": 0.5},
        {"evaluation/step": 100},
    )


def test_the_runs_that_have_gone_on_are_named() -> None:
    def told(*reached: int) -> str:
        numbers = {evaluations.STEP: 100.0}
        return evaluations.behind((Path(f"r{i}"), numbers, n) for i, n in enumerate(reached))

    assert told(100, 100) == ""
    assert evaluations.behind([(Path("r"), {"loss/generator": 1.0}, 3)]) == ""
    assert told(100, 1500).startswith("Judged at another step than the last: r1 (step 100 of 1,500")
    assert "r0 (step 100 of 1), r1 (step 100 of 2), r2 (step 100 of 3), 2 more." in told(
        *range(1, 6)
    )
