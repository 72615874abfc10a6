"""Members share a program exactly when their structure is the same."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from jax.sharding import AbstractMesh

from gan_cli.config import Experiment
from gan_cli.errors import UsageError
from gan_cli.prepared import Prepared, prepare
from gan_cli.sweep.groups import Group, choose_form, divide, memory
from gan_cli.training.layout import Layout

Make = Callable[..., Experiment]


def mlp(**changes: Any) -> dict[str, Any]:
    widths = {"generator_widths": [16], "discriminator_widths": [16]}
    return {"name": "mlp", "latent": 3, **widths, **changes}


def adam(**changes: Any) -> dict[str, Any]:
    player = {"name": "adam", **changes}
    return {"generator": player, "discriminator": player}


def maxout(**changes: Any) -> dict[str, Any]:
    return {"name": "maxout", "latent": 3, **changes}


def grouped(*experiments: Experiment) -> list[list[int]]:
    problems = [prepare(experiment) for experiment in experiments]
    return [batch.numbers for batch in divide(problems, "auto", 64)]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({"seed": 0}, {"seed": 7}),
        ({"optimizer": adam(learning_rate=1e-3)}, {"optimizer": adam(learning_rate=0.5, b1=0.1)}),
        ({"dataset": {"name": "ring"}}, {"dataset": {"name": "ring", "std": 0.5, "radius": 3.0}}),
        (
            {"objective": {"name": "wgan_gp", "penalty": 10.0}},
            {"objective": {"name": "wgan_gp", "penalty": 1.0}},
        ),
        ({"checkpoints": {"keep": 1}}, {"checkpoints": {"keep": 5}}),
        ({"optimized_metric": "loss/generator"}, {"optimized_metric": "loss/discriminator"}),
    ],
)
def test_numbers_share_a_program(make: Make, one: Any, other: Any) -> None:
    assert grouped(make(**one), make(**other)) == [[0, 1]]


def test_members_that_divide_their_minibatches_train_each_by_itself(make: Make) -> None:
    layout = Layout(AbstractMesh((2,), ("examples",)))  # type: ignore[arg-type]
    pair = [prepare(make(seed=seed))._replace(layout=layout) for seed in (1, 2)]
    assert divide(pair, "auto", 64) == [Group([0, 1], 1, None)]


def test_members_that_may_be_rolled_back_train_each_by_itself(make: Make) -> None:
    members = [prepare(make(seed=seed, on_divergence="rollback")) for seed in (0, 1)]
    assert [group.form for group in divide(members, "auto", 64)] == [None]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (
            {"architecture": maxout(hidden_dropout=0.5)},
            {"architecture": maxout(hidden_dropout=0.2)},
        ),
        (
            {"architecture": mlp(generator_batch_norm=True, batch_norm_momentum=0.9)},
            {"architecture": mlp(generator_batch_norm=True, batch_norm_momentum=0.5)},
        ),
        ({"ema": 0.9}, {"ema": 0.99}),
        ({"objective": {"name": "minimax"}}, {"objective": {"name": "wgan"}}),
        ({"k": 1}, {"k": 2}),
        ({"batch_size": 8}, {"batch_size": 16}),
        ({"architecture": mlp()}, {"architecture": mlp(latent=4)}),
        ({"architecture": mlp()}, {"architecture": mlp(activation="tanh")}),
        ({"dataset": {"name": "ring"}}, {"dataset": {"name": "grid"}}),
        ({"dataset": {"name": "ring"}}, {"dataset": {"name": "ring", "count": 5}}),
        ({"optimizer": adam()}, {"optimizer": adam(schedule={"kind": "cosine"})}),
        ({"precision": "float32"}, {"precision": "bfloat16"}),
        ({"unroll": 0}, {"unroll": 1}),
        ({"steps": 100}, {"steps": 200}),
        ({"log_every": 1}, {"log_every": 2}),
        ({"samples": 4}, {"samples": 5}),
    ],
)
def test_structure_does_not(make: Make, one: Any, other: Any) -> None:
    """Above all a float that a module stores: lanes would silently share the first one's."""
    assert grouped(make(**one), make(**other)) == [[0], [1]]


def test_the_order_is_that_of_the_first_members(make: Make) -> None:
    members = [
        make(objective={"name": name}, seed=seed) for seed in range(2) for name in ("wgan", "hinge")
    ]
    assert grouped(*members) == [[0, 2], [1, 3]]


