"""What the last lines of a training say of its numbers."""

from pathlib import Path
from typing import Any

from gan_cli.job.closing import closing
from gan_cli.runs import RunDirectory


def test_an_estimate_below_zero_is_told_with_its_reason(tmp_path: Path) -> None:
    metrics = {"divergence/jensen_shannon": -0.0625, "divergence/wasserstein_1": 2.0}
    summary: Any = {"status": "completed", "step": 9, "wall_seconds": 1.0, "steps_per_second": 9.0}
    lines = closing(summary | {"metrics": metrics}, RunDirectory(tmp_path))
    assert lines[2] == (
        "estimate D's Jensen-Shannon divergence is -0.0625, below 0, which no divergence is: there "
        "D does worse than one that says the same of everything"
    )
    assert not any(line.startswith("estimate") for line in closing(summary, RunDirectory(tmp_path)))


def test_a_truth_that_is_a_lower_bound_is_told_beside_the_estimate(tmp_path: Path) -> None:
    limits = {"at_least/kl": 1.0, "at_least/reverse_kl": 0.0}
    metrics = {"divergence/kl": 40.25, "truth/kl": 6.9, "truth/reverse_kl": 3.0} | limits
    summary: Any = {"status": "completed", "step": 9, "wall_seconds": 1.0, "steps_per_second": 9.0}
    told = closing(summary | {"metrics": metrics}, RunDirectory(tmp_path))[2:4]
    assert told[0] == (
        "truth    the true Kullback-Leibler divergence KL(data, samples) is at least 6.9, and "
        "D's own estimate is 40.25"
    )
    assert told[1].startswith("         It may be far more: G draws too few samples where")
