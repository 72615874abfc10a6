"""Groups of runs: what tells them apart, what their names leave out, and their document."""

import json

from gan_cli.comparison.groups import document, grouped, repeated, untold, untold_in_words
from gan_cli.comparison.run import read
from tests.comparison.configured import Make, config


def test_seeds_are_pooled_and_the_fewest_settings_tell_groups_apart(make: Make) -> None:
    paths = [
        make(f"{name}{seed}", config(seed, name), {"m": 1.0})
        for name in ("minimax", "wgan")
        for seed in (2, 1)
    ]
    groups = grouped([read(path) for path in paths])
    assert [group.settings for group in groups] == [
        {"objective.name": "minimax"},
        {"objective.name": "wgan"},
    ]
    assert [group.name for group in groups] == ["objective=minimax", "objective=wgan"]
    assert [[run.seed for run in group.runs] for group in groups] == [[1, 2], [1, 2]]


def test_a_setting_within_a_choice_tells_groups_apart_too(make: Make) -> None:
    paths = [make(str(k), config(0, k=k), {"m": 1.0}) for k in (1, 5)]
    paths.append(make("x", config(0, "wgan", k=5), {"m": 1.0}))
    names = [g.name for g in grouped([read(path) for path in paths])]
    assert names == [
        "objective=minimax k=1",
        "objective=minimax k=5",
        "objective=wgan k=5",
    ]


def test_what_the_names_leave_out_is_told(make: Make) -> None:
    """Settings within a choice that is told are no more to say, and neither are paired seeds."""
    own = [config(0), config(0, "wgan", k=5, lr=0.1), config(1, "hinge", k=5, lr=0.1)]
    runs = [read(make(str(n), each | {"ema": 0}, {})) for n, each in enumerate(own)]
    assert untold(runs[:1]) == untold(runs[1:2]) == []
    assert untold(runs) == ["k", "seed"]
    assert untold_in_words(runs) == "k and seed"
    assert untold_in_words(runs[:2]) == "k"
    again = read(make("again", config(1) | {"ema": 0}, {}))
    assert untold_in_words([*runs[:2], again]) == "k"


def test_of_many_settings_some_are_named(make: Make) -> None:
    several = {f"s{n}": 1 for n in range(6)}
    others = dict.fromkeys(several, 2)
    paths = make("a", config(0, **several), {}), make("b", config(0, "hinge", **others), {})
    found = untold_in_words([read(path) for path in paths])
    assert found == "s0, s1, s2, s3 and 2 others"


def test_a_run_alone_has_the_name_of_its_directory(make: Make) -> None:
    path = make("a", config(0), {"m": 1.0})
    [group] = grouped([read(path)])
    assert group.name == str(path)


def test_the_document(make: Make) -> None:
    runs = [read(make(str(k), config(0, k=k), {"m": float(k)})) for k in (1, 5)]
    first, second = document(grouped(runs))
    assert (first["group"], first["runs"]) == ({"k": 1}, 1)
    one = {"low": None, "high": None, "n": 1, "bound": None}
    assert first["metrics"] == {"m": {"mean": 1.0} | one}
    assert second["differences"] == {"m": {"mean": 4.0} | one}
    assert json.loads(json.dumps(second)) == second


def test_groups_of_regularizers_are_named_as_the_command_line_writes_them(make: Make) -> None:
    r1, dragan = {"name": "r1", "weight": 0.1}, {"name": "dragan", "weight": 10.0}
    runs = [
        make("none", config(1), {"m": 1.0}),
        make("one", config(1, regularizer={"r1": r1}), {"m": 1.0}),
        make("two", config(1, regularizer={"r1": r1, "dragan": dragan}), {"m": 1.0}),
    ]
    groups = grouped([read(path) for path in runs])
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
        return [group.name for group in grouped([read(p) for p in runs])]

    one, both = "optimizer.generator.learning_rate", "optimizer.learning_rate"
    assert names((0.1, 0.1), (0.2, 0.2)) == [f"{both}=0.1", f"{both}=0.2"]
    assert names((0.1, 0.3), (0.2, 0.3)) == [f"{one}=0.1", f"{one}=0.2"]


def test_a_choice_of_both_optimizers_is_named_as_the_command_line_writes_it(make: Make) -> None:
    runs = [
        make(name, config(0, optimizer={"generator": one, "discriminator": one}), {})
        for name, one in {"sgd": {"name": "sgd"}, "adam": {"name": "adam", "b1": 0.5}}.items()
    ]
    groups = grouped([read(path) for path in runs])
    assert [group.name for group in groups] == ["optimizer=sgd", "optimizer=adam"]


def test_a_run_that_is_another_one_again_is_found(make: Make) -> None:
    losses, others = {"loss/generator": 1.0}, {"loss/generator": 2.0}
    first = make("first", config(0), losses | {"speed/steps_per_second": 10.0})
    again = make("again", config(0), losses | {"speed/steps_per_second": 20.0})
    seed, k = make("seed", config(1), losses), make("k", config(0, k=5), losses)
    other = make("other", config(0), others)
    found = repeated([read(path) for path in (first, again, seed, k, other)])
    assert found == {again: first}
