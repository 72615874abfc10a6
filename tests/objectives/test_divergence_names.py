"""Divergences in words."""

import pytest

from gan_cli.objectives.divergence_names import in_words


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("jensen_shannon", "Jensen-Shannon divergence"),
        ("twice_jensen_shannon", "Jensen-Shannon divergence, twice"),
        ("pearson", "Pearson chi-squared divergence"),
        ("wasserstein_1", "Wasserstein-1 distance"),
        ("triangular_discrimination", "triangular discrimination"),
        ("energy_of_outputs", "energy of outputs"),
    ],
)
def test_a_name_in_tags_has_words(name: str, words: str) -> None:
    assert in_words(name) == words
