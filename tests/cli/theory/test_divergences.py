"""`gan theory divergences`: the numbers, the table, the picture, what it refuses."""

import json
import math
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any, get_args

import numpy as np
import pytest
from PIL import Image

from gan_cli.cli.theory.divergences import ESTIMATORS, SHAPES
from gan_cli.divergences.comparison import NAMES
from gan_cli.divergences.kernels import Shape
from gan_cli.theory.sampled_mmd import Estimator

Command = Callable[..., Any]

WIDTHS = (
    "must be a number from 1e-50 to 1e50. For several widths give the option several times: "
    "--bandwidth 1 --bandwidth 2"
)


def found(gan: Command, p: str, q: str) -> dict[str, Any]:
    status, out, err = gan("theory", "divergences", "--p", p, "--q", q, "--json")
    assert (status, err) == (0, "")
    numbers: dict[str, Any] = json.loads(out)
    return numbers


def test_normals_have_their_closed_forms(gan: Command) -> None:
    numbers = found(gan, "normal(0,1)", "normal(1,2)")
    shown = ("errors", "logarithms", "best_losses", "kernel", "mmd_of_samples", "pictures")
    assert list(numbers) == ["p", "q", *NAMES, *shown]
    assert (numbers["p"], numbers["q"]) == ("normal(0,1)", "normal(1,2)")
    assert tuple(numbers["errors"]) == NAMES
    assert all(0 <= error < 1e-9 for error in numbers["errors"].values())
    np.testing.assert_allclose(numbers["kl_pq"], math.log(2) + (1 + 1) / 8 - 0.5)
    np.testing.assert_allclose(numbers["kl_qp"], -math.log(2) + (4 + 1) / 2 - 0.5)
    np.testing.assert_allclose(numbers["wasserstein_2"], math.sqrt(1 + 1))
    with Image.open(numbers["pictures"][0]) as picture:
        assert (picture.format, picture.size) == ("PNG", (1650, 1237))


BERN = ("discrete(.5,.5)", "discrete(.1,.9)")
GAUSS = ("normal(0,1)", "normal(1,1)")


@pytest.mark.parametrize(
    ("pair", "known", "losses"),
    [
        (
            BERN,
            {
                "squared_hellinger": 0.2111456,
                "pearson": 1.7777778,
                "neyman": 0.64,
                "fisher": 0.8728716,
                "relativistic": 0.1840321,
            },
            {"relativistic": 0.5091151, "hinge": 1.2, "least_squares": 0.2023810},
        ),
        (
            GAUSS,
            {
                "squared_hellinger": 0.2350062,
                "pearson": 1.7182818,
                "neyman": 1.7182818,
                "fisher": 0.9034473,
                "relativistic": 0.2013455,
                "energy": 0.5418066,
                "mmd": 0.1772676,
            },
            {"relativistic": 0.4918017, "hinge": 1.2341502, "least_squares": 0.1989864},
        ),
    ],
    ids=["masses", "densities"],
)
def test_the_numbers_of_the_catalogue(
    pair: tuple[str, str], known: dict[str, float], losses: dict[str, float], gan: Command
) -> None:
    numbers = found(gan, *pair)
    for name, value in known.items():
        assert numbers[name] == pytest.approx(value, abs=6e-8), name
    for name, value in losses.items():
        assert numbers["best_losses"][name] == pytest.approx(value, abs=6e-8), name


def test_infinity_is_the_string_inf(gan: Command) -> None:
    numbers = found(gan, "uniform(0,1)", "uniform(0,2)")
    np.testing.assert_allclose(numbers["kl_pq"], math.log(2))
    assert numbers["kl_qp"] == "inf"
    np.testing.assert_allclose(numbers["wasserstein_1"], 0.5)


def test_discrete_distributions_are_compared_too(gan: Command) -> None:
    numbers = found(gan, "discrete(.5,.5)", "discrete(.9,.1)")
    np.testing.assert_allclose(numbers["kl_pq"], 0.5 * math.log(0.5 / 0.9) + 0.5 * math.log(5))
    np.testing.assert_allclose(numbers["total_variation"], 0.4)
    np.testing.assert_allclose(numbers["wasserstein_1"], 0.4)


