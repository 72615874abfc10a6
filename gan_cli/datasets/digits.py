"""The UCI digits, which this package carries."""

from pathlib import Path

import numpy as np

from gan_cli.component import component
from gan_cli.datasets.base import FiniteDataset, Split, SplitName
from gan_cli.datasets.partition import part

VALIDATION = 200
TEST = 200


@component
class Digits(FiniteDataset):
    """1,797 real handwritten digits of 8 x 8 pixels in grey, carried in this package.

    Each pixel counts the ink in a 4 x 4 block of the scan: 0 (none) to 16 (all of it). The labels
    are the digits. The values and their order are those of the published test set (optdigits.tes);
    only the file format differs. Licence: CC BY 4.0, https://creativecommons.org/licenses/by/4.0/.

    Source: Alpaydin and Kaynak 1998, "Optical Recognition of Handwritten Digits", UCI Machine
        Learning Repository, https://doi.org/10.24432/C50P49.
    """

    name = "digits"

    @property
    def shape(self) -> tuple[int, ...]:
        return (8, 8, 1)

    @property
    def levels(self) -> int:
        return 16

    @property
    def classes(self) -> int:
        return 10

    def split(self, name: SplitName) -> Split:
        with np.load(Path(__file__).with_name("digits.npz")) as arrays:
            images, labels = arrays["images"], arrays["labels"]
        rows = part(name, len(images), VALIDATION, TEST)
        return Split(images[rows, :, :, None], labels[rows].astype(np.int32))
