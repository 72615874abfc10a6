"""What a table chose, in one line."""

import pytest

from gan_cli.tuned.table import Row
from gan_cli.tuned.words import in_words

FIRST, FOURTH = (Row("conf/tuned.yaml", number, {}, {}) for number in (1, 4))
OWN = Row("mine/tuned.yaml", 2, {}, {})
G, D = "optimizer.generator.learning_rate", "optimizer.discriminator.learning_rate"


@pytest.mark.parametrize(
    ("settings", "left_out", "rows", "told"),
    [
        ({}, [], [], ""),
        ({"architecture.latent": 8}, [], [FIRST], "latent 8 (conf/tuned.yaml, row 1)"),
        (
            {G: 0.001, "batch_size": 256, D: 0.001},
            [],
            [FOURTH, FIRST, FOURTH],
            "learning rate 0.001, batch size 256 (conf/tuned.yaml, rows 1 and 4)",
        ),
        (
            {G: 1e-4, D: 0.002},
            [],
            [FIRST, OWN],
            "generator learning rate 0.0001, discriminator learning rate 0.002 "
            "(conf/tuned.yaml, row 1; mine/tuned.yaml, row 2)",
        ),
        (
            {"architecture.generator_widths": [64, 64], "x.on": True},
            [],
            [FIRST],
            "generator widths [64, 64], on true (conf/tuned.yaml, row 1)",
        ),
        (
            {"regularizer": {"r1": {"weight": 0.1, "every": 16}, "r2": {}}},
            [],
            [FOURTH],
            "r1 weight 0.1 every 16, r2 (conf/tuned.yaml, row 4)",
        ),
        (
            {"regularizer": {"r1": {"weight": 0.2, "schedule": {"kind": "cosine", "end": 0.02}}}},
            [],
            [FOURTH],
            "r1 weight 0.2 schedule cosine schedule end 0.02 (conf/tuned.yaml, row 4)",
        ),
        ({"regularizer": {}}, [], [FOURTH], "no regularizer (conf/tuned.yaml, row 4)"),
        ({}, ["optimizer.generator.b1", "optimizer.discriminator.b1"], [], "left out b1"),
        (
            {"ema": 0},
            ["regularizer.r1", "a.b1", "k"],
            [FIRST],
            "ema 0 (conf/tuned.yaml, row 1), left out r1, b1 and k",
        ),
    ],
)
def test_one_line(settings, left_out, rows, told):
    assert in_words(settings, left_out, rows) == told
