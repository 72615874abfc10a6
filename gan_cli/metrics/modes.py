"""Which modes of a known mixture the samples cover, and how evenly and narrowly."""

from collections.abc import Mapping
from typing import ClassVar

import numpy as np

from gan_cli.bounds import Size
from gan_cli.component import component
from gan_cli.datasets.base import Dataset
from gan_cli.datasets.mixture import Mixture
from gan_cli.metrics.base import (
    Direction,
    Interval,
    Limits,
    Metric,
    Numbers,
    Points,
    Reference,
    flat,
)

REACH = 3.0
"""How many standard deviations from its nearest mode a sample of high quality may be."""

FAIR = 0.2
"""The part of its fair share that a mode needs to be captured by the stricter rule."""


@component
class ModeCoverage(Metric):
    """The modes of a mixture that samples capture, and how well they keep its proportions.

    A sample is of high quality if it lies within 3 standard deviations of its nearest mode, as
    98.89 % of perfect samples in the plane do. A mode is captured if one such sample is nearest to
    it; `captured_fairly` asks for a fifth of the mode's own share of the samples. `reverse_kl` is
    KL(q, w) in nats, where q_i is the share of the high-quality samples that are nearest to mode i
    and w_i is the mode's weight; for N perfect samples of M modes it is about (M - 1) / 2N.
    `spread` is the mean over the captured modes of their samples' standard deviation over the true
    one, which is .974 for perfect samples in the plane, because the rule cuts the tails off.

    Two traps: one sample captures a mode by the published rule, so noise captures all of them; and
    `reverse_kl` looks at the samples of high quality alone, so it says little where they are few
    (`high_quality_samples`). Where there are none, it is that of a single mode.

    samples: how many samples are judged.

    Source: Lin, Khetan, Fanti and Oh 2018, "PacGAN: The power of two samples in generative
        adversarial networks", section 4.1; Srivastava et al. 2017, "VEEGAN", section 4.1.
    """

    name = "modes"
    better: ClassVar[Mapping[str, Direction]] = {
        "captured": "higher",
        "captured_fairly": "higher",
        "high_quality": "higher",
        "reverse_kl": "lower",
    }

    limits: ClassVar[Limits] = {
        "captured": (0, "of"),
        "captured_fairly": (0, "of"),
        "high_quality": (0, 1),
        "reverse_kl": (0, np.inf),
    }
    samples: Size = 2500

    def misfit(self, dataset: Dataset) -> str | None:
        return None if isinstance(dataset, Mixture) else "it needs a data set with known modes"

    def measure(self, samples: Points, reference: Reference) -> Numbers:
        assert isinstance(reference.dataset, Mixture)
        centres, std, weights = (np.asarray(part) for part in reference.dataset.modes())
        offsets = flat(samples)[:, None, :] - centres
        distances = np.linalg.norm(offsets, axis=2)
        nearest = distances.argmin(axis=1)
        rows = np.arange(len(samples))
        good = distances[rows, nearest] <= REACH * std[nearest]
        counts = np.bincount(nearest[good], minlength=len(weights))
        fair = FAIR * weights * len(samples)
        return {
            "captured": float((counts > 0).sum()),
            "captured_fairly": float((counts >= fair).sum()),
            "of": float(len(weights)),
            "high_quality": float(good.mean()),
            "high_quality_samples": float(good.sum()),
            "reverse_kl": kl(counts, weights),
            "spread": _spread(offsets[rows, nearest][good], nearest[good], std),
        }

    def verdict(self, values: Mapping[str, Interval], perfect: Mapping[str, float]) -> str:
        captured, of = int(values["captured_fairly"].value), int(values["of"].value)
        touched = int(values["captured"].value) - captured
        share = values["high_quality"].value
        if captured == of:
            modes = f"All {of} modes are there"
        elif captured == 0:
            modes = f"None of the {of} modes is there"
        else:
            missing = of - captured
            modes = f"{missing} of the {of} modes {'is' if missing == 1 else 'are'} missing"
        verb = "has" if touched == 1 else "have"
        few = f", of which {touched} {verb} a sample or a few," if touched > 0 else ","
        near = f"{share:.1%} of the samples lie near a mode"
        return (
            f"{modes} (a mode counts from a fifth of its share){few} and {near}, where "
            f"{perfect['high_quality']:.1%} of real data do."
        )

    def published(self, dataset: Dataset) -> list[str]:
        if not isinstance(dataset, Mixture):
            return []
        modes, std, _ = dataset.modes()
        rows = PACGAN.get((len(modes), round(float(std[0]), 4)), {})
        return [
            f"{name}: {captured} modes, {share:.1%} of high quality, reverse KL {kl} "
            "(PacGAN 2018, Table 1, mean of 10 runs)"
            for name, (captured, share, kl) in rows.items()
        ]


PACGAN: dict[tuple[int, float], dict[str, tuple[float, float, float]]] = {
    (8, 0.01): {
        "GAN": (6.3, 0.982, 0.45),
        "ALI": (6.6, 0.976, 0.36),
        "PacGAN2": (7.9, 0.956, 0.07),
        "PacGAN3": (7.8, 0.977, 0.10),
        "PacGAN4": (7.8, 0.959, 0.07),
    },
    (25, 0.05): {
        "GAN": (17.3, 0.948, 0.70),
        "ALI": (24.1, 0.957, 0.14),
        "PacGAN2": (23.8, 0.913, 0.13),
        "PacGAN3": (24.6, 0.942, 0.06),
        "PacGAN4": (24.8, 0.936, 0.04),
    },
}
"""Published modes, high-quality shares and reverse KL, by modes and their standard deviation."""


def kl(counts: np.ndarray, weights: np.ndarray) -> float:
    """KL(counts / sum, weights) in nats; of no samples at all, that of one mode alone."""
    if not counts.any():
        return float(-np.log(weights.min()))
    shares = counts / counts.sum()
    seen = shares > 0
    return float((shares[seen] * np.log(shares[seen] / weights[seen])).sum())


def _spread(offsets: np.ndarray, mode: np.ndarray, std: np.ndarray) -> float:
    """The mean, over modes with two samples or more, of their standard deviation over the true."""
    ratios = [
        np.sqrt((own - own.mean(axis=0)).var(axis=0, ddof=1).mean()) / std[i]
        for i in np.unique(mode)
        if len(own := offsets[mode == i]) > 1
    ]
    return float(np.mean(ratios)) if ratios else 0.0