def test_a_density_and_masses_share_nothing(gan: Command) -> None:
    numbers = found(gan, "discrete(1)", "normal(0,1)")
    assert (numbers["kl_pq"], numbers["kl_qp"], numbers["total_variation"]) == ("inf", "inf", 1)
    np.testing.assert_allclose(numbers["js"], math.log(2))
    np.testing.assert_allclose(numbers["wasserstein_1"], math.sqrt(2 / math.pi))


def test_the_table_has_both_directions_their_error_and_why_one_is_infinite(gan: Command) -> None:
    status, out, err = gan(
        "theory", "divergences", "--p", "discrete(.5,.5)", "--q", "discrete(1)", "--out", "here"
    )
    assert (status, err) == (0, "")
    assert out == (
        "p = discrete(.5,.5)\n"
        "q = discrete(1)\n"
        "\n"
        "                     p || q    q || p  within\n"
        "KL                      inf  0.693147  exact   nats\n"
        "JS                 0.215762  0.215762  exact   nats, at most log 2 = 0.693147\n"
        "total variation         0.5       0.5  exact   at most 1\n"
        "squared Hellinger  0.585786  0.585786  exact   at most 2\n"
        "chi^2 (Pearson)         inf         1  exact   Neyman's has p and q swapped\n"
        "Fisher               1.1547    1.1547  exact   at most 2\n"
        "relativistic gap   0.346574  0.346574  exact   nats, at most log 2\n"
        "energy (Cramer)         0.5       0.5  exact   2 integral (F - G)^2, units of x\n"
        "MMD^2              0.196735  0.196735  exact   gaussian kernel of width 1\n"
        "W_1                     0.5       0.5  exact   units of x\n"
        "W_2                0.707107  0.707107  exact   units of x\n"
        "\n"
        "The best D's loss: minimax 0.954771, least squares 0.166667, hinge 1, relativistic "
        "0.346574.\n"
        "KL and chi^2(p || q) are infinite: p has mass where q has none.\n"
        "picture  here/divergences.png\n"
    )
    assert Path("here/divergences.png").is_file()


def test_small_and_large_numbers_keep_their_digits(gan: Command) -> None:
    small = gan("theory", "divergences", "--p", "normal(0,1)", "--q", "normal(1e-5,1)").out
    assert re.search(r"^KL +5e-11 +5e-11 +1e-15 +nats$", small, re.MULTILINE)
    large = gan("theory", "divergences", "--p", "normal(0,1)", "--q", "normal(1e48,1e40)").out
    assert re.search(r"^KL +5e\+15 +5e\+95 +2e\+88 +nats$", large, re.MULTILINE)
    assert max(map(len, large.splitlines())) < 105


def test_it_needs_no_arguments(gan: Command) -> None:
    status, out, _ = gan("theory", "divergences")
    assert status == 0
    assert out.endswith("picture  outputs/theory/divergences.png\n")


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (
            "normal(0,-1)",
            "--q 'normal(0,-1)': normal, character 10: std must be above 0, and is -1.",
        ),
        (
            "normal(0,1",
            "--q 'normal(0,1': character 7: '(' was never closed; write it as in normal(MEAN, "
            "STD).",
        ),
    ],
)
def test_a_text_that_is_no_distribution_is_one_sentence(
    text: str, sentence: str, gan: Command, empty: Path
) -> None:
    assert gan("theory", "divergences", "--q", text) == (2, "", f"gan: {sentence}\n")
    assert not list(empty.iterdir())


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("--kernel", "gausian"), "--kernel gausian: there is no such kernel. Did you mean 'gau"),
        (("--bandwidth", "0"), f"--bandwidth 0: {WIDTHS}"),
        (
            ("--bandwidth", "1,2"),
            "--bandwidth 1,2: each is an option of its own: gan theory divergences --bandwidth 1 "
            "--bandwidth 2",
        ),
        (
            ("--samples", "50"),
            "--samples 50 goes with --estimator, which says what is estimated from them: "
            "--estimator unbiased --samples 50",
        ),
        (("--bandwidth", "nan"), f"--bandwidth nan: {WIDTHS}"),
        (("--estimator", "biasd"), "--estimator biasd: there is no such estimator. Did you mean"),
        (
            ("--p", "normal([0,0],[[1,0],[0,1]])"),
            "--p 'normal([0,0],[[1,0],[0,1]])': distributions lie on the line here, and character 8"
            " begins a list: write normal(MEAN, STD) with numbers.",
        ),
    ],
    ids=["kernel", "no-width", "two-widths", "no-estimator", "nan", "estimator", "plane"],
)
def test_bad_input_is_one_line(words: tuple[str, ...], sentence: str, gan: Command) -> None:
    status, out, err = gan("theory", "divergences", *words)
    assert (status, out) == (2, "")
    assert err.startswith(f"gan: {sentence}")
    assert err.count("\n") == 1


