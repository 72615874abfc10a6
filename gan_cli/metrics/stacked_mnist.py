"""Which of the thousand modes of stacked MNIST the samples capture, and how evenly."""

from collections.abc import Callable, Mapping
from typing import ClassVar

import numpy as np

from gan_cli.bounds import Size
from gan_cli.component import component
from gan_cli.datasets.base import Dataset
from gan_cli.datasets.stacked_mnist import StackedMnist
from gan_cli.metrics.base import (
    Compared,
    Direction,
    Interval,
    Limits,
    Metric,
    Numbers,
    Points,
    Reference,
    Rows,
)
from gan_cli.metrics.modes import kl


@component
class StackedModes(Metric):
    """The modes of stacked MNIST that samples capture, as a classifier of digits tells them.

    The mode of a sample is the most probable digit of each of its channels. `reverse_kl` is
    KL(q, u) in nats, where q are the modes' shares of the samples and u is uniform. For N perfect
    samples it is about 999 / 2N, which is .0192 for 26,000, and some more since MNIST's digits are
    not equally common.

    A trap: the classifier answers noise too, so noise captures modes.

    samples: how many samples are judged.

    Source: Srivastava et al. 2017, "VEEGAN", section 4.2; Lin, Khetan, Fanti and Oh 2018, "PacGAN:
        The power of two samples in generative adversarial networks", section 4.2.
    """

    name = "stacked_mnist"
    better: ClassVar[Mapping[str, Direction]] = {"captured": "higher", "reverse_kl": "lower"}
    compares: ClassVar[Compared] = "probabilities"

    limits: ClassVar[Limits] = {
        "captured": (0, "of"),
        "reverse_kl": (0, np.inf),
    }
    samples: Size = 26_000

    def misfit(self, dataset: Dataset) -> str | None:
        stacked = isinstance(dataset, StackedMnist)
        return None if stacked else "it needs dataset=stacked_mnist"

    def measure(self, samples: Points, reference: Reference) -> Numbers:
        return self.among(samples, reference)(np.arange(len(samples)))

    def among(self, samples: Points, reference: Reference) -> Callable[[Rows], Numbers]:
        modes, of = samples.argmax(axis=1), samples.shape[1]

        def measure(rows: Rows) -> Numbers:
            counts = np.bincount(modes[rows], minlength=of)
            return {
                "captured": float((counts > 0).sum()),
                "of": float(of),
                "reverse_kl": kl(counts, np.full(of, 1 / of)),
            }

        return measure

    def verdict(self, values: Mapping[str, Interval], perfect: Mapping[str, float]) -> str:
        captured, of = (int(values[name].value) for name in ("captured", "of"))
        return (
            f"{captured:,} of the {of:,} modes are there, and their shares are "
            f"{values['reverse_kl'].value:.3g} nats from equal ({perfect['reverse_kl']:.3g} for "
            "real data)."
        )

    def published(self, dataset: Dataset) -> list[str]:
        return [f"{name}: {modes:g} modes, KL {nats}" for name, (modes, nats) in PUBLISHED.items()]


PUBLISHED: dict[str, tuple[float, float]] = {
    "DCGAN (PacGAN 2018)": (99, 3.40),
    "Unrolled GAN (PacGAN 2018)": (48.7, 4.32),
    "VEEGAN (Srivastava et al. 2017)": (150, 2.95),
    "PacGAN2 (Lin et al. 2018)": (1000, 0.06),
    "WGAN-GP": (959, 0.73),
    "StyleGAN2": (940, 0.42),
    "PresGAN": (1000, 0.12),
    "DDGAN": (1000, 0.071),
    "MEG": (1000, 0.031),
    "R3GAN (Huang et al. 2024)": (1000, 0.029),
}
"""Published modes and KL to uniform, with 26,000 samples and each paper's own classifier."""
