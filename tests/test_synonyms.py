"""Words from elsewhere, and the names that they stand for here."""

import pytest

from gan_cli.synonyms import closest


@pytest.mark.parametrize(
    ("word", "names", "name"),
    [
        ("8gaussians", ["gaussian", "grid", "ring"], "ring"),
        ("25gaussians", ["gaussian", "grid", "ring"], "grid"),
        ("gaussian", ["gaussian", "grid", "ring"], "gaussian"),
        ("gaussian", ["normal", "uniform"], "normal"),
        ("N", ["normal", "uniform"], "normal"),
        ("bernoulli", ["discrete", "normal"], "discrete"),
        ("rbf", ["gaussian", "laplace"], "gaussian"),
        ("loss", ["loss/discriminator/objective", "loss/generator"], "loss/generator"),
        ("js", ["truth/jensen_shannon", "truth/kl"], "truth/jensen_shannon"),
    ],
)
def test_what_a_word_stands_for(word: str, names: list[str], name: str) -> None:
    assert closest(word, names) == name
