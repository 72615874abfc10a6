"""Groups of runs, means over seeds with their intervals, and differences seed by seed."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import scipy.stats
import yaml

from gan_cli import compared, comparison
from gan_cli.errors import DataError

Make = Callable[..., Path]


@pytest.fixture
def make(tmp_path: Path) -> Make:
    """Makes a run directory with a configuration, last metrics and logged rows."""

    def run(
        name: str, config: dict[str, Any], metrics: dict[str, Any], **rows: list[float]
    ) -> Path:
        path = tmp_path / name
        (path / ".hydra").mkdir(parents=True)
        (path / ".hydra" / "config.yaml").write_text(yaml.safe_dump(config))
        summary = {"status": "completed", "metrics": metrics}
        (path / "summary.json").write_text(json.dumps(summary))
        count = max(map(len, rows.values()), default=0)
        lines = [
            {"step": 10 * i, "wall_seconds": 0.0} | {tag: v[i] for tag, v in rows.items()}
            for i in range(count)
        ]
        (path / "metrics.jsonl").write_text("".join(json.dumps(line) + "\n" for line in lines))
        return path

    return run


def config(seed: int, objective: str = "minimax", **more: Any) -> dict[str, Any]:
    own = {"clip": 0.01} if objective == "wgan" else {}
    return {"seed": seed, "objective": {"name": objective} | own, "k": 1} | more


def test_seeds_are_pooled_and_the_fewest_settings_tell_groups_apart(make: Make) -> None:
    paths = [
        make(f"{name}{seed}", config(seed, name), {"m": 1.0})
        for name in ("minimax", "wgan")
        for seed in (2, 1)
    ]
    groups = comparison.grouped([compared.read(path) for path in paths])
    assert [group.settings for group in groups] == [
        {"objective.name": "minimax"},
        {"objective.name": "wgan"},
    ]
    assert [group.name for group in groups] == ["objective=minimax", "objective=wgan"]
    assert [[run.seed for run in group.runs] for group in groups] == [[1, 2], [1, 2]]


def test_a_setting_within_a_choice_tells_groups_apart_too(make: Make) -> None:
    paths = [make(str(k), config(0, k=k), {"m": 1.0}) for k in (1, 5)]
    paths.append(make("x", config(0, "wgan", k=5), {"m": 1.0}))
    names = [g.name for g in comparison.grouped([compared.read(path) for path in paths])]
    assert names == [
        "objective=minimax k=1",
        "objective=minimax k=5",
        "objective=wgan k=5",
    ]


def test_what_the_names_leave_out_is_told(make: Make) -> None:
    """Settings within a choice that is told are no more to say, and neither are paired seeds."""
    own = [config(0), config(0, "wgan", k=5, lr=0.1), config(1, "hinge", k=5, lr=0.1)]
    runs = [compared.read(make(str(n), each | {"ema": 0}, {})) for n, each in enumerate(own)]
    assert comparison.untold(runs[:1]) == comparison.untold(runs[1:2]) == []
    assert comparison.untold(runs) == ["k", "seed"]
    assert comparison.untold_in_words(runs) == "k and seed"
    assert comparison.untold_in_words(runs[:2]) == "k"
    again = compared.read(make("again", config(1) | {"ema": 0}, {}))
    assert comparison.untold_in_words([*runs[:2], again]) == "k"


def test_of_many_settings_some_are_named(make: Make) -> None:
    several = {f"s{n}": 1 for n in range(6)}
    others = dict.fromkeys(several, 2)
    paths = make("a", config(0, **several), {}), make("b", config(0, "hinge", **others), {})
    found = comparison.untold_in_words([compared.read(path) for path in paths])
    assert found == "s0, s1, s2, s3 and 2 others"


def test_the_interval_is_students(make: Make) -> None:
    values = [1.0, 2.5, 2.0, 4.5]
    paths = [make(str(i), config(i), {"m": v}) for i, v in enumerate(values)]
    [group] = comparison.grouped([compared.read(path) for path in paths])
    found = group.metrics["m"]
    low, high = scipy.stats.t.interval(0.95, 3, loc=np.mean(values), scale=scipy.stats.sem(values))
    assert found == (pytest.approx(2.5), pytest.approx(low), pytest.approx(high), 4, None)
    assert (group.name, group.differences) == ("all runs", {})


def test_one_run_has_no_interval(make: Make) -> None:
    [group] = comparison.grouped([compared.read(make("a", config(0), {"m": 3.0}))])
    assert group.metrics["m"] == (3.0, None, None, 1, None)


def test_differences_are_taken_over_equal_seeds(make: Make) -> None:
    first = {0: 1.0, 1: 5.0, 2: 9.0}
    second = {1: 6.0, 2: 12.0, 7: 100.0}
    runs = [
        compared.read(make(f"{k}-{seed}", config(seed, k=k), {"m": value}))
        for k, values in ((1, first), (5, second))
        for seed, value in values.items()
    ]
    _, other = comparison.grouped(runs)
    found = other.differences["m"]
    test = scipy.stats.ttest_rel([6.0, 12.0], [5.0, 9.0]).confidence_interval(0.95)
    assert found == (
        pytest.approx(2.0),
        pytest.approx(test.low),
        pytest.approx(test.high),
        2,
        None,
    )


@pytest.mark.parametrize(
    ("own", "others", "bound"),
    [(0, 0, None), (1, 0, "lower"), (0, 1, "upper"), (1, 1, "unknown")],
)
def test_a_difference_is_known_as_far_as_both_numbers_are(
    own: int, others: int, bound: str | None, make: Make
) -> None:
    """In each of two groups one seed of two may have a lower bound of the truth alone."""

    def metrics(value: float, limit: int) -> dict[str, float]:
        return {"truth/kl": value, "at_least/kl": limit, "loss": value}

    runs = [
        compared.read(make(f"{k}-{seed}", config(seed, k=k), metrics(value, limit * seed)))
        for k, limit, values in ((1, others, (1.0, 2.0)), (5, own, (4.0, 7.0)))
        for seed, value in enumerate(values)
    ]
    first, second = comparison.grouped(runs)
    mean, low, high, n, kind = second.metrics["truth/kl"]
    assert (mean, n, kind, high is None) == (5.5, 2, "lower" if own else None, bool(own))
    assert low is not None
    assert (first.metrics["truth/kl"].bound == "lower") is bool(others)
    assert second.differences["loss"].bound is None
    if bound == "unknown":
        assert "truth/kl" not in second.differences
        return
    found = second.differences["truth/kl"]
    assert (found.mean, found.bound) == (4.0, bound)
    assert (found.low is None, found.high is None) == (bound == "upper", bound == "lower")


def test_the_steps_at_which_a_scalar_is_a_lower_bound_in_any_run(make: Make) -> None:
    rows = {"truth/kl": [1.0, 2.0, 3.0], "loss": [1.0, 2.0, 3.0]}
    runs = [
        compared.read(make(name, config(0), {}, **rows, **{"at_least/kl": limits}))
        for name, limits in (("a", [0.0, 1.0, 0.0]), ("b", [0.0, 0.0, 1.0]))
    ]
    assert list(comparison.bounded(runs, "truth/kl", [0, 10, 20])) == [False, True, True]
    assert not comparison.bounded(runs, "loss", [0, 10, 20]).any()
    assert comparison.bounded(runs, "truth/kl", []).shape == (0,)


def test_what_is_not_a_number_or_not_in_all_runs_is_left_out(make: Make) -> None:
    runs = [
        compared.read(make("a", config(0), {"m": 1.0, "bad": "nan", "own": 2.0})),
        compared.read(make("b", config(1), {"m": 2.0, "bad": 1.0})),
    ]
    [group] = comparison.grouped(runs)
    assert list(group.metrics) == ["m"]


def test_the_newest_evaluation_is_read(make: Make) -> None:
    path = make("a", config(0), {"m": 1.0})
    (path / "evaluation").mkdir()
    modes = {"captured": 3.0, "captured_low": 2.0, "extractor": None, "protocol": {"samples": 9}}
    (path / "evaluation" / "900.json").write_text(json.dumps({"modes": {"captured": 1.0}}))
    (path / "evaluation" / "1000.json").write_text(json.dumps({"modes": modes}))
    found = compared.read(path).metrics
    assert found == {"m": 1.0, "modes/captured": 3.0, "evaluation/step": 1000}
    (path / "evaluation" / "2000.json").write_text("{")
    with pytest.raises(DataError, match=r"2000\.json is damaged\. Delete it, and judge"):
        compared.read(path)


def test_curves_have_the_steps_that_all_runs_logged(make: Make) -> None:
    runs = [
        compared.read(make("a", config(0), {}, x=[1.0, 2.0, 3.0])),
        compared.read(make("b", config(1), {}, x=[3.0, 6.0])),
    ]
    steps, values = comparison.curve(runs, "x")
    np.testing.assert_array_equal(steps, [0, 10])
    np.testing.assert_array_equal(values, [[1, 2], [3, 6]])
    low, high = comparison.band(values)
    np.testing.assert_allclose((low + high) / 2, [2, 4])
    expected = scipy.stats.t.interval(0.95, 1, loc=2, scale=scipy.stats.sem([1, 3]))
    assert (low[0], high[0]) == pytest.approx(expected)


@pytest.mark.parametrize("seeds", [2, 4, 5, 9])
def test_few_seeds_have_a_range_and_others_an_interval(seeds: int) -> None:
    values = np.random.default_rng(0).normal(size=(seeds, 3))
    low, high = comparison.spread(values)
    expected = (values.min(axis=0), values.max(axis=0))
    if seeds >= 5:
        mean, error = values.mean(axis=0), scipy.stats.sem(values)
        expected = scipy.stats.t.interval(0.95, seeds - 1, loc=mean, scale=error)
    np.testing.assert_allclose((low, high), expected)


def test_a_run_alone_has_the_name_of_its_directory(make: Make) -> None:
    path = make("a", config(0), {"m": 1.0})
    [group] = comparison.grouped([compared.read(path)])
    assert group.name == str(path)


def test_the_document(make: Make) -> None:
    runs = [compared.read(make(str(k), config(0, k=k), {"m": float(k)})) for k in (1, 5)]
    first, second = comparison.document(comparison.grouped(runs))
    assert (first["group"], first["runs"]) == ({"k": 1}, 1)
    one = {"low": None, "high": None, "n": 1, "bound": None}
    assert first["metrics"] == {"m": {"mean": 1.0} | one}
    assert second["differences"] == {"m": {"mean": 4.0} | one}
    assert json.loads(json.dumps(second)) == second


def test_whether_the_estimate_goes_with_the_truth(make: Make) -> None:
    """Spearman's correlation is that of the ranks, whatever the two scales."""
    estimate, truth = [5.0, 3.0, 4.0, 0.5, 0.1, 9.0], [0.9, 0.5, 0.4, 0.2, 0.1, 0.8]
    rows = {"divergence/wasserstein_1": estimate, "truth/wasserstein_1": truth}
    run = compared.read(make("a", config(1, "wgan"), {"m": 1.0}, **rows))
    ranks = [np.argsort(np.argsort(each)) for each in (estimate, truth)]
    expected = np.corrcoef(ranks)[0, 1]
    assert run.metrics["rank_correlation/wasserstein_1"] == pytest.approx(expected)


