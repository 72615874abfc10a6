"""MNIST."""

from gan_cli.component import component
from gan_cli.datasets.idx_images import IdxImages, published


@component
class Mnist(IdxImages):
    """Handwritten digits of NIST employees and school pupils: ten classes, 28 x 28 pixels, grey.

    The labels are the digits.

    Source: LeCun, Bottou, Bengio and Haffner 1998, "Gradient-Based Learning Applied to Document
        Recognition"; http://yann.lecun.com/exdb/mnist/.
    """

    name = "mnist"
    files = published(
        (9_912_422, "440fcabf73cc546fa21475e81ea370265605f56be210a4024d2ca8f203523609"),
        (28_881, "3552534a0a558bbed6aed32b30c495cca23d567ec52cac8be1a0730e8010255c"),
        (1_648_877, "8d422c7b0a1c1c79245a5bcf07fe86e33eeafee792b84584aec276f5a2dbc4e6"),
        (4_542, "f7ae60f92e00ec6debd23a6088c31dbd2371eca3ffa0defaefb259924204aec6"),
    )
    mirrors = (
        "https://storage.googleapis.com/cvdf-datasets/mnist/",
        "https://ossci-datasets.s3.amazonaws.com/mnist/",
        "https://raw.githubusercontent.com/fgnt/mnist/master/",
    )