def test_a_finite_set_is_shared_only_by_those_that_see_the_same(make: Make, tmp_path: Path) -> None:
    np.save(tmp_path / "a.npy", np.random.default_rng(0).normal(size=(50, 2)).astype("float32"))
    np.save(tmp_path / "b.npy", np.random.default_rng(1).normal(size=(50, 2)).astype("float32"))
    of = {name: {"name": "array", "path": str(tmp_path / f"{name}.npy")} for name in ("a", "b")}
    members = [make(dataset=of["a"]), make(dataset=of["b"]), make(dataset=of["a"], seed=1)]
    assert grouped(*members) == [[0, 2], [1]]


def test_what_is_fed_from_disk_trains_one_after_another(
    make: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    members = [make(dataset={"name": "digits"}, seed=seed) for seed in range(2)]
    problems = [prepare(member) for member in members]
    assert not problems[0].stays_on_disk
    assert divide(problems, "auto", 64) == [Group([0, 1], 2, "vmap")]
    monkeypatch.setattr(Prepared, "stays_on_disk", True)
    assert divide(problems, "auto", 64) == [Group([0, 1], 1, None)]


@pytest.mark.parametrize(
    ("members", "max_lanes", "sizes"),
    [(2, 64, [2]), (5, 5, [5]), (5, 4, [3, 2]), (5, 2, [2, 2, 1]), (3, 1, [1, 1, 1])],
)
def test_a_group_larger_than_max_lanes_is_cut_into_programs_of_one_size(
    make: Make, members: int, max_lanes: int, sizes: list[int]
) -> None:
    problems = [prepare(make())] * members
    found = divide(problems, "auto", max_lanes)
    assert [len(batch.numbers) for batch in found] == sizes
    assert [number for batch in found for number in batch.numbers] == list(range(members))
    assert {batch.lanes for batch in found} == {sizes[0]}, "one program serves all of them"
    assert {batch.form for batch in found} == {"vmap"}


@pytest.mark.parametrize(
    ("max_lanes", "expected"),
    [(64, ("spread", 5, 8)), (7, ("spread", 3, 4)), (3, ("vmap", 3, 3))],
)
def test_lanes_spread_over_four_devices_stay_within_max_lanes(
    make: Make, monkeypatch: pytest.MonkeyPatch, max_lanes: int, expected: Any
) -> None:
    monkeypatch.setattr("gan_cli.sweep.groups.peers", lambda problem: [problem.device] * 4)
    problems = [prepare(make())] * 5
    first = divide(problems, "auto", max_lanes)[0]
    assert (first.form, len(first.numbers), first.lanes) == expected
    assert first.lanes <= max_lanes
    with pytest.raises(
        UsageError,
        match=r"hydra.launcher.max_lanes=3: to spread over 4 devices takes at least 4 lanes\. "
        r"Raise it, or choose hydra.launcher.mode=vmap\.",
    ):
        divide(problems, "spread", 3)


def test_the_form(make: Make) -> None:
    """Convolutions in turn on a CPU; what the user says goes before."""
    dense = prepare(make())
    images = prepare(make(dataset={"name": "digits"}, architecture={"name": "dcgan"}))
    assert [choose_form(each) for each in (dense, images)] == ["vmap", "loop"]
    assert [batch.form for batch in divide([dense, dense], "loop", 64)] == ["loop"]
    assert [batch.form for batch in divide([dense, dense], "spread", 64)] == ["spread"]


def test_what_cannot_be(make: Make) -> None:
    with pytest.raises(
        UsageError, match=r"mode=vmpa: not a choice\. Did you mean 'vmap'\? Valid: "
    ):
        divide([prepare(make())], "vmpa", 64)
    with pytest.raises(UsageError, match=r"hydra.launcher.max_lanes=0: must be at least 1\."):
        divide([prepare(make())], "auto", 0)


def test_memory_grows_by_a_state_and_more_a_lane(make: Make) -> None:
    problem = prepare(make())
    state = sum(leaf.size * leaf.dtype.itemsize for leaf in _leaves(problem.abstract))
    sizes = [memory(problem, Group(list(range(n)), n, "vmap")) for n in (2, 4, 8)]
    assert state < (sizes[1] - sizes[0]) / 2 < 40 * state
    assert sizes[2] - sizes[1] == pytest.approx(2 * (sizes[1] - sizes[0]), rel=0.1)


def _leaves(tree: Any) -> list[Any]:
    import jax

    return jax.tree.leaves(tree)