def test_a_lower_bound_counts_in_no_correlation(make: Make) -> None:
    estimate, truth = [1.0, 2.0, 3.0, 4.0, 5.0, 6.0], [1.0, 2.0, 3.0, 4.0, 5.0, 0.5]
    rows = {"divergence/kl": estimate, "truth/kl": truth, "at_least/kl": [0.0] * 5 + [1.0]}
    run = compared.read(make("a", config(1), {}, **rows))
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
    run = compared.read(make("a", config(1), {"m": 1.0}, **rows))
    assert list(run.metrics) == ["m"]


def test_groups_of_regularizers_are_named_as_the_command_line_writes_them(make: Make) -> None:
    r1, dragan = {"name": "r1", "weight": 0.1}, {"name": "dragan", "weight": 10.0}
    runs = [
        make("none", config(1), {"m": 1.0}),
        make("one", config(1, regularizer={"r1": r1}), {"m": 1.0}),
        make("two", config(1, regularizer={"r1": r1, "dragan": dragan}), {"m": 1.0}),
    ]
    groups = comparison.grouped([compared.read(path) for path in runs])
    assert [group.name for group in groups] == [
        "regularizer=[]",
        "regularizer=[r1]",
        "regularizer=[dragan,r1]",
    ]


def test_a_setting_of_both_optimizers_is_named_once_where_all_runs_set_it_alike(
    make: Make,
) -> None:
    def names(*rates: tuple[float, float]) -> list[str]:
        runs = [
            make(
                f"{rates}{number}",
                config(
                    0,
                    optimizer={
                        player: {"name": "adam", "learning_rate": rate}
                        for player, rate in zip(("generator", "discriminator"), each, strict=True)
                    },
                ),
                {},
            )
            for number, each in enumerate(rates)
        ]
        return [group.name for group in comparison.grouped([compared.read(p) for p in runs])]

    one, both = "optimizer.generator.learning_rate", "optimizer.learning_rate"
    assert names((0.1, 0.1), (0.2, 0.2)) == [f"{both}=0.1", f"{both}=0.2"]
    assert names((0.1, 0.3), (0.2, 0.3)) == [f"{one}=0.1", f"{one}=0.2"]


def test_a_choice_of_both_optimizers_is_named_as_the_command_line_writes_it(make: Make) -> None:
    runs = [
        make(name, config(0, optimizer={"generator": one, "discriminator": one}), {})
        for name, one in {"sgd": {"name": "sgd"}, "adam": {"name": "adam", "b1": 0.5}}.items()
    ]
    groups = comparison.grouped([compared.read(path) for path in runs])
    assert [group.name for group in groups] == ["optimizer=sgd", "optimizer=adam"]
