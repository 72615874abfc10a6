"""What is read of one run, and how far its estimate goes with the truth."""

import json

import numpy as np
import pytest

from gan_cli.comparison.run import read
from gan_cli.errors import DataError
from tests.comparison.configured import Make, config


def test_the_newest_evaluation_is_read(make: Make) -> None:
    path = make("a", config(0), {"m": 1.0})
    (path / "evaluation").mkdir()
    modes = {"captured": 3.0, "captured_low": 2.0, "extractor": None, "protocol": {"samples": 9}}
    (path / "evaluation" / "900.json").write_text(json.dumps({"modes": {"captured": 1.0}}))
    (path / "evaluation" / "1000.json").write_text(json.dumps({"modes": modes}))
    found = read(path).metrics
    assert found == {"m": 1.0, "modes/captured": 3.0, "evaluation/step": 1000}
    (path / "evaluation" / "2000.json").write_text("{")
    with pytest.raises(DataError, match=r"2000\.json is damaged\. Delete it, and judge"):
        read(path)


def test_whether_the_estimate_goes_with_the_truth(make: Make) -> None:
    """Spearman's correlation is that of the ranks, whatever the two scales."""
    estimate, truth = [5.0, 3.0, 4.0, 0.5, 0.1, 9.0], [0.9, 0.5, 0.4, 0.2, 0.1, 0.8]
    rows = {"divergence/wasserstein_1": estimate, "truth/wasserstein_1": truth}
    run = read(make("a", config(1, "wgan"), {"m": 1.0}, **rows))
    ranks = [np.argsort(np.argsort(each)) for each in (estimate, truth)]
    expected = np.corrcoef(ranks)[0, 1]
    assert run.metrics["rank_correlation/wasserstein_1"] == pytest.approx(expected)


def test_a_lower_bound_counts_in_no_correlation(make: Make) -> None:
    estimate, truth = [1.0, 2.0, 3.0, 4.0, 5.0, 6.0], [1.0, 2.0, 3.0, 4.0, 5.0, 0.5]
    rows = {"divergence/kl": estimate, "truth/kl": truth, "at_least/kl": [0.0] * 5 + [1.0]}
    run = read(make("a", config(1), {}, **rows))
    assert run.metrics["rank_correlation/kl"] == pytest.approx(1.0)


@pytest.mark.parametrize(
    "rows",
    [
        {"truth/wasserstein_1": [1.0, 2.0, 3.0, 4.0, 5.0]},
        {"truth/kl": [1.0, 2.0, 3.0, 4.0], "divergence/kl": [1.0, 2.0, 3.0, 5.0]},
        {"truth/kl": [1.0] * 6, "divergence/kl": [1.0, 2.0, 3.0, 5.0, 6.0, 7.0]},
    ],
)
def test_no_correlation_without_an_estimate_with_few_steps_or_one_value(
    rows: dict[str, list[float]], make: Make
) -> None:
    run = read(make("a", config(1), {"m": 1.0}, **rows))
    assert list(run.metrics) == ["m"]
