"""The words for divergences whose names in scalar tags are no words."""

from gan_cli.objectives.f_divergences import ROWS

WORDS = {
    **{row.measures: row.words for row in ROWS.values()},
    "jensen_shannon": "Jensen-Shannon divergence",
    "relativistic": "Jensen-Shannon divergence between pairs",
    "relativistic_average": "distance of the relativistic average game",
    "wasserstein_1": "Wasserstein-1 distance",
}


def in_words(divergence: str) -> str:
    """A divergence by its name in tags, such as "Jensen-Shannon divergence"."""
    return WORDS.get(divergence, divergence.replace("_", " "))