def test_what_float64_does_not_hold_is_told_by_its_logarithm(gan: Command) -> None:
    """chi^2 of N(0, 1) from N(100, 2) is e^(10,000 / 7) but for a factor; back it is infinite."""
    out = gan("theory", "divergences", "--p", "normal(0,1)", "--q", "normal(100,2)").out
    assert re.search(r"^chi\^2 \(Pearson\) +e\^1428\.98 +inf ", out, re.MULTILINE)
    assert "chi^2(p || q) is finite, e^1428.98" in out
    assert "chi^2(q || p) is infinite: the tails of q are wider than those of p" in out


def test_every_kernel_and_estimator_can_be_chosen() -> None:
    assert get_args(Shape) == SHAPES
    assert get_args(Estimator) == ESTIMATORS


def test_the_kernel_and_the_estimator_are_chosen(gan: Command) -> None:
    kernel = ("--kernel", "laplace", "--bandwidth", ".5", "--bandwidth", "2")
    pair = ("--p", "discrete(.5,.5)", "--q", "discrete(.1,.9)")
    result = gan("theory", "divergences", *pair, *kernel, "--estimator", "biased", "--json")
    numbers = json.loads(result.out)
    similar = (math.exp(-2) + math.exp(-1 / 2)) / 2
    exact = 2 * 0.4**2 * (1 - similar)
    assert numbers["kernel"] == {"shape": "laplace", "widths": [0.5, 2]}
    assert numbers["mmd"] == pytest.approx(exact)
    told = numbers["mmd_of_samples"]
    own = 2 - (0.5 + 0.5 * similar) - (0.82 + 0.18 * similar)
    assert told["expected"] == pytest.approx(exact + own / 200)
    assert abs(told["mean"] - told["expected"]) < 4 * told["standard_error"]


def test_a_folder_that_cannot_be_written_is_one_sentence(gan: Command, empty: Path) -> None:
    (empty / "file").touch()
    status, out, err = gan("theory", "divergences", "--out", "file")
    assert (status, out) == (2, "")
    assert err == (
        "gan: nothing can be written into file: file is not a folder. "
        "Choose another folder with --out DIR.\n"
    )


@pytest.mark.parametrize(
    ("words", "meant"),
    [
        (["normal(0,1)", "normal(1, 1)"], "--p 'normal(0,1)' --q 'normal(1, 1)'"),
        (["--p", "normal(0,1)", "normal(1,1)"], "--p 'normal(0,1)' --q 'normal(1,1)'"),
        (["q=uniform(0,1)", "seed=3"], "--q 'uniform(0,1)' --seed 3"),
    ],
)
def test_distributions_without_their_options(gan: Command, words: list[str], meant: str) -> None:
    command = "gan theory divergences"
    told = f"gan: {command} takes options alone: {command} {meant}\n"
    assert gan("theory", "divergences", *words) == (2, "", told)


def test_what_stands_for_no_option_is_not_guessed(gan: Command) -> None:
    status, out, err = gan("theory", "divergences", "a", "b", "c")
    assert (status, out) == (2, "")
    assert err.endswith("'gan theory divergences --help' tells more.\n")
