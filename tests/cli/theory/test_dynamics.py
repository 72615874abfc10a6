"""`gan theory dynamics`: the numbers, the table, the pictures, what it refuses."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from PIL import Image

from gan_cli.cli.theory.dynamics import DIVERGENCES, GAMES, METHODS
from gan_cli.component import REGISTRY
from gan_cli.objectives.f_divergences import ROWS
from gan_cli.theory.dirac_updates import UPDATES
from gan_cli.theory.dynamics import IMPOSSIBLE, KINKS
from gan_cli.theory.linear_dynamics import F_SLOPES, SLOPES

Command = Callable[..., Any]

COMMAND = ("theory", "dynamics")


def test_numbers_and_pictures(gan: Command) -> None:
    chosen = ("--method", "r1", "--method", "alternating", "--gamma", "0.5")
    result = gan(*COMMAND, *chosen, "--json")
    assert (result.status, result.err) == (0, "")
    found = json.loads(result.out)
    assert list(found) == ["r1", "alternating", "settings", "pictures"]
    r1, alternating = found["r1"], found["alternating"]
    assert sorted(r1["eigenvalues"]) == [
        pytest.approx([-0.25, sign * 0.4330127], abs=1e-7) for sign in (-1, 1)
    ]
    assert sorted(r1["automatic"]) == [
        pytest.approx(each, abs=1e-7) for each in sorted(r1["eigenvalues"])
    ]
    assert r1["measured"] == pytest.approx(r1["map"], abs=1e-9)
    assert alternating["eigenvalues"] is alternating["automatic"] is None
    assert alternating["map"] == pytest.approx(1, abs=1e-12)
    assert found["settings"]["gamma"] == 0.5
    names = ("dynamics", "dynamics_r1", "dynamics_alternating")
    assert found["pictures"] == [f"outputs/theory/{name}.png" for name in names]
    for path in found["pictures"]:
        with Image.open(path) as picture:
            assert picture.width > 800


def test_the_table_says_what_a_method_does(gan: Command) -> None:
    result = gan(*COMMAND, "--method", "r1")
    rows = result.out.splitlines()
    assert "r1 (gamma 1)  -0.5000 twice  -0.5000 twice  0.9500000  0.9500000" in result.out
    assert next(row for row in rows if row.startswith("r1 ")).endswith("converges")
    assert rows[-1] == "picture  outputs/theory/dynamics_r1.png"


def test_the_names_are_those_of_the_tables() -> None:
    assert tuple(UPDATES) == METHODS
    assert {*GAMES} == {*SLOPES, "f_gan", *KINKS}
    assert DIVERGENCES == tuple(F_SLOPES) == tuple(ROWS)
    assert {*GAMES, *IMPOSSIBLE} == {*REGISTRY["objective"]}


@pytest.mark.slow
def test_a_kink_is_told_of(gan: Command) -> None:
    result = gan(*COMMAND, "--method", "simultaneous", "--objective", "wgan_gp")
    assert result.status == 0
    assert "There is no Jacobian at the equilibrium, since its penalty" in result.out


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (
            ("--method", "ekstra_gradient"),
            "--method ekstra_gradient: there is no such method. Did you mean 'extra_gradient'? ",
        ),
        (("--step=-0.1",), "--step -0.1: must be above 0, and at most 1000."),
        (("--gamma", "nan"), "--gamma nan: must be at least 0, and at most 1000."),
        (("--unroll", "0"), "--unroll 0: must be at least 1, and at most 1000."),
        (
            ("--objective", "wgann"),
            "--objective wgann: there is no such objective. Did you mean 'wgan'? ",
        ),
        (
            ("--objective", "cramer"),
            "--objective cramer: its D gives a vector for each x, and the Dirac-GAN's D(x) = psi x "
            "gives one number. Valid: minimax, ",
        ),
        (
            ("--objective", "f_gan", "--divergence", "kll"),
            "--divergence kll: there is no such divergence. Did you mean 'kl'? ",
        ),
        (("--divergence", "kl"), "--divergence kl: is for --objective f_gan, not minimax."),
    ],
)
def test_bad_input_is_one_line(words: tuple[str, ...], sentence: str, gan: Command) -> None:
    status, out, err = gan(*COMMAND, *words)
    assert (status, out) == (2, "")
    assert err.startswith(f"gan: {sentence}")
    assert err.count("\n") == 1
